import { at, intAt } from "../../core/at.ts";
import type { UnitBox } from "./box-tree.ts";
import { unitBox } from "./box-tree.ts";
import type { PackedShapes } from "./packed-shapes.ts";

/** The rings of a set: records, boxes and vertices of all. */
export type Rings = Pick<PackedShapes, "rings" | "boxes" | "vertices">;

/*
 * A ring is cut into *chains* of consecutive edges, each with its box, and long rings have boxes over those boxes: a
 * look-up reads the vertices of the few chains that matter to it. What stands where follows from how many edges the
 * ring has, so that nothing in a file can lead astray.
 */

/** Edges of a chain (measured: 8 and 32 cost a verdict more). The last of a ring may have fewer. */
export const CHAIN_EDGES = 8;
/** A box of a level holds up to 2 to this power of the level below; no more stand on the highest. */
export const FAN_BITS = 4;

/** A ring's record: its first vertex and its first box. Its last are before those of the next record. */
export const RING = { firstVertex: 0, firstBox: 1, size: 2 } as const;

/** Edges of a ring; it has one vertex more, as the first is repeated at the end. */
export function edgesOf(rings: Int32Array, ring: number): number {
  const r = RING.size * ring;
  return intAt(rings, r + RING.size) - intAt(rings, r) - 1;
}

export function chainsOf(edges: number): number {
  return Math.ceil(edges / CHAIN_EDGES);
}

/** How many boxes stand on a level over so many chains; on level 0 each chain's own. */
export function boxesOn(level: number, chains: number): number {
  return ((chains - 1) >> (FAN_BITS * level)) + 1;
}

export function topLevel(chains: number): number {
  let level = 0;
  while (boxesOn(level, chains) > 1 << FAN_BITS) level++;
  return level;
}

/** All boxes of a ring: the chains' first, then level by level. */
export function boxCount(edges: number): number {
  const chains = chainsOf(edges);
  let count = 0;
  for (let level = topLevel(chains); level >= 0; level--) count += boxesOn(level, chains);
  return count;
}

/** Calls `visit` with each box over others and those that it is over, in the order of the levels. */
export function eachOuterBox(
  edges: number,
  visit: (outer: number, firstInner: number, endInner: number) => void,
): void {
  const chains = chainsOf(edges);
  const top = topLevel(chains);
  let inner = 0;
  for (let level = 1, outer = chains; level <= top; level++) {
    const endInner = outer;
    for (; inner < endInner; inner += 1 << FAN_BITS, outer++) {
      visit(outer, inner, Math.min(inner + (1 << FAN_BITS), endInner));
    }
    inner = endInner;
  }
}

/** Fills in the boxes of a ring whose vertices are there. */
export function boxChains({ rings, boxes, vertices }: Rings, ring: number): void {
  const edges = edgesOf(rings, ring);
  const first = 2 * intAt(rings, RING.size * ring);
  const target = boxes.subarray(4 * intAt(rings, RING.size * ring + RING.firstBox));
  for (let chain = 0; chain < chainsOf(edges); chain++) {
    const from = first + 2 * CHAIN_EDGES * chain;
    setBox(target, chain, boxOfVertices(vertices, from, Math.min(from + 2 * CHAIN_EDGES, first + 2 * edges)));
  }
  eachOuterBox(edges, (outer, inner, end) => {
    const box = { west: Infinity, south: Infinity, east: -Infinity, north: -Infinity };
    for (let b = 4 * inner; b < 4 * end; b += 4) {
      box.west = Math.min(box.west, intAt(target, b));
      box.south = Math.min(box.south, intAt(target, b + 1));
      box.east = Math.max(box.east, intAt(target, b + 2));
      box.north = Math.max(box.north, intAt(target, b + 3));
    }
    setBox(target, outer, box);
  });
}

function setBox(boxes: Int32Array, i: number, { west, south, east, north }: UnitBox): void {
  boxes[4 * i] = west;
  boxes[4 * i + 1] = south;
  boxes[4 * i + 2] = east;
  boxes[4 * i + 3] = north;
}

/** `last` is where the last vertex stands. */
function boxOfVertices(vertices: Float64Array, from: number, last: number): UnitBox {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let v = from; v <= last; v += 2) {
    const [lon, lat] = [at(vertices, v), at(vertices, v + 1)];
    west = Math.min(west, lon);
    south = Math.min(south, lat);
    east = Math.max(east, lon);
    north = Math.max(north, lat);
  }
  return unitBox({ west, south, east, north });
}

/** Room for the chains of the longest ring; of rings that are not there, no more than the vertices need. */
export function roomForChains(rings: Int32Array, vertices: Float64Array): Int32Array {
  let most = 0;
  for (let ring = 0; ring < rings.length / RING.size - 1; ring++) most = Math.max(most, edgesOf(rings, ring));
  return new Int32Array(Math.min(chainsOf(most), vertices.length));
}
