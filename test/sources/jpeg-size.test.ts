import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { jpegSize } from "../../src/sources/jpeg-size.ts";

/** More tolerant decoders read some of these; the guard drops them. */
const BROKEN = [
  "table-with-bad-e1.jpg",
  "junk_jpeg_header.jpg",
  "photoshop-200dpi-broken.jpg",
  "truncated_app14.jpg",
];

const SUITES = ["jpeg-js", "pillow"].map((suite) => resolve("../shared/data/suites", suite));
const files = SUITES.filter((dir) => existsSync(dir)).flatMap((dir) =>
  readdirSync(dir)
    .filter((name) => name.endsWith(".jpg"))
    .map((name) => [name, join(dir, name)]),
);

test.skipIf(files.length === 0)("JPEG suites of others are there", () => {
  expect(files.length).toBeGreaterThan(60);
});

test.each(files)("%s has the size that another decoder sees, or is broken", async (_, path) => {
  const data = readFileSync(path);
  const theirs = await sharp(data)
    .metadata()
    .then(
      ({ width, height }) => ({ kind: "size", width, height }),
      () => undefined,
    );
  const ours = jpegSize(data);
  expect(ours.kind === "broken" ? theirs : ours).toEqual(theirs ?? ours);
});

test.skipIf(files.length === 0)(
  "the broken ones have junk between their segments, or are cut off within them",
  () => {
    const broken = files.filter(
      ([, path]) => path !== undefined && jpegSize(readFileSync(path)).kind === "broken",
    );
    expect(broken.map(([name]) => name)).toEqual(BROKEN);
  },
);

const SOF = [0xff, 0xc0, 0, 11, 8, 0, 3, 0, 2, 1, 1, 0x11, 0];

test.each<[string, readonly number[], string]>([
  ["no start", [0xff, 0xd9], "it does not begin as a JPEG"],
  ["nothing else", [0xff, 0xd8], "no marker at byte 2"],
  ["no marker", [0xff, 0xd8, 0x00], "no marker at byte 2"],
  [
    "a segment shorter than its length field",
    [0xff, 0xd8, 0xff, 0xe0, 0, 1, ...SOF],
    "a segment at byte 3 is shorter than its own length field",
  ],
  ["a segment beyond the end", [0xff, 0xd8, 0xff, 0xe0, 0, 90, ...SOF], "it is cut off"],
  [
    "image data before the size",
    [0xff, 0xd8, 0xff, 0xda, 0, 2, ...SOF],
    "no frame header before the image data",
  ],
  ["a wrong number of components", [0xff, 0xd8, ...SOF.with(9, 3)], "its frame header is damaged"],
])("with %s is broken", (_, bytes, reason) => {
  expect(jpegSize(Uint8Array.from(bytes))).toEqual({ kind: "broken", reason });
});

test("fill bytes before a marker, and tables before the size, are passed over", () => {
  const bytes = [0xff, 0xd8, 0xff, 0xff, 0xff, 0xc4, 0, 3, 9, ...SOF];
  expect(jpegSize(Uint8Array.from(bytes))).toEqual({ kind: "size", width: 2, height: 3 });
});
