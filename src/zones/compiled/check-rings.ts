import { at, intAt } from "../../core/at.ts";
import { UNITS_PER_DEG } from "../index/box-tree.ts";
import { PART } from "../index/packed-shapes.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import { boxCount, chainsOf, eachOuterBox, topLevel } from "../index/ring-chains.ts";
import { CHAIN_EDGES, DECIMALS_PER_DEG, RING, edgesOf } from "../index/rings.ts";
import { isWithin } from "./is-within.ts";

/**
 * Whether every ring is one, and each of its vertices lies in all boxes over it: a look-up that passes a box over
 * misses nothing. Of parts that were checked. Reads every vertex once.
 */
export function areRings(shapes: PackedShapes): boolean {
  if (!followOneAnother(shapes)) return false;
  const { parts, partCount } = shapes;
  for (let part = 0; part < partCount; part++) {
    const record = PART.size * part;
    const first = at(parts, record + PART.firstRing);
    const end = first + at(parts, record + PART.ringCount);
    for (let ring = first; ring < end; ring++) {
      const isBoxed = intAt(shapes.rings, RING.size * ring) < 0 ? areDecimalsIn : areDegreesIn;
      if (!isBoxed(shapes, record, ring) || !areBoxesIn(shapes, ring)) return false;
    }
  }
  return true;
}

/** Each begins where the one before it ended, has as many boxes as it takes, and is closed; nothing is left over. */
function followOneAnother(shapes: PackedShapes): boolean {
  const { rings, boxes, degrees, decimals } = shapes;
  let [degreesEnd, decimalsEnd, boxesEnd] = [0, 0, 0];
  for (let r = 0; r < rings.length; r += RING.size) {
    const [first, edges] = [intAt(rings, r), intAt(rings, r + RING.edges)];
    if (edges < MIN_EDGES || intAt(rings, r + RING.firstBox) !== boxesEnd) return false;
    if (first !== (first < 0 ? ~decimalsEnd : degreesEnd)) return false;
    if (first < 0) decimalsEnd += edges + 1;
    else degreesEnd += edges + 1;
    boxesEnd += boxCount(edges);
    if (2 * degreesEnd > degrees.length || 2 * decimalsEnd > decimals.length) return false;
    if (!isClosed(shapes, r / RING.size)) return false;
  }
  return (
    2 * degreesEnd === degrees.length && 2 * decimalsEnd === decimals.length && 4 * boxesEnd === boxes.length
  );
}

/** RFC 7946: four positions, of which the last repeats the first. */
const MIN_EDGES = 3;

function isClosed({ rings, degrees, decimals }: PackedShapes, ring: number): boolean {
  const first = intAt(rings, RING.size * ring);
  const edges = edgesOf(rings, ring);
  if (first < 0) {
    const [a, b] = [2 * ~first, 2 * (~first + edges)];
    return intAt(decimals, a) === intAt(decimals, b) && intAt(decimals, a + 1) === intAt(decimals, b + 1);
  }
  const [a, b] = [2 * first, 2 * (first + edges)];
  return at(degrees, a) === at(degrees, b) && at(degrees, a + 1) === at(degrees, b + 1);
}

/** Whether the vertices of each chain lie in its box, and in that of the part. */
function areDegreesIn({ parts, rings, boxes, degrees }: PackedShapes, part: number, ring: number): boolean {
  const r = RING.size * ring;
  let v = 2 * intAt(rings, r);
  const end = v + 2 * intAt(rings, r + RING.edges);
  for (let b = 4 * intAt(rings, r + RING.firstBox); v < end; b += 4) {
    const west = Math.max(at(parts, part + PART.west), intAt(boxes, b) / UNITS_PER_DEG);
    const south = Math.max(at(parts, part + PART.south), intAt(boxes, b + 1) / UNITS_PER_DEG);
    const east = Math.min(at(parts, part + PART.east), intAt(boxes, b + 2) / UNITS_PER_DEG);
    const north = Math.min(at(parts, part + PART.north), intAt(boxes, b + 3) / UNITS_PER_DEG);
    const last = Math.min(v + 2 * CHAIN_EDGES, end);
    for (let w = v; w <= last; w += 2) {
      const lon = at(degrees, w);
      const lat = at(degrees, w + 1);
      // NaN is nowhere.
      if (!(lon >= west && lon <= east && lat >= south && lat <= north)) return false;
    }
    v = last;
  }
  return true;
}

/** The same of decimals, exactly: units of both kinds are whole numbers of 1 / `UNITS_PER_DEG` of a decimal. */
function areDecimalsIn({ parts, rings, boxes, decimals }: PackedShapes, part: number, ring: number): boolean {
  const r = RING.size * ring;
  let v = 2 * ~intAt(rings, r);
  const end = v + 2 * intAt(rings, r + RING.edges);
  const partWest = leastDecimal(at(parts, part + PART.west));
  const partSouth = leastDecimal(at(parts, part + PART.south));
  const partEast = -leastDecimal(-at(parts, part + PART.east));
  const partNorth = -leastDecimal(-at(parts, part + PART.north));
  for (let b = 4 * intAt(rings, r + RING.firstBox); v < end; b += 4) {
    const west = Math.max(partWest, intAt(boxes, b) * DECIMALS_PER_UNIT);
    const south = Math.max(partSouth, intAt(boxes, b + 1) * DECIMALS_PER_UNIT);
    const east = Math.min(partEast, intAt(boxes, b + 2) * DECIMALS_PER_UNIT);
    const north = Math.min(partNorth, intAt(boxes, b + 3) * DECIMALS_PER_UNIT);
    const last = Math.min(v + 2 * CHAIN_EDGES, end);
    for (let w = v; w <= last; w += 2) {
      const lon = intAt(decimals, w);
      const lat = intAt(decimals, w + 1);
      if (lon < west || lon > east || lat < south || lat > north) return false;
    }
    v = last;
  }
  return true;
}

const DECIMALS_PER_UNIT = DECIMALS_PER_DEG / UNITS_PER_DEG;

/** The least whole number of decimals that is at least so many degrees. */
function leastDecimal(deg: number): number {
  const near = Math.round(deg * DECIMALS_PER_DEG);
  return near / DECIMALS_PER_DEG < deg ? near + 1 : near;
}

/** Whether each box over others holds them; most rings have none. */
function areBoxesIn({ rings, boxes }: PackedShapes, ring: number): boolean {
  const edges = edgesOf(rings, ring);
  if (topLevel(chainsOf(edges)) === 0) return true;
  const first = intAt(rings, RING.size * ring + RING.firstBox);
  let areIn = true;
  eachOuterBox(edges, (outer, inner, end) => {
    for (let i = inner; i < end; i++) areIn &&= isWithin(boxes, 4 * (first + i), 4 * (first + outer));
  });
  return areIn;
}
