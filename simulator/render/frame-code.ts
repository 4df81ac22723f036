import type { RgbImage } from "./image.ts";

/** Says in a frame's own pixels which frame it is, so that an audited image can be told without its metadata. */
export interface FrameCode {
  /** Number of the camera in its drive. */
  readonly camera: number;
  readonly seq: number;
}

/** Squares of black and white in one row from the top left: large enough for JPEG, smaller than a cell of any mosaic. */
const SQUARE_PX = 8;
const MAGIC = 0xa55a;
const BITS = 16 /* magic */ + 8 /* camera */ + 24 /* seq */ + 16; /* check */

export function writeCode(image: RgbImage, { camera, seq }: FrameCode): void {
  for (const [i, isWhite] of bitsOf(camera, seq).entries()) {
    const level = isWhite ? 235 : 16;
    for (let y = 0; y < SQUARE_PX; y++) {
      const from = 3 * (y * image.width + i * SQUARE_PX);
      image.rgb.fill(level, from, from + 3 * SQUARE_PX);
    }
  }
}

/** null where there is none that can be read with certainty. */
export function readCode(image: RgbImage): FrameCode | null {
  const bits: boolean[] = [];
  for (let i = 0; i < BITS; i++) {
    const middle = 3 * ((SQUARE_PX / 2) * image.width + i * SQUARE_PX + SQUARE_PX / 2);
    bits.push((image.rgb[middle + 1] ?? 0) > 128);
  }
  const [camera, seq] = [numberOf(bits, 16, 8), numberOf(bits, 24, 24)];
  return bitsOf(camera, seq).every((bit, i) => bit === bits[i]) ? { camera, seq } : null;
}

function bitsOf(camera: number, seq: number): readonly boolean[] {
  const check = (Math.imul(seq + 1, 0x9e37) ^ Math.imul(camera + 1, 0x85eb)) & 0xffff;
  const parts = [
    [MAGIC, 16],
    [camera & 0xff, 8],
    [seq & 0xff_ffff, 24],
    [check, 16],
  ] as const;
  return parts.flatMap(([value, size]) =>
    Array.from({ length: size }, (_, i) => ((value >>> (size - 1 - i)) & 1) === 1),
  );
}

function numberOf(bits: readonly boolean[], from: number, size: number): number {
  return bits.slice(from, from + size).reduce((value, bit) => 2 * value + (bit ? 1 : 0), 0);
}
