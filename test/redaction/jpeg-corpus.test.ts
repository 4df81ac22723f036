import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { cellGrid } from "../../src/redaction/cell-grid.ts";
import { createDcReader, wholeScan } from "../../src/redaction/jpeg/dc-means.ts";
import { decodeMeans } from "../../src/redaction/jpeg/decode-means.ts";
import { colourOf, parseJpeg } from "../../src/redaction/jpeg/jpeg-structure.ts";
import { stripJpeg } from "../../src/redaction/jpeg/strip-jpeg.ts";
import { mcuGeometry } from "../../src/redaction/jpeg/mcu-geometry.ts";
import { selectKernels } from "../../src/redaction/kernels/select.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import { frameOf } from "./frames.ts";
import type { Bytes } from "./frames.ts";

const SHARED = resolve(import.meta.dirname, "../../../shared/data");
const SUITES = join(SHARED, "suites");
const CORPUS = existsSync(SUITES) ? ["jpeg-js", "pillow"].flatMap(jpegsOf) : [];
const skipping = CORPUS.length === 0 ? `skipped: no ${SUITES}` : "";

function jpegsOf(suite: string): string[] {
  return readdirSync(join(SUITES, suite))
    .filter((name) => name.endsWith(".jpg"))
    .map((name) => join(suite, name));
}

function load(name: string): Bytes {
  return new Uint8Array(readFileSync(join(SUITES, name)));
}

/** The size that a camera would state; of a broken file, any. */
async function sizeOf(data: Bytes): Promise<{ width: number; height: number }> {
  const { width, height } = await sharp(data)
    .metadata()
    .catch(() => ({ width: 16, height: 16 }));
  return { width, height };
}

describe.skipIf(skipping !== "")(`real and odd JPEGs ${skipping}`, () => {
  const oracle = new Map(
    CORPUS.length === 0
      ? []
      : readFileSync(join(SUITES, "djpeg-oracle.tsv"), "utf8")
          .trim()
          .split("\n")
          .map((line) => line.split("\t"))
          .map(([exit, , , path]) => [path?.replace("./", ""), exit === "0"] as const),
  );
  // What djpeg reads and we refuse: no camera makes four components or a DNL marker.
  const REFUSED = /cmyk|marker-ffdc|plusshelf-drawing/;

  test.each(CORPUS)("%s is blurred when djpeg reads it without complaint, else refused", async (name) => {
    const data = load(name);
    const blurred = await createRedactor().blur(frameOf("jpeg", await sizeOf(data), data));
    expect(blurred.ok).toBe(oracle.get(name) === true && !REFUSED.test(name));
  });

  test.each(CORPUS)("%s passes with the same pixels, or not at all", async (name) => {
    const data = load(name);
    const size = await sizeOf(data);
    const passed = await createRedactor().release(frameOf("jpeg", size, data));
    if (!passed.ok) return;
    const bare = await sharp(passed.frame.data).metadata();
    expect([bare.exif, bare.icc, bare.xmp, bare.iptc, bare.comments]).toEqual(Array(5).fill(undefined));
    // Its colour profile would change the decoded original.
    const { icc } = await sharp(data).metadata();
    expect(icc !== undefined || (await decode(passed.frame.data)).equals(await decode(data))).toBe(true);
  });
});

describe.skipIf(skipping !== "")(`the mosaic of the DC terms ${skipping}`, () => {
  const kernels = selectKernels();
  const baseline = CORPUS.filter((name) => {
    try {
      return wholeScan(parseJpeg(load(name), "end")) !== null;
    } catch {
      return false;
    }
  });

  test.each(baseline)("of %s is that of the pixels within rounding", async (name) => {
    const data = load(name);
    const structure = parseJpeg(data, "end");
    const scan = wholeScan(structure);
    if (scan === null || /bad_exif/.test(name)) return;
    const colour = colourOf(data, structure);
    const { widthPx, heightPx } = structure.frame;
    const grid = cellGrid(widthPx, heightPx, 24, mcuGeometry(structure.frame).mcuPx);
    const dc = createDcReader(kernels)(data, structure, scan, grid);
    const decoded = await decodeMeans(stripJpeg(data, structure, "strip"), colour, grid, 1e8, kernels);
    const cells = grid.columns * grid.rows;
    const deviations = Array.from(dc.sums, (sum, i) => {
      const [row, column] = [Math.floor((i % cells) / grid.columns), i % grid.columns];
      // A cell that the edge cuts holds what the encoder filled its blocks up with.
      const isWhole = (column + 1) * grid.cellWidthPx <= widthPx && (row + 1) * grid.cellHeightPx <= heightPx;
      const mean = sum / (dc.counts[i] ?? 1);
      return isWhole ? Math.abs(mean - (decoded.sums[i] ?? 0) / (decoded.counts[i] ?? 1)) : 0;
    });
    // Clipping to [0, 255] moves the mean of cells with strong edges.
    expect(Math.max(...deviations)).toBeLessThan(4);
    expect(deviations.reduce((a, b) => a + b, 0) / deviations.length).toBeLessThan(0.8);
  });
});

async function decode(bytes: Bytes): Promise<Buffer> {
  return await sharp(bytes, { failOn: "none" }).raw().toBuffer();
}
