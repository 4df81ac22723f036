import { intAt } from "../../core/at.ts";
import type { UnitBox } from "./box-tree.ts";
import type { PackedShapes } from "./packed-shapes.ts";
import { FAN_BITS, boxesOn, chainsOf, firstBoxOf, topLevel } from "./ring-chains.ts";
import { RING } from "./rings.ts";

/** Writes the chains of a ring whose boxes meet the given one into `shapes.found` and returns how many. */
export function chainsMeeting(
  shapes: PackedShapes,
  ring: number,
  { west, south, east, north }: UnitBox,
): number {
  const { rings, boxes, found } = shapes;
  const chains = chainsOf(intAt(rings, RING.size * ring + RING.edges));
  const top = topLevel(chains);
  let level = top;
  let levelStart = startOfTop(shapes, ring, chains, top);
  let count = 0;
  for (let chain = 0; chain < chains;) {
    const b = 4 * (levelStart + (chain >> (FAN_BITS * level)));
    // Negative where any of the four is: the boxes lie apart.
    const gap =
      (east - intAt(boxes, b)) |
      (north - intAt(boxes, b + 1)) |
      (intAt(boxes, b + 2) - west) |
      (intAt(boxes, b + 3) - south);
    if (gap >= 0 && level > 0) {
      levelStart -= boxesOn(--level, chains);
      continue;
    }
    if (gap >= 0) found[count++] = chain;
    chain += 1 << (FAN_BITS * level);
    // Past the last box below one of the next level: up again.
    while (level < top && (chain & ((1 << (FAN_BITS * (level + 1))) - 1)) === 0) {
      levelStart += boxesOn(level++, chains);
    }
  }
  return count;
}

/**
 * A chain that is near a place in units: going down from the highest level, always by the box whose middle is the
 * nearest. A unit of longitude is `stretch` units of latitude.
 */
export function nearbyChain(
  shapes: PackedShapes,
  ring: number,
  lonUnits: number,
  latUnits: number,
  stretch: number,
): number {
  const { rings, boxes } = shapes;
  const chains = chainsOf(intAt(rings, RING.size * ring + RING.edges));
  let level = topLevel(chains);
  let levelStart = startOfTop(shapes, ring, chains, level);
  let first = 0;
  let end = boxesOn(level, chains);
  for (;;) {
    let nearest = first;
    let least = Infinity;
    for (let i = first; i < end; i++) {
      const b = 4 * (levelStart + i);
      const x = (intAt(boxes, b) + intAt(boxes, b + 2) - 2 * lonUnits) * stretch;
      const y = intAt(boxes, b + 1) + intAt(boxes, b + 3) - 2 * latUnits;
      const squared = x * x + y * y;
      if (squared < least) {
        least = squared;
        nearest = i;
      }
    }
    if (level === 0) return nearest;
    levelStart -= boxesOn(--level, chains);
    first = nearest << FAN_BITS;
    end = Math.min(first + (1 << FAN_BITS), boxesOn(level, chains));
  }
}

function startOfTop(shapes: PackedShapes, ring: number, chains: number, top: number): number {
  let start = firstBoxOf(shapes, ring);
  for (let level = 0; level < top; level++) start += boxesOn(level, chains);
  return start;
}
