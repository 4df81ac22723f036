import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterAll, describe, expect, test } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { cellGrid } from "../../src/redaction/cell-grid.ts";
import type { CellGrid } from "../../src/redaction/cell-grid.ts";
import { parseJpeg } from "../../src/redaction/jpeg/jpeg-structure.ts";
import { mcuGeometry } from "../../src/redaction/jpeg/mcu-geometry.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import { frameOf, released } from "./frames.ts";
import type { Bytes } from "./frames.ts";

const TOOLS = {
  djpeg: hasTool("djpeg"),
  cjpeg: hasTool("cjpeg"),
  ffmpeg: hasTool("ffmpeg"),
  chromium: hasTool("chromium"),
};
// A decoder may smooth colour between cells by this much.
const SMOOTHED_PX = 2;
const CELLS = 8;
const folder = mkdtempSync(join(tmpdir(), "camfence-jpeg-"));
afterAll(() => rmSync(folder, { recursive: true }));

const KINDS = ["gray", "4:4:4", "4:2:0", "progressive", "4:2:2", "4:4:0", "4:1:1", "restart"] as const;
type Kind = (typeof KINDS)[number];
/** What sharp does not write, cjpeg does. */
const CJPEG_ARGS: Partial<Record<Kind, readonly string[]>> = {
  "4:2:2": ["-sample", "2x1"],
  "4:4:0": ["-sample", "1x2"],
  "4:1:1": ["-sample", "4x1"],
  restart: ["-restart", "3B"],
};

describe.each(KINDS)("a blurred JPEG (%s)", (kind) => {
  const skipped = CJPEG_ARGS[kind] !== undefined && !TOOLS.cjpeg;
  const sizes = [
    [1, 1],
    [17, 9],
    [333, 251],
    [640, 480],
  ] as const;

  test.skipIf(skipped).each(sizes)(
    "of %i × %i decodes to flat cells of the original's size",
    async (width, height) => {
      const bytes = await blurredSample(kind, width, height);
      const pixels = await decode(bytes);
      expect(pixels.length).toBe(width * height * 3);
      const block = mcuGeometry(parseJpeg(bytes, "end").frame).mcuPx;
      expect(largestStepInACell(pixels, cellGrid(width, height, CELLS, block))).toBe(0);
    },
  );

  test.skipIf(skipped || !TOOLS.djpeg).each(sizes)(
    "of %i × %i is the same picture to djpeg",
    async (width, height) => {
      const bytes = await blurredSample(kind, width, height);
      const path = save(bytes);
      const ppm = execFileSync("djpeg", ["-rgb", path]);
      expect(ppm.subarray(-3 * width * height).equals(await decode(bytes))).toBe(true);
    },
  );

  test.skipIf(skipped || !TOOLS.ffmpeg).each(sizes)("of %i × %i opens in ffmpeg", async (width, height) => {
    const path = save(await blurredSample(kind, width, height));
    const args = ["-v", "error", "-xerror", "-i", path, "-f", "rawvideo", "-pix_fmt", "gray", "-"];
    expect(execFileSync("ffmpeg", args).length).toBe(width * height);
  });
});

test.skipIf(Object.values(TOOLS).every(Boolean))(
  "skipped in part: not all of djpeg, cjpeg, ffmpeg, chromium are here",
  () => {
    expect(TOOLS).toBeDefined();
  },
);

test.skipIf(!TOOLS.chromium || !TOOLS.cjpeg)(
  "blurred JPEGs of every kind open in Chromium with their size",
  async () => {
    const files = await Promise.all(KINDS.map((kind) => blurredSample(kind, 333, 251)));
    const images = files.map(
      (bytes) => `<img src="data:image/jpeg;base64,${Buffer.from(bytes).toString("base64")}">`,
    );
    const page = join(folder, "page.html");
    // Drawing decodes at once; what a broken file lacks stays transparent.
    const script = `onload = () => (document.title = [...document.images].map((image) => {
      const { naturalWidth: width, naturalHeight: height } = image;
      const context = Object.assign(document.createElement("canvas"), { width, height }).getContext("2d");
      context.drawImage(image, 0, 0);
      const isWhole = context.getImageData(0, 0, width, height).data.every((byte, i) => i % 4 < 3 || byte === 255);
      return isWhole ? width + "x" + height : "broken";
    }).join())`;
    writeFileSync(page, `${images.join("")}<script>${script}</script>`);
    const args = ["--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"];
    const dom = execFileSync("chromium", [...args, `file://${page}`], {
      stdio: ["ignore", "pipe", "ignore"],
    }).toString();
    expect(/<title>(.*)<\/title>/.exec(dom)?.[1]).toBe(KINDS.map(() => "333x251").join());
  },
);

