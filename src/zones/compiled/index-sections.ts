import type { BoxGrid } from "../index/box-grid.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import { PART } from "../index/packed-shapes.ts";
import { roomForChains } from "../index/ring-chains.ts";
import type { AreaIndex } from "../index/zone-index.ts";
import type { Section } from "./layout.ts";

/** Gives the next sections of a file, in its order, as arrays of the type that is asked for. */
export interface SectionReader {
  bytes(): Uint8Array;
  ints(): Int32Array;
  doubles(): Float64Array;
}

/** The arrays of an index, in the order in which `readIndex` takes them. `found` is room for searches, no content. */
export function sectionsOfIndex({ shapes, tree, grid, itemPart }: AreaIndex): readonly Section[] {
  const { boxes, indices, levelEnds } = tree;
  return [...sectionsOfShapes(shapes), boxes, indices, levelEnds, itemPart, ...sectionsOfGrid(grid)];
}

export function readIndex(from: SectionReader): AreaIndex {
  const shapes = readShapes(from);
  const tree = { boxes: from.ints(), indices: from.ints(), levelEnds: from.ints() };
  const itemPart = from.ints();
  const grid = readGrid(from);
  return { shapes, tree, grid, itemPart, found: new Int32Array(2 * itemPart.length) };
}

function sectionsOfShapes({ parts, rings, boxes, degrees, decimals }: PackedShapes): readonly Section[] {
  return [parts, rings, boxes, degrees, decimals];
}

function readShapes(from: SectionReader): PackedShapes {
  const parts = from.doubles();
  const partCount = Math.floor(parts.length / PART.size);
  const rings = { rings: from.ints(), boxes: from.ints(), degrees: from.doubles(), decimals: from.ints() };
  return { partCount, parts, ...rings, found: roomForChains(rings) };
}

/** No frame: no grid. */
function sectionsOfGrid(grid: BoxGrid | null): readonly Section[] {
  if (grid === null) return [new Int32Array(), new Int32Array(), new Int32Array()];
  const { west, south, columns, rows, cellBits, starts, entries } = grid;
  return [Int32Array.of(west, south, columns, rows, cellBits), starts, entries];
}

function readGrid(from: SectionReader): BoxGrid | null {
  const frame = from.ints();
  const [starts, entries] = [from.ints(), from.ints()];
  const [west = 0, south = 0, columns = 0, rows = 0, cellBits = 0] = frame;
  return frame.length === 0 ? null : { west, south, columns, rows, cellBits, starts, entries };
}
