import type { RedactionPolicy } from "./policy.ts";

/** How a picture is divided: cells of one size from the top left, cut off at the right and bottom edges. */
export interface CellGrid {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly cellWidthPx: number;
  readonly cellHeightPx: number;
  readonly columns: number;
  readonly rows: number;
}

/** A picture's cell colours: for each channel, row by row, one byte a cell. */
export interface CellValues {
  readonly grid: CellGrid;
  readonly bytes: Uint8Array;
  /** Upper bound of what `bytes` hold of the original, from the grid's size and the bits a cell. */
  readonly informationBits: number;
}

/** For each channel, row by row: the sum of all samples of each cell, and how many they are. */
export interface CellMeans {
  readonly sums: Float64Array;
  readonly counts: Float64Array;
}

export interface BlockPx {
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Video encoders and JPEG with 4:2:0 code blocks of 16 × 16 pixels. */
export const MACROBLOCK: BlockPx = { widthPx: 16, heightPx: 16 };

/**
 * A grid of at most `cells` cells along the long side. Cell edges lie on the block grid, so no coded block mixes what
 * is in a cell with what is not.
 */
export function cellGrid(widthPx: number, heightPx: number, cells: number, block = MACROBLOCK): CellGrid {
  const sidePx = Math.ceil(Math.max(widthPx, heightPx) / cells);
  const cellWidthPx = roundUp(sidePx, block.widthPx);
  const cellHeightPx = roundUp(sidePx, block.heightPx);
  return {
    widthPx,
    heightPx,
    cellWidthPx,
    cellHeightPx,
    columns: Math.ceil(widthPx / cellWidthPx),
    rows: Math.ceil(heightPx / cellHeightPx),
  };
}

/** Rounds each mean to its channel's few bits. What is left is all that a mosaic holds of its original. */
export function quantiseMeans(
  { sums, counts }: CellMeans,
  grid: CellGrid,
  policy: RedactionPolicy,
  lumaChannel: number,
): CellValues {
  const cells = grid.columns * grid.rows;
  const channels = sums.length / cells;
  const bytes = new Uint8Array(sums.length);
  for (let channel = 0; channel < channels; channel++) {
    const levels = 2 ** (channel === lumaChannel ? policy.lumaBits : policy.chromaBits);
    const end = (channel + 1) * cells;
    for (let i = channel * cells; i < end; i++) bytes[i] = quantise(sums[i] ?? 0, counts[i] ?? 1, levels);
  }
  const bitsPerCell = policy.lumaBits + (channels - 1) * policy.chromaBits;
  return { grid, bytes, informationBits: cells * bitsPerCell };
}

/**
 * The middle of the step, of `levels` equal steps of [0, 256), that `sum / count` lies in. Whole sums up to 2^45 are
 * exact, so that equal sums give equal bytes on every machine.
 */
export function quantise(sum: number, count: number, levels: number): number {
  const level = Math.floor((sum * levels) / (count * 256));
  const step = 256 / levels;
  return Math.min(levels - 1, Math.max(0, level)) * step + (step >> 1);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