test("a camera's JPEG without Huffman tables is read with the standard ones", async () => {
  const data = await sampleJpeg("4:2:0", 64, 48);
  const structure = parseJpeg(data, "end");
  const bare = Uint8Array.from(
    [
      0,
      ...structure.segments.filter((s) => s.marker === 0xc4).flatMap((s) => [s.start, s.end]),
      data.length,
    ].flatMap((at, i, cuts) => (i % 2 === 0 ? [...data.subarray(at, cuts[i + 1])] : [])),
  );
  expect(bare.length).toBeLessThan(data.length - 400);
  const size = { width: 64, height: 48 };
  const [one, other] = await Promise.all(
    [data, bare].map((bytes) => released(createRedactor().blur(frameOf("jpeg", size, bytes)))),
  );
  expect(one?.frame.data).toEqual(other?.frame.data);
});

async function blurredSample(kind: Kind, width: number, height: number): Promise<Bytes> {
  const data = await sampleJpeg(kind, width, height);
  const { frame } = await released(
    createRedactor({ cells: CELLS }).blur(frameOf("jpeg", { width, height }, data)),
  );
  return frame.data;
}

/** A picture with strong edges and colours. */
async function sampleJpeg(kind: Kind, width: number, height: number): Promise<Bytes> {
  const random = seededRandom(width);
  const data = Uint8Array.from({ length: width * height * 3 }, (_, i) => (i % 7 < 3 ? 250 : 10) * random());
  const args = CJPEG_ARGS[kind];
  if (args !== undefined) {
    const input = Buffer.concat([Buffer.from(`P6 ${width} ${height} 255\n`), data]);
    return new Uint8Array(execFileSync("cjpeg", ["-quality", "80", ...args], { input }));
  }
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  if (kind === "gray") return new Uint8Array(await image.toColourspace("b-w").jpeg().toBuffer());
  const options =
    kind === "progressive" ? { progressive: true } : { chromaSubsampling: kind, optimiseCoding: false };
  return new Uint8Array(await image.jpeg({ quality: 80, ...options }).toBuffer());
}

async function decode(jpeg: Bytes): Promise<Buffer> {
  return await sharp(jpeg, { failOn: "warning" }).toColourspace("srgb").raw().toBuffer();
}

/** Largest difference of a pixel from the middle of its cell. */
function largestStepInACell(pixels: Buffer, grid: CellGrid): number {
  const { widthPx, heightPx, cellWidthPx, cellHeightPx } = grid;
  let largest = 0;
  for (let y = 0; y < heightPx; y++) {
    for (let x = 0; x < widthPx; x++) {
      if (isAtAnEdge(x, cellWidthPx) || isAtAnEdge(y, cellHeightPx)) continue;
      const left = Math.floor(x / cellWidthPx) * cellWidthPx + SMOOTHED_PX;
      const top = Math.floor(y / cellHeightPx) * cellHeightPx + SMOOTHED_PX;
      for (let c = 0; c < 3; c++) {
        const step = (pixels[(y * widthPx + x) * 3 + c] ?? 0) - (pixels[(top * widthPx + left) * 3 + c] ?? 0);
        largest = Math.max(largest, Math.abs(step));
      }
    }
  }
  return largest;
}

function isAtAnEdge(at: number, cellPx: number): boolean {
  return at % cellPx < SMOOTHED_PX || at % cellPx >= cellPx - SMOOTHED_PX;
}

function save(bytes: Bytes): string {
  const path = join(folder, "blurred.jpg");
  writeFileSync(path, bytes);
  return path;
}

function hasTool(name: string): boolean {
  try {
    execFileSync(name, ["-version"], { stdio: "ignore", input: "" });
    return true;
  } catch {
    return false;
  }
}
