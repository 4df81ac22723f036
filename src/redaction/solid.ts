import { cellGrid } from "./cell-grid.ts";
import type { BlockPx, CellValues } from "./cell-grid.ts";
import { MACROBLOCK } from "./cell-grid.ts";

/** Middle grey in YCbCr, RGB and gray alike. */
const GREY = 128;

/** One cell of one constant colour: nothing of any original. */
export function solidValues(
  widthPx: number,
  heightPx: number,
  channels: number,
  block: BlockPx = MACROBLOCK,
): CellValues {
  return {
    grid: cellGrid(widthPx, heightPx, 1, block),
    bytes: new Uint8Array(channels).fill(GREY),
    informationBits: 0,
  };
}
