import { at, intAt } from "../../core/at.ts";
import type { UnitBox } from "./box-tree.ts";
import { unitBox } from "./box-tree.ts";
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
export function boxChains(all: Rings, ring: number): void {
  const edges = edgesOf(all.rings, ring);
  const target = all.boxes.subarray(4 * intAt(all.rings, RING.size * ring + RING.firstBox));
  for (let chain = 0; chain < chainsOf(edges); chain++) {
    setBox(target, chain, boxOfChain(chainAt(all, ring, chain)));
  }
  eachOuterBox(edges, (outer, inner, end) => {
    let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let b = 4 * inner; b < 4 * end; b += 4) {
      west = Math.min(west, intAt(target, b));
      south = Math.min(south, intAt(target, b + 1));
      east = Math.max(east, intAt(target, b + 2));
      north = Math.max(north, intAt(target, b + 3));
    }
    setBox(target, outer, { west, south, east, north });
  });
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

/** Room for the chains of the longest ring; for rings that are not there, no more than the vertices need. */
export function roomForChains({ rings, degrees, decimals }: Rings): Int32Array {
  let most = 0;
  for (let r = RING.edges; r < rings.length; r += RING.size) most = Math.max(most, intAt(rings, r));
  return new Int32Array(Math.min(chainsOf(most), degrees.length + decimals.length));
}
