import { intAt } from "../../core/at.ts";
import { GRID_ENTRY, eachBox, eachCell, frameOf } from "../index/box-grid.ts";
import type { BoxGrid } from "../index/box-grid.ts";
import type { BoxTree } from "../index/box-tree.ts";

/**
 * Whether a grid finds what its tree does: laid as over that tree, every box stands in each cell near it that is not
 * left to the tree, and nothing else does.
 */
export function isGridOf(grid: BoxGrid, tree: BoxTree, values: Int32Array): boolean {
  const { starts, entries } = grid;
  const frame = frameOf(tree);
  const isFrame =
    grid.west === frame.west &&
    grid.south === frame.south &&
    grid.columns === frame.columns &&
    grid.rows === frame.rows &&
    grid.cellBits === frame.cellBits;
  if (!isFrame || !areStarts(grid)) return false;
  // As when it was built: entries of a cell in the order of the leaves.
  const next = starts.slice();
  let isSound = true;
  eachBox(tree, frame, (cells, leaf) => {
    const value = intAt(values, intAt(tree.indices, leaf));
    eachCell(frame, cells, (cell) => {
      const entry = intAt(next, cell);
      if (entry < 0) return;
      next[cell] = entry + 1;
      isSound &&=
        entry < endOf(starts, cell) && isEntry(entries, GRID_ENTRY.size * entry, tree, 4 * leaf, value);
    });
  });
  for (let cell = 0; cell < starts.length - 1 && isSound; cell++) {
    isSound = intAt(next, cell) < 0 || intAt(next, cell) === endOf(starts, cell);
  }
  return isSound;
}

/** A number for each cell and one more, that never fall and end with the entries. */
function areStarts({ columns, rows, starts, entries }: BoxGrid): boolean {
  if (starts.length !== columns * rows + 1 || intAt(starts, 0) > 0) return false;
  let last = 0;
  for (let cell = 0; cell < starts.length; cell++) {
    const start = fromInverted(intAt(starts, cell));
    if (start < last) return false;
    last = start;
  }
  return GRID_ENTRY.size * last === entries.length && intAt(starts, starts.length - 1) >= 0;
}

function isEntry(entries: Int32Array, e: number, { boxes }: BoxTree, b: number, value: number): boolean {
  return (
    intAt(entries, e + GRID_ENTRY.west) === intAt(boxes, b) &&
    intAt(entries, e + GRID_ENTRY.south) === intAt(boxes, b + 1) &&
    intAt(entries, e + GRID_ENTRY.east) === intAt(boxes, b + 2) &&
    intAt(entries, e + GRID_ENTRY.north) === intAt(boxes, b + 3) &&
    intAt(entries, e + GRID_ENTRY.value) === value
  );
}

function endOf(starts: Int32Array, cell: number): number {
  return fromInverted(intAt(starts, cell + 1));
}

function fromInverted(start: number): number {
  return start < 0 ? ~start : start;
}
