import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { cellGrid } from "../../src/redaction/cell-grid.ts";
import { parseJpeg } from "../../src/redaction/jpeg/jpeg-structure.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import { find, frameOf, joinBytes, layoutFor, noise, RAW_FORMATS, released, segment } from "./frames.ts";
import type { Bytes } from "./frames.ts";

const SIZE = { width: 192, height: 128 };
const random = seededRandom(17);

/** A plate with writing: dark strokes of a few pixels on white, another text for each seed. */
function writing(seed: number, { width, height } = SIZE): Bytes {
  const strokes = seededRandom(seed);
  const data = new Uint8Array(width * height).fill(235);
  for (let i = 0; i < 120; i++) {
    const [x, y] = [Math.floor(strokes() * (width - 9)), Math.floor(strokes() * (height - 9))];
    for (let d = 0; d < 9; d++) data[(y + (i % 2) * d) * width + x + ((i + 1) % 2) * d] = 15;
  }
  return data;
}

async function blurred(data: Bytes, policy = {}): Promise<Bytes> {
  const { frame } = await released(createRedactor(policy).blur(frameOf("gray8", SIZE, data)));
  return frame.data;
}

describe("reading a mosaic back", () => {
  test("a dictionary of texts cannot be told apart: hundreds of different ones give a handful of pictures", async () => {
    const pictures = await Promise.all(
      Array.from({ length: 300 }, (_, i) => blurred(writing(i), { cells: 4, lumaBits: 2 })),
    );
    const distinct = new Set(pictures.map((picture) => Buffer.from(picture).toString("latin1")));
    expect(distinct.size).toBeLessThanOrEqual(2);
  });

  test("an inverse filter finds nothing between the cell edges: within a cell there is no gradient at all", async () => {
    const picture = await blurred(writing(1));
    const { cellWidthPx, cellHeightPx } = cellGrid(SIZE.width, SIZE.height, 24);
    const steps = Array.from(picture, (value, i) => {
      const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
      const across = x % cellWidthPx === 0 ? 0 : value - (picture[i - 1] ?? 0);
      const down = y % cellHeightPx === 0 ? 0 : value - (picture[i - SIZE.width] ?? 0);
      return Math.abs(across) + Math.abs(down);
    });
    expect(Math.max(...steps)).toBe(0);
  });

  test("many frames of a moving camera within refreshMs say no more than one", async () => {
    const redactor = createRedactor();
    const seen = new Set<string>();
    for (let i = 0; i < 36; i++) {
      const moved = new Uint8Array([...writing(1).subarray(i * 3), ...new Uint8Array(i * 3)]);
      const frame = frameOf("gray8", SIZE, moved, { timeMs: 5000 + i * 27 });
      seen.add(Buffer.from((await released(redactor.blur(frame))).frame.data).toString("latin1"));
    }
    expect(seen.size).toBe(1);
  });
});

describe("looking for the original in every byte of the output", () => {
  test.each(RAW_FORMATS)("no eight bytes of a blurred %s are those of the original", async (format) => {
    const data = noise(layoutFor(format, SIZE).sizeBytes, random);
    const { frame } = await released(createRedactor().blur(frameOf(format, SIZE, data)));
    const whole = new Uint8Array(frame.data.buffer);
    for (let at = 0; at + 8 <= data.length; at += 8) expect(find(whole, data.subarray(at, at + 8))).toBe(-1);
  });

  test.each(["baseline", "progressive"])(
    "no eight bytes of a blurred %s JPEG are coded bytes of the original",
    async (kind) => {
      const image = sharp(noise(SIZE.width * SIZE.height * 3, random), { raw: { ...SIZE, channels: 3 } });
      const data = new Uint8Array(await image.jpeg({ progressive: kind === "progressive" }).toBuffer());
      const { frame } = await released(createRedactor().blur(frameOf("jpeg", SIZE, data)));
      const whole = new Uint8Array(frame.data.buffer);
      const windows = parseJpeg(data, "end").scans.flatMap(({ dataStart, dataEnd }) =>
        Array.from({ length: dataEnd - dataStart - 8 }, (_, i) =>
          data.subarray(dataStart + i, dataStart + i + 8),
        ),
      );
      expect(windows.length).toBeGreaterThan(1000);
      expect(windows.filter((window) => find(whole, window) !== -1)).toEqual([]);
    },
  );

  test("a canary in each place of a JPEG that is not the picture is gone from passed and blurred copies", async () => {
    const canary = new TextEncoder().encode("CANARY");
    const image = sharp(noise(SIZE.width * SIZE.height * 3, random), { raw: { ...SIZE, channels: 3 } });
    const jpeg = new Uint8Array(await image.jpeg().toBuffer());
    const sos = find(jpeg, Uint8Array.of(0xff, 0xda));
    const places = [2, sos];
    const tagged = places.flatMap((at) =>
      [0xe0, 0xe1, 0xe2, 0xe5, 0xed, 0xee, 0xef, 0xfe].map((marker) =>
        joinBytes(jpeg.subarray(0, at), segment(marker, canary), jpeg.subarray(at), canary),
      ),
    );
    for (const data of tagged) {
      const passed = await released(createRedactor().release(frameOf("jpeg", SIZE, data)));
      const blurry = await released(createRedactor().blur(frameOf("jpeg", SIZE, data)));
      for (const { frame } of [passed, blurry]) {
        expect(find(new Uint8Array(frame.data.buffer), canary)).toBe(-1);
      }
    }
  });

  test("a JPEG's thumbnail is nowhere in a passed or blurred copy", async () => {
    const image = sharp(noise(SIZE.width * SIZE.height * 3, random), { raw: { ...SIZE, channels: 3 } });
    const thumbnail = new Uint8Array(await image.clone().resize(32, 24).jpeg().toBuffer());
    const jpeg = new Uint8Array(await image.jpeg().toBuffer());
    const exif = segment(0xe1, joinBytes(new TextEncoder().encode("Exif\0\0"), thumbnail));
    const data = joinBytes(jpeg.subarray(0, 2), exif, jpeg.subarray(2));
    const passed = await released(createRedactor().release(frameOf("jpeg", SIZE, data)));
    const blurry = await released(createRedactor().blur(frameOf("jpeg", SIZE, data)));
    for (const { frame } of [passed, blurry]) {
      expect(find(frame.data, thumbnail.subarray(-40))).toBe(-1);
      expect(find(frame.data.subarray(2), Uint8Array.of(0xff, 0xd8))).toBe(-1);
    }
  });
});

describe("what a blurred JPEG leaves of the original's coding", () => {
  test("tables, table numbers and component ids are ours: recoding the picture with others changes no byte but colours", async () => {
    const pixels = writing(4);
    const files = await Promise.all(
      [60, 61, 62].map(async (quality) => {
        const jpeg = await sharp(pixels, { raw: { ...SIZE, channels: 1 } })
          .jpeg({ quality })
          .toBuffer();
        const { frame } = await released(
          createRedactor({ lumaBits: 1 }).blur(frameOf("jpeg", SIZE, new Uint8Array(jpeg))),
        );
        return Buffer.from(frame.data).toString("latin1");
      }),
    );
    expect(new Set(files).size).toBe(1);
  });
});
