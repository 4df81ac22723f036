import { intAt } from "../../core/at.ts";
import type { BoxTree, UnitBox } from "./box-tree.ts";

/**
 * Square cells over boxes, each with the boxes that come within half a cell of it, one after the other in memory: a
 * small search reads one cell, where the tree reads a branch from its root. Where boxes crowd, the tree is asked.
 */
export interface BoxGrid {
  readonly west: number;
  readonly south: number;
  readonly columns: number;
  readonly rows: number;
  /** A cell is 2 to this power units wide and high. */
  readonly cellBits: number;
  /** Where each cell's entries begin, row by row, and where the last one's end; inverted (~) where it is crowded. */
  readonly starts: Int32Array;
  readonly entries: Int32Array;
}

/** An entry of a cell: a box, and its item's value. */
export const GRID_ENTRY = { west: 0, south: 1, east: 2, north: 3, value: 4, size: 5 } as const;

/** About two entries a cell, where boxes lie evenly and apart. */
const CELLS_PER_BOX = 4;
/** More entries take longer than the tree does. */
const CROWD = 8;
/** Boxes that stand in more cells, in the mean, are no case for a grid: it would cost more than the tree itself. */
const MAX_CELLS_PER_BOX = 64;

/** The answer of a search that must ask the tree. */
export const ASK_TREE = -1;

/** Lays a grid over a tree's boxes; item i is found as `values[i]`. Null where it would cost too much. */
export function boxGrid(tree: BoxTree, values: Int32Array): BoxGrid | null {
  const frame = frameOf(tree);
  let visits = 0;
  eachBox(tree, frame, ({ firstColumn, lastColumn, firstRow, lastRow }) => {
    visits += (lastColumn - firstColumn + 1) * (lastRow - firstRow + 1);
  });
  if (tree.levelEnds.length === 0 || visits > MAX_CELLS_PER_BOX * values.length) return null;
  const starts = startsOfCells(tree, frame);
  const entries = new Int32Array(GRID_ENTRY.size * from(intAt(starts, starts.length - 1)));
  const next = starts.slice();
  eachBox(tree, frame, (cells, leaf) => {
    eachCell(frame, cells, (cell) => {
      const start = intAt(next, cell);
      if (start < 0) return;
      next[cell] = start + 1;
      entries.set(tree.boxes.subarray(4 * leaf, 4 * leaf + 4), GRID_ENTRY.size * start);
      entries[GRID_ENTRY.size * start + GRID_ENTRY.value] = intAt(values, intAt(tree.indices, leaf));
    });
  });
  return { ...frame, starts, entries };
}

/**
 * Writes the values of the boxes that meet the given one into `found` and returns how many, or `ASK_TREE`. As many
 * may be found as there are boxes.
 */
export function searchGrid(grid: BoxGrid, { west, south, east, north }: UnitBox, found: Int32Array): number {
  const { cellBits, columns, rows, starts, entries } = grid;
  const half = 1 << (cellBits - 1);
  const column = (((west + east) >> 1) - grid.west) >> cellBits;
  const row = (((south + north) >> 1) - grid.south) >> cellBits;
  if (column < 0 || column >= columns || row < 0 || row >= rows) return ASK_TREE;
  const [cellWest, cellSouth] = [grid.west + (column << cellBits), grid.south + (row << cellBits)];
  if (west < cellWest - half || south < cellSouth - half) return ASK_TREE;
  if (east >= cellWest + 3 * half || north >= cellSouth + 3 * half) return ASK_TREE;
  const cell = row * columns + column;
  if (intAt(starts, cell) < 0) return ASK_TREE;
  const end = GRID_ENTRY.size * from(intAt(starts, cell + 1));
  let count = 0;
  for (let e = GRID_ENTRY.size * intAt(starts, cell); e < end; e += GRID_ENTRY.size) {
    const gap =
      (east - intAt(entries, e)) |
      (north - intAt(entries, e + GRID_ENTRY.south)) |
      (intAt(entries, e + GRID_ENTRY.east) - west) |
      (intAt(entries, e + GRID_ENTRY.north) - south);
    if (gap >= 0) found[count++] = intAt(entries, e + GRID_ENTRY.value);
  }
  return count;
}

function from(start: number): number {
  return start < 0 ? ~start : start;
}

type Frame = Omit<BoxGrid, "starts" | "entries">;

/** The cells over the tree's root. */
export function frameOf({ boxes, levelEnds }: BoxTree): Frame {
  const [west = 0, south = 0, east = 0, north = 0] = boxes.subarray(-4);
  const cells = (CELLS_PER_BOX * (levelEnds[0] ?? 0)) / 4;
  const cellUnits = Math.sqrt(((east - west) * (north - south)) / Math.max(1, cells));
  const cellBits = Math.max(1, Math.ceil(Math.log2(Math.max(1, cellUnits))));
  const [columns, rows] = [((east - west) >> cellBits) + 1, ((north - south) >> cellBits) + 1];
  return { west, south, columns, rows, cellBits };
}

/** The cells that a box comes within half a cell of. */
interface Cells {
  readonly firstColumn: number;
  readonly lastColumn: number;
  readonly firstRow: number;
  readonly lastRow: number;
}

export function eachBox(
  { boxes, levelEnds }: BoxTree,
  { west, south, columns, rows, cellBits }: Frame,
  visit: (cells: Cells, leaf: number) => void,
): void {
  const half = 1 << (cellBits - 1);
  for (let i = 0; i < (levelEnds[0] ?? 0); i += 4) {
    const cells = {
      firstColumn: Math.max(0, (intAt(boxes, i) - west - half) >> cellBits),
      lastColumn: Math.min(columns - 1, (intAt(boxes, i + 2) - west + half) >> cellBits),
      firstRow: Math.max(0, (intAt(boxes, i + 1) - south - half) >> cellBits),
      lastRow: Math.min(rows - 1, (intAt(boxes, i + 3) - south + half) >> cellBits),
    };
    visit(cells, i / 4);
  }
}

export function eachCell({ columns }: Frame, cells: Cells, visit: (cell: number) => void): void {
  for (let row = cells.firstRow; row <= cells.lastRow; row++) {
    for (let column = cells.firstColumn; column <= cells.lastColumn; column++) visit(row * columns + column);
  }
}

function startsOfCells(tree: BoxTree, frame: Frame): Int32Array {
  const counts = new Int32Array(frame.columns * frame.rows);
  eachBox(tree, frame, (cells) => eachCell(frame, cells, (cell) => (counts[cell] = intAt(counts, cell) + 1)));
  const starts = new Int32Array(counts.length + 1);
  let start = 0;
  for (const [cell, count] of counts.entries()) {
    starts[cell] = count > CROWD ? ~start : start;
    if (count <= CROWD) start += count;
  }
  starts[counts.length] = start;
  return starts;
}
