import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { array, assert, integer, nat, property, record, uint8Array } from "fast-check";
import sharp from "sharp";
import { beforeAll, describe, expect, it } from "vitest";
import { jpegFramer } from "../../../src/sources/cameras/jpeg-framer.ts";
import type { Piece } from "../../../src/sources/cameras/picture-stream.ts";
import { rawFramer } from "../../../src/sources/cameras/picture-stream.ts";

const DASHCAM = new Uint8Array(readFileSync("simulator/drives/mountain-view/front/solidWhiteRight.jpg"));
let small: readonly Uint8Array[] = [];

beforeAll(async () => {
  const grey = sharp({ create: { width: 64, height: 48, channels: 3, background: "#777" } });
  const noise = sharp({
    create: {
      width: 64,
      height: 48,
      channels: 3,
      background: "#000",
      noise: { type: "gaussian", mean: 128, sigma: 60 },
    },
  });
  const made = [grey.jpeg(), noise.clone().jpeg(), noise.clone().jpeg({ progressive: true })];
  small = (await Promise.all(made.map((image) => image.toBuffer()))).map((bytes) => new Uint8Array(bytes));
  // A thumbnail inside: its end is not the picture's.
  const [first = new Uint8Array()] = small;
  const app = Uint8Array.of(0xff, 0xe1, (first.length + 2) >> 8, (first.length + 2) & 255, ...first);
  small = [...small, Uint8Array.of(0xff, 0xd8, ...app, ...first.subarray(2))];
});

function cut(bytes: Uint8Array, chunkBytes: number, framer = jpegFramer()): Piece[] {
  const pieces: Piece[] = [];
  for (let at = 0; at < bytes.length; at += chunkBytes)
    pieces.push(...framer.push(bytes.subarray(at, at + chunkBytes)));
  return pieces;
}
const named = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");
const picturesOf = (pieces: readonly Piece[]): string[] =>
  pieces.flatMap((piece) => (piece.kind === "picture" ? [named(piece.data)] : []));
const rubbishOf = (pieces: readonly Piece[]): number =>
  pieces.reduce((sum, piece) => sum + (piece.kind === "rubbish" ? piece.bytes : 0), 0);

describe("pictures are cut by their own marks", () => {
  it("whatever the chunks are", () => {
    const stream = Buffer.concat([...small, DASHCAM, ...small]);
    const wanted = [...small, DASHCAM, ...small].map(named);
    for (const chunkBytes of [1, 7, 64, 1000, 65_536, stream.length]) {
      const pieces = cut(stream, chunkBytes);
      expect(picturesOf(pieces)).toEqual(wanted);
      expect(rubbishOf(pieces)).toBe(0);
    }
  });

  it("and say where they stood", () => {
    const [first = DASHCAM, second = DASHCAM] = small;
    const starts = cut(Buffer.concat([first, second, DASHCAM]), 100).map(({ startByte }) => startByte);
    expect(starts).toEqual([0, first.length, first.length + second.length]);
  });

  it("rubbish before and between is told, and costs no picture", () => {
    const junk = Buffer.from([1, 2, 0xff, 0xd8, 5, 0xff]);
    const pieces = cut(Buffer.concat([junk, DASHCAM, junk, DASHCAM]), 11);
    expect(picturesOf(pieces)).toEqual([named(DASHCAM), named(DASHCAM)]);
    expect(rubbishOf(pieces)).toBe(2 * junk.length);
  });

  it("a picture that breaks off is never joined to the next", () => {
    const half = DASHCAM.subarray(0, DASHCAM.length >> 1);
    const pieces = cut(Buffer.concat([half, DASHCAM]), 999);
    expect(picturesOf(pieces)).toEqual([named(DASHCAM)]);
    expect(rubbishOf(pieces)).toBe(half.length);
  });

  it("a damaged length that leads over the next picture does not hide it", () => {
    const [tiny = DASHCAM] = small;
    const bad = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0x00, 0xff, 0, 0]);
    const pieces = cut(Buffer.concat([bad, tiny, DASHCAM]), 50);
    expect(picturesOf(pieces)).toEqual([named(tiny), named(DASHCAM)]);
  });

  it("an endless picture is given up at the bound", () => {
    const framer = jpegFramer(200_000);
    const endless = Buffer.concat([DASHCAM.subarray(0, 5000), Buffer.alloc(500_000, 0x55)]);
    const pieces = [...cut(endless, 8192, framer), ...cut(DASHCAM, 8192, framer)];
    expect(picturesOf(pieces)).toEqual([named(DASHCAM)]);
    expect(rubbishOf(pieces)).toBe(endless.length);
  });

  it("chains of tiny segments cost no more than their bytes", () => {
    const chain = Buffer.concat(Array.from({ length: 60_000 }, () => Buffer.from([0xff, 0xe0, 0, 2])));
    const traps = Buffer.concat(
      Array.from({ length: 5000 }, () => Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0xff, 0xff])),
    );
    const pieces = cut(Buffer.concat([traps, chain, DASHCAM]), 65_536);
    expect(picturesOf(pieces)).toEqual([named(DASHCAM)]);
  }, 10_000);
});

it("every byte is part of exactly one piece, and no picture is lost, whatever comes between", () => {
  const junk = uint8Array({ maxLength: 40 }).filter((bytes) => !Buffer.from(bytes).includes(0xff));
  const plan = array(record({ junk, which: nat(3) }), { maxLength: 8 });
  assert(
    property(plan, integer({ min: 1, max: 3000 }), (parts, chunkBytes) => {
      const pictures = parts.map(({ which }) => Buffer.from(small[which] ?? DASHCAM));
      const stream = Buffer.concat(parts.flatMap((part, i) => [part.junk, pictures[i] ?? DASHCAM]));
      const pieces = cut(stream, chunkBytes);
      expect(picturesOf(pieces)).toEqual(pictures.map(named));
      const lengths = pieces.map((piece) => (piece.kind === "picture" ? piece.data.length : piece.bytes));
      const starts = lengths.map((_, i) => lengths.slice(0, i).reduce((sum, bytes) => sum + bytes, 0));
      expect(pieces.map(({ startByte }) => startByte)).toEqual(starts);
      expect(lengths.reduce((sum, bytes) => sum + bytes, 0)).toBe(stream.length);
    }),
    { numRuns: process.env["SLOW"] === "1" ? 5000 : 200 },
  );
});

it("raw pictures are cut by their size", () => {
  const stream = Uint8Array.from({ length: 35 }, (_, i) => i);
  for (const chunkBytes of [1, 9, 10, 11, 35]) {
    const pictures = picturesOf(cut(stream, chunkBytes, rawFramer(10)));
    expect(pictures).toEqual([0, 10, 20].map((from) => named(stream.subarray(from, from + 10))));
  }
});
