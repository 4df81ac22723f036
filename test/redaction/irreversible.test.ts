import * as fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import type { Random } from "../../src/core/random.ts";
import { cellGrid } from "../../src/redaction/cell-grid.ts";
import type { CellGrid } from "../../src/redaction/cell-grid.ts";
import { OPAQUE } from "../../src/redaction/raw-layout.ts";
import type { Plane, RawFormat } from "../../src/redaction/raw-layout.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import { frameOf, layoutFor, noise, RAW_FORMATS, released } from "./frames.ts";
import type { Bytes } from "./frames.ts";

// The proof: an output that is a function of the cell values alone holds no more of an original than they do.
const RUNS = process.env["SLOW"] === undefined ? 25 : 1000;

const sizes = fc.record({
  width: fc.integer({ min: 1, max: 130 }),
  height: fc.integer({ min: 1, max: 90 }),
  paddingBytes: fc.integer({ min: 0, max: 9 }),
  cells: fc.integer({ min: 1, max: 24 }),
  seed: fc.nat(),
});

describe.each(RAW_FORMATS)("%s", (format) => {
  test("two originals with equal cell values give byte-identical output", async () => {
    const property = fc.asyncProperty(sizes, async ({ width, height, paddingBytes, cells, seed }) => {
      const random = seededRandom(seed);
      const tight = layoutFor(format, { width, height }).planes[0]?.strideBytes ?? 0;
      const size = { width, height, strideBytes: tight + paddingBytes };
      const original = noise(layoutFor(format, size).sizeBytes, random);
      const twin = shuffledInCells(original, format, size, cellGrid(width, height, cells), random);
      const [one, other] = await Promise.all(
        [original, twin].map((data) => released(createRedactor({ cells }).blur(frameOf(format, size, data)))),
      );
      expect(one?.frame.data).toEqual(other?.frame.data);
      expect(one?.informationBits).toBe(other?.informationBits);
    });
    await fc.assert(property, { numRuns: RUNS });
  });

  test("a blurred frame holds at most the stated bits: so many cells of so many values each", async () => {
    const property = fc.asyncProperty(sizes, async ({ width, height, cells, seed }) => {
      const data = noise(layoutFor(format, { width, height }).sizeBytes, seededRandom(seed));
      const policy = { cells, lumaBits: 2, chromaBits: 1 };
      const { frame, informationBits } = await released(
        createRedactor(policy).blur(frameOf(format, { width, height }, data)),
      );
      const { columns, rows } = cellGrid(width, height, cells);
      expect(Math.max(columns, rows)).toBeLessThanOrEqual(cells);
      expect(informationBits).toBe(columns * rows * (format === "gray8" ? 2 : 2 + 1 + 1));
      expect(new Set(frame.data).size).toBeLessThanOrEqual(4 + 2 + 1 /* alpha */ + 1 /* padding */);
    });
    await fc.assert(property, { numRuns: RUNS });
  });
});

const samplings = [
  ["gray", undefined],
  ["4:4:4", "4:4:4"],
  ["4:2:0", "4:2:0"],
] as const;

test.each(samplings)(
  "JPEG %s: two originals with equal cell values give byte-identical output",
  async (_, sampling) => {
    const property = fc.asyncProperty(
      fc.integer({ min: 1, max: 6 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 40, max: 100 }),
      fc.nat(),
      async (across, down, quality, seed) => {
        const random = seededRandom(seed);
        const size = { width: 16 * across, height: 16 * down };
        const original = noise(size.width * size.height * 3, random);
        const twin = shuffledInBlocks(original, size, random);
        const [one, other] = await Promise.all(
          [original, twin].map(async (pixels) => {
            const jpeg = await encode(pixels, size, quality, sampling);
            const blurred = await released(createRedactor({ cells: 3 }).blur(frameOf("jpeg", size, jpeg)));
            return { jpeg, blurred };
          }),
        );
        expect(one?.jpeg).not.toEqual(other?.jpeg);
        expect(one?.blurred.frame.data).toEqual(other?.blurred.frame.data);
      },
    );
    await fc.assert(property, { numRuns: RUNS });
  },
);

