import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import type { Random } from "../../src/core/random.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import { FRAME_FORMATS } from "../../src/sources/frame.ts";
import { find, frameOf, joinBytes, noise, segment } from "./frames.ts";
import type { Bytes } from "./frames.ts";

const RUNS = process.env["SLOW"] === undefined ? 300 : 20_000;
const SUITES = resolve(import.meta.dirname, "../../../shared/data/suites");
const SIZE = { width: 96, height: 64 };
// Far more than any of these small files takes; a hang would be forever.
const AT_MOST_MS = 2000;
const seeds: Bytes[] = [];

beforeAll(async () => {
  const image = sharp(noise(96 * 64 * 3, seededRandom(1)), { raw: { ...SIZE, channels: 3 } });
  for (const options of [{}, { progressive: true }, { chromaSubsampling: "4:4:4" }]) {
    seeds.push(new Uint8Array(await image.clone().jpeg(options).toBuffer()));
  }
});

/** A byte changed, bytes cut out, doubled or overwritten with markers; once or several times. */
function mutate(data: Bytes, random: Random): Bytes {
  let out = data;
  for (let times = 1 + Math.floor(random() * 4); times > 0; times--) {
    const at = Math.floor(random() * out.length);
    const length = Math.floor(random() * 12);
    const kind = Math.floor(random() * 5);
    const middle = [
      [random() * 256],
      [],
      [...out.subarray(at, at + length), ...out.subarray(at, at + length)],
      [0xff, 0xc0 + random() * 64],
      Array.from({ length }, () => random() * 256),
    ][kind];
    out = joinBytes(out.subarray(0, at), middle ?? [], out.subarray(at + (kind === 2 ? 0 : length)));
  }
  return out;
}

/** Milliseconds that it took. */
async function survive(data: Bytes, size: { width: number; height: number }): Promise<number> {
  const redactor = createRedactor({ maxPixels: 1e6 });
  const startMs = performance.now();
  const frame = frameOf("jpeg", size, data);
  for (const result of [await redactor.release(frame), await redactor.blur(frame)]) {
    expect(result.ok || result.detail.length > 0).toBe(true);
    // A picture that came through is a whole one, to another decoder too.
    if (result.ok && result.informationBits !== null)
      await sharp(result.frame.data, { failOn: "warning" }).stats();
  }
  return performance.now() - startMs;
}

test("a damaged JPEG never crashes, hangs or gives a damaged picture", async () => {
  const property = fc.asyncProperty(fc.nat(), fc.nat({ max: 2 }), async (seed, which) => {
    const damaged = mutate(seeds[which] ?? new Uint8Array(0), seededRandom(seed));
    expect(await survive(damaged, SIZE)).toBeLessThan(AT_MOST_MS);
  });
  await fc.assert(property, { numRuns: RUNS });
});

describe.skipIf(!existsSync(SUITES))(`damaged files of others (${SUITES})`, () => {
  const files = existsSync(SUITES)
    ? readdirSync(SUITES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jpg"))
    : [];

  test.each(files)("%s", async (name) => {
    const data = new Uint8Array(readFileSync(join(SUITES, name)));
    if (data.length > 150_000) return;
    const { width, height } = await sharp(data)
      .metadata()
      .catch(() => SIZE);
    const random = seededRandom(data.length);
    for (let i = 0; i < (process.env["SLOW"] === undefined ? 2 : 200); i++) {
      expect(await survive(mutate(data, random), { width, height })).toBeLessThan(AT_MOST_MS);
    }
  });
});

test("bytes that are nothing are refused in every format, or are a picture of that size", async () => {
  const property = fc.asyncProperty(
    fc.constantFrom(...FRAME_FORMATS),
    fc.uint8Array({ maxLength: 400 }),
    fc.integer({ min: 1, max: 40 }),
    fc.integer({ min: 1, max: 40 }),
    fc.option(fc.integer({ min: 1, max: 200 }), { nil: undefined }),
    async (format, bytes, width, height, strideBytes) => {
      const size = strideBytes === undefined ? { width, height } : { width, height, strideBytes };
      const frame = frameOf(format, size, Uint8Array.from(bytes));
      for (const codedVideo of ["drop", "grey"] as const) {
        const redactor = createRedactor({ codedVideo });
        for (const result of [await redactor.release(frame), await redactor.blur(frame)]) {
          expect(typeof result.ok).toBe("boolean");
        }
      }
    },
  );
  await fc.assert(property, { numRuns: RUNS });
});

test.each([
  ["a small file of huge size", 65_535, 65_535],
  ["a file just over the policy's size", 8192, 8193],
])("%s is refused without the memory for it", (_, width, height) => {
  const jpeg = seeds[0] ?? new Uint8Array(0);
  const frameHeader = find(jpeg, Uint8Array.of(0xff, 0xc0));
  const hostile = jpeg.slice();
  hostile.set([height >> 8, height & 0xff, width >> 8, width & 0xff], frameHeader + 5);
  const before = process.memoryUsage().rss;
  const startMs = performance.now();
  const frame = frameOf("jpeg", { width, height }, hostile);
  expect(createRedactor().blur(frame)).toMatchObject({
    ok: false,
    detail: expect.stringContaining("policy's 67108864"),
  });
  expect(performance.now() - startMs).toBeLessThan(500);
  expect(process.memoryUsage().rss - before).toBeLessThan(100e6);
});

test("a raw frame of huge size is refused without the memory for it", () => {
  const frame = frameOf("rgba", { width: 65_535, height: 65_535, strideBytes: 1e9 }, new Uint8Array(100));
  expect(createRedactor().blur(frame)).toMatchObject({ ok: false });
  expect(createRedactor().release(frame)).toMatchObject({ ok: false });
});

test.each([
  ["comments", (): Bytes => joinBytes(...Array.from({ length: 2000 }, () => segment(0xfe, [1])))],
  [
    "scans",
    (jpeg: Bytes): Bytes =>
      joinBytes(...Array.from({ length: 100 }, () => jpeg.subarray(find(jpeg, SOS), -2))),
  ],
])("a file of thousands of %s is refused", (_, many) => {
  const jpeg = seeds[0] ?? new Uint8Array(0);
  const sos = find(jpeg, SOS);
  const frame = frameOf("jpeg", SIZE, joinBytes(jpeg.subarray(0, sos), many(jpeg), jpeg.subarray(sos)));
  expect(createRedactor().release(frame)).toMatchObject({
    ok: false,
    detail: expect.stringContaining("too many parts"),
  });
});
const SOS = Uint8Array.of(0xff, 0xda);

test("a Huffman table with more codes than fit is refused", () => {
  const jpeg = seeds[0] ?? new Uint8Array(0);
  const table = segment(0xc4, [0, 3, ...Array<number>(15).fill(0), 1, 2, 3]);
  const sos = find(jpeg, Uint8Array.of(0xff, 0xda));
  const frame = frameOf("jpeg", SIZE, joinBytes(jpeg.subarray(0, sos), table, jpeg.subarray(sos)));
  expect(createRedactor().blur(frame)).toMatchObject({ ok: false });
});
