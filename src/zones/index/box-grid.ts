import { intAt } from "../../core/at.ts";
import type { BoxTree, UnitBox } from "./box-tree.ts";
import { searchTree } from "./box-tree.ts";

/**
 * Square cells over boxes, each with the boxes that come within half a cell of it, one after the other in memory: a
 * small search reads one cell, where the tree reads a branch from its root. A cell is filled by the tree when it is
 * first met; where boxes crowd, the tree is always asked.
 */
export interface BoxGrid {
  readonly west: number;
  readonly south: number;
  readonly columns: number;
  readonly rows: number;
  /** A cell is 2 to this power units wide and high. */
  readonly cellBits: number;
  readonly tree: BoxTree;
  /** Item i is found as `values[i]`. */
  readonly values: Int32Array;
  /** At which leaf each item stands. */
  readonly leaves: Int32Array;
  /** Where each cell's entries begin: first how many they are. Or `UNMET`, or `CROWDED`. */
  readonly starts: Int32Array;
  /** Grows as cells are met. */
  entries: Int32Array;
  end: number;
}

/** An entry of a cell: a box, and its item's value. */
const ENTRY = { west: 0, south: 1, east: 2, north: 3, value: 4, size: 5 } as const;

const UNMET = 0;
const CROWDED = -1;

/** About two entries a cell, where boxes lie evenly and apart. */
const CELLS_PER_BOX = 4;
/** More entries take longer than the tree does. */
const CROWD = 8;
/** More cells for a box, as over boxes in one row, cost more than the tree itself. */
const MAX_CELLS_PER_BOX = 64;

/** The answer of a search that must ask the tree. */
export const ASK_TREE = -1;

/** Lays a grid over a tree's boxes; item i is found as `values[i]`. Null where it would cost too much. */
export function boxGrid(tree: BoxTree, values: Int32Array): BoxGrid | null {
  const frame = frameOf(tree);
  const cells = frame.columns * frame.rows;
  if (tree.levelEnds.length === 0 || cells > MAX_CELLS_PER_BOX * values.length) return null;
  const leaves = new Int32Array(values.length);
  for (let leaf = 0; leaf < leaves.length; leaf++) leaves[intAt(tree.indices, leaf)] = leaf;
  const room = { starts: new Int32Array(cells), entries: new Int32Array(1024), end: 1 };
  return { ...frame, tree, values, leaves, ...room };
}

/** The cells over the tree's root. */
function frameOf({ boxes, levelEnds }: BoxTree) {
  const [west = 0, south = 0, east = 0, north = 0] = boxes.subarray(-4);
  const cells = (CELLS_PER_BOX * (levelEnds[0] ?? 0)) / 4;
  const cellUnits = Math.sqrt(((east - west) * (north - south)) / Math.max(1, cells));
  const cellBits = Math.max(1, Math.ceil(Math.log2(Math.max(1, cellUnits))));
  const [columns, rows] = [((east - west) >> cellBits) + 1, ((north - south) >> cellBits) + 1];
  return { west, south, columns, rows, cellBits };
}

/**
 * Writes the values of the boxes that meet the given one into `found` and returns how many, or `ASK_TREE`. As many
 * may be found as there are boxes.
 */
export function searchGrid(grid: BoxGrid, { west, south, east, north }: UnitBox, found: Int32Array): number {
  const { cellBits, columns, rows, starts } = grid;
  const half = 1 << (cellBits - 1);
  const column = (((west + east) >> 1) - grid.west) >> cellBits;
  const row = (((south + north) >> 1) - grid.south) >> cellBits;
  if (column < 0 || column >= columns || row < 0 || row >= rows) return ASK_TREE;
  const [cellWest, cellSouth] = [grid.west + (column << cellBits), grid.south + (row << cellBits)];
  if (west < cellWest - half || south < cellSouth - half) return ASK_TREE;
  if (east >= cellWest + 3 * half || north >= cellSouth + 3 * half) return ASK_TREE;
  const cell = row * columns + column;
  if (intAt(starts, cell) === UNMET) fillCell(grid, cell, cellWest, cellSouth, found);
  const start = intAt(starts, cell);
  if (start === CROWDED) return ASK_TREE;
  const { entries } = grid;
  const end = start + 1 + ENTRY.size * intAt(entries, start);
  let count = 0;
  for (let e = start + 1; e < end; e += ENTRY.size) {
    const gap =
      (east - intAt(entries, e)) |
      (north - intAt(entries, e + ENTRY.south)) |
      (intAt(entries, e + ENTRY.east) - west) |
      (intAt(entries, e + ENTRY.north) - south);
    if (gap >= 0) found[count++] = intAt(entries, e + ENTRY.value);
  }
  return count;
}

function fillCell(grid: BoxGrid, cell: number, cellWest: number, cellSouth: number, found: Int32Array): void {
  const { tree, values, leaves, starts } = grid;
  const half = 1 << (grid.cellBits - 1);
  const [west, south] = [cellWest - half, cellSouth - half];
  const around = { west, south, east: cellWest + 3 * half, north: cellSouth + 3 * half };
  const count = searchTree(tree, around, found);
  starts[cell] = count > CROWD ? CROWDED : grid.end;
  if (count > CROWD) return;
  const entries = withRoom(grid, 1 + ENTRY.size * count);
  entries[grid.end] = count;
  for (let i = 0; i < count; i++) {
    const item = intAt(found, i);
    const e = grid.end + 1 + ENTRY.size * i;
    const b = 4 * intAt(leaves, item);
    for (let side = 0; side < 4; side++) entries[e + side] = intAt(tree.boxes, b + side);
    entries[e + ENTRY.value] = intAt(values, item);
  }
  grid.end += 1 + ENTRY.size * count;
}

function withRoom(grid: BoxGrid, more: number): Int32Array {
  if (grid.end + more > grid.entries.length) {
    const larger = new Int32Array(2 * grid.entries.length + more);
    larger.set(grid.entries);
    grid.entries = larger;
  }
  return grid.entries;
}
