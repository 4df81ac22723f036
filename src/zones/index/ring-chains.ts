import { at, intAt } from "../../core/at.ts";
import type { UnitBox } from "./box-tree.ts";
import { unitBox } from "./box-tree.ts";
import type { PackedShapes } from "./packed-shapes.ts";
import type { Chain, Rings } from "./rings.ts";
import { CHAIN_EDGES, RING, chainAt, edgesOf } from "./rings.ts";

/*
 * Each chain of a ring has a box, and long rings have boxes over those boxes: a look-up reads the vertices of the few
 * chains that matter to it. Which box stands where follows from how many edges the ring has, so that nothing in a
 * file can lead astray.
 */

/** A box of a level holds up to 2 to this power of the level below; no more stand on the highest. */
export const FAN_BITS = 4;

/** How many boxes stand on a level over so many chains; on level 0 each chain's own. */
export function boxesOn(level: number, chains: number): number {
  return ((chains - 1) >> (FAN_BITS * level)) + 1;
}

export function topLevel(chains: number): number {
  let level = 0;
  while (boxesOn(level, chains) > 1 << FAN_BITS) level++;
  return level;
}

export function chainsOf(edges: number): number {
  return Math.ceil(edges / CHAIN_EDGES);
}

/** All boxes of a ring: the chains' first, then level by level. */
export function boxCount(edges: number): number {
  const chains = chainsOf(edges);
  let count = 0;
  for (let level = topLevel(chains); level >= 0; level--) count += boxesOn(level, chains);
  return count;
}

/** Where a ring's boxes begin; they are filled in when they are first asked for. */
export function firstBoxOf(all: Rings, ring: number): number {
  const { rings, boxes } = all;
  const first = intAt(rings, RING.size * ring + RING.firstBox);
  const b = 4 * first;
  const any = intAt(boxes, b) | intAt(boxes, b + 1) | intAt(boxes, b + 2) | intAt(boxes, b + 3);
  if (any === 0) fillBoxes(all, ring, first);
  return first;
}

function fillBoxes(all: Rings, ring: number, first: number): void {
  const { rings, boxes } = all;
  const chains = chainsOf(edgesOf(rings, ring));
  for (let chain = 0; chain < chains; chain++)
    setBox(boxes, first + chain, boxOfChain(chainAt(all, ring, chain)));
  const top = topLevel(chains);
  let inner = first;
  for (let level = 1, outer = first + chains; level <= top; level++) {
    for (const end = outer; inner < end; inner += 1 << FAN_BITS, outer++) {
      setBox(boxes, outer, boxOfBoxes(boxes, inner, Math.min(inner + (1 << FAN_BITS), end)));
    }
    inner = outer - boxesOn(level, chains);
  }
}

function boxOfBoxes(boxes: Int32Array, from: number, end: number): UnitBox {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let b = 4 * from; b < 4 * end; b += 4) {
    west = Math.min(west, intAt(boxes, b));
    south = Math.min(south, intAt(boxes, b + 1));
    east = Math.max(east, intAt(boxes, b + 2));
    north = Math.max(north, intAt(boxes, b + 3));
  }
  return { west, south, east, north };
}

function setBox(boxes: Int32Array, i: number, { west, south, east, north }: UnitBox): void {
  boxes[4 * i] = west;
  boxes[4 * i + 1] = south;
  boxes[4 * i + 2] = east;
  boxes[4 * i + 3] = north;
}

function boxOfChain({ numbers, from, last }: Chain): UnitBox {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (let v = from; v <= last; v += 2) {
    const [lon, lat] = [at(numbers, v), at(numbers, v + 1)];
    west = Math.min(west, lon);
    south = Math.min(south, lat);
    east = Math.max(east, lon);
    north = Math.max(north, lat);
  }
  return unitBox({ west, south, east, north });
}

/** How many boxes the rings of a set have: they follow one another. */
export function boxesIn(rings: Int32Array): number {
  const last = rings.subarray(-RING.size);
  return last.length === 0 ? 0 : intAt(last, RING.firstBox) + boxCount(intAt(last, RING.edges));
}

/** Room for the boxes of all rings, and for the chains of one as long as all: what is not used of it costs nothing. */
export function roomForChains({
  rings,
  degrees,
  decimals,
}: Omit<Rings, "boxes">): Pick<PackedShapes, "boxes" | "found"> {
  const edges = (degrees.length + decimals.length) / 2;
  return { boxes: new Int32Array(4 * boxesIn(rings)), found: new Int32Array(chainsOf(edges)) };
}
