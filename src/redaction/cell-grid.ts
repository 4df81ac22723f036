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

/** The bits a channel keeps. */
export function bitsOf(policy: RedactionPolicy, channel: number, lumaChannel: number): number {
  return channel === lumaChannel ? policy.lumaBits : policy.chromaBits;
}

/** cells × Σ bits of the channels: nothing else of the original is in a mosaic. */
export function informationBits(grid: CellGrid, policy: RedactionPolicy, channels: number): number {
  const bitsPerCell = policy.lumaBits + (channels - 1) * policy.chromaBits;
  return grid.columns * grid.rows * bitsPerCell;
}

/**
 * The middle of the step of `2^bits` equal steps of [0, 256) that `sum / count` lies in. Exact in whole numbers up to
 * sums of 2^45, so that equal sums give equal bytes on every machine.
 */
export function quantise(sum: number, count: number, bits: number): number {
  const levels = 2 ** bits;
  const level = Math.min(levels - 1, Math.floor((sum * levels) / (count * 256)));
  const step = 256 / levels;
  return level * step + Math.floor(step / 2);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