test("solid holds nothing: any two originals give byte-identical output", async () => {
  const random = seededRandom(3);
  for (const format of RAW_FORMATS) {
    const size = { width: 50, height: 30 };
    const outputs = await Promise.all(
      [1, 2].map(async () => {
        const data = noise(layoutFor(format, size).sizeBytes, random);
        const { frame, informationBits } = await released(
          createRedactor({ mode: "solid" }).blur(frameOf(format, size, data)),
        );
        expect(informationBits).toBe(0);
        return frame.data;
      }),
    );
    expect(outputs[0]).toEqual(outputs[1]);
  }
});

test("cell edges lie on the block grid of the format", () => {
  const property = fc.property(
    fc.integer({ min: 1, max: 65_535 }),
    fc.integer({ min: 1, max: 24 }),
    (side, cells) => {
      const block = { widthPx: 32, heightPx: 8 };
      const { cellWidthPx, cellHeightPx } = cellGrid(side, Math.ceil(side / 2), cells, block);
      expect(cellWidthPx % block.widthPx).toBe(0);
      expect(cellHeightPx % block.heightPx).toBe(0);
    },
  );
  fc.assert(property);
});

/** The same samples in each cell and channel, in another order, and other bytes where no samples are. */
function shuffledInCells(
  original: Bytes,
  format: RawFormat,
  size: { width: number; height: number; strideBytes: number },
  grid: CellGrid,
  random: Random,
): Bytes {
  const twin = noise(original.length, random);
  for (const plane of layoutFor(format, size).planes) {
    for (const places of placesByCell(plane, grid).values()) {
      const shuffled = shuffle(places, random);
      places.forEach((place, i) => (twin[place] = original[shuffled[i] ?? 0] ?? 0));
    }
  }
  return twin;
}

/** Offsets of a plane's samples by cell and channel; alpha is left out. Written apart from the code that it tests. */
function placesByCell(plane: Plane, grid: CellGrid): Map<string, number[]> {
  const places = new Map<string, number[]>();
  for (let y = 0; y < plane.rows; y++) {
    for (let x = 0; x < plane.rowBytes; x++) {
      const channel = plane.pattern[x % plane.pattern.length] ?? OPAQUE;
      const xPx = Math.floor(x / plane.pattern.length) * plane.groupWidthPx;
      const cell = `${channel} ${Math.floor(xPx / grid.cellWidthPx)} ${Math.floor((y * plane.rowHeightPx) / grid.cellHeightPx)}`;
      if (channel === OPAQUE) continue;
      places.set(cell, [...(places.get(cell) ?? []), plane.offsetBytes + y * plane.strideBytes + x]);
    }
  }
  return places;
}

/** Quads of 2 × 2 pixels change places within blocks of 8 × 8: every block keeps its mean, in brightness and colour. */
function shuffledInBlocks(
  pixels: Bytes,
  { width, height }: { width: number; height: number },
  random: Random,
): Bytes {
  const twin = pixels.slice();
  for (let block = 0; block < (width / 8) * (height / 8); block++) {
    const left = (block % (width / 8)) * 8;
    const top = Math.floor(block / (width / 8)) * 8;
    const at = (i: number): { x: number; y: number } => ({
      x: left + (i % 4) * 2,
      y: top + Math.floor(i / 4) * 2,
    });
    // libjpeg rounds the colour of even and odd quads in a row differently: each stays among its own.
    for (const parity of [0, 1]) {
      const quads = Array.from({ length: 8 }, (_, i) => at(2 * i + parity));
      shuffle(quads, random).forEach((from, i) => copyQuad(pixels, twin, width, from, quads[i] ?? from));
    }
  }
  return twin;
}

function copyQuad(source: Bytes, target: Bytes, width: number, from: Point, to: Point): void {
  for (const dy of [0, 1]) {
    const start = ((from.y + dy) * width + from.x) * 3;
    target.set(source.subarray(start, start + 6), ((to.y + dy) * width + to.x) * 3);
  }
}

interface Point {
  readonly x: number;
  readonly y: number;
}

function shuffle<T>(items: readonly T[], random: Random): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ item }) => item);
}

async function encode(
  pixels: Bytes,
  size: { width: number; height: number },
  quality: number,
  chromaSubsampling: string | undefined,
): Promise<Bytes> {
  const image = sharp(pixels, { raw: { ...size, channels: 3 } });
  const jpeg =
    chromaSubsampling === undefined
      ? image.toColourspace("b-w").jpeg({ quality })
      : image.jpeg({ quality, chromaSubsampling });
  return new Uint8Array(await jpeg.toBuffer());
}
