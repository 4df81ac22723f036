import { at, intAt } from "../../core/at.ts";
import { PART } from "../index/packed-shapes.ts";
import type { PackedShapes } from "../index/packed-shapes.ts";
import { boxCount } from "../index/ring-chains.ts";
import { DECIMALS_PER_DEG, RING } from "../index/rings.ts";

/** RFC 7946: four positions, of which the last repeats the first. */
const MIN_EDGES = 3;

/** Whether each ring begins where the one before it ended; nothing is left over. */
export function areRings({ rings, degrees, decimals }: PackedShapes): boolean {
  let nextDegree = 0;
  let nextDecimal = 0;
  let nextBox = 0;
  if (rings.length % RING.size !== 0) return false;
  for (let r = 0; r < rings.length; r += RING.size) {
    const first = intAt(rings, r);
    const edges = intAt(rings, r + RING.edges);
    if (first !== (first < 0 ? ~nextDecimal : nextDegree)) return false;
    if (edges < MIN_EDGES || intAt(rings, r + RING.firstBox) !== nextBox) return false;
    nextBox += boxCount(edges);
    if (first < 0) nextDecimal += edges + 1;
    else nextDegree += edges + 1;
    if (2 * nextDecimal > decimals.length || 2 * nextDegree > degrees.length) return false;
  }
  return 2 * nextDegree === degrees.length && 2 * nextDecimal === decimals.length;
}

/**
 * Whether every ring is closed and every vertex lies in the box of its part: what is beside a box is not looked at.
 * Reads each once.
 */
export function holdTheirRings(shapes: PackedShapes): boolean {
  const { parts, partCount, rings } = shapes;
  for (let part = 0; part < partCount; part++) {
    const record = PART.size * part;
    const first = at(parts, record + PART.firstRing);
    const end = first + at(parts, record + PART.ringCount);
    for (let ring = first; ring < end; ring++) {
      const r = RING.size * ring;
      if (!(intAt(rings, r) < 0 ? areDecimalsIn(shapes, record, r) : areDegreesIn(shapes, record, r)))
        return false;
    }
  }
  return true;
}

function areDegreesIn({ parts, rings, degrees }: PackedShapes, part: number, r: number): boolean {
  const west = at(parts, part + PART.west);
  const south = at(parts, part + PART.south);
  const east = at(parts, part + PART.east);
  const north = at(parts, part + PART.north);
  const first = 2 * intAt(rings, r);
  const last = first + 2 * intAt(rings, r + RING.edges);
  for (let v = first; v <= last; v += 2) {
    const lon = at(degrees, v);
    const lat = at(degrees, v + 1);
    // NaN is nowhere.
    if (!(lon >= west && lon <= east && lat >= south && lat <= north)) return false;
  }
  return at(degrees, first) === at(degrees, last) && at(degrees, first + 1) === at(degrees, last + 1);
}

function areDecimalsIn({ parts, rings, decimals }: PackedShapes, part: number, r: number): boolean {
  const west = leastDecimal(at(parts, part + PART.west));
  const south = leastDecimal(at(parts, part + PART.south));
  const east = -leastDecimal(-at(parts, part + PART.east));
  const north = -leastDecimal(-at(parts, part + PART.north));
  const first = 2 * ~intAt(rings, r);
  const last = first + 2 * intAt(rings, r + RING.edges);
  for (let v = first; v <= last; v += 2) {
    const lon = intAt(decimals, v);
    const lat = intAt(decimals, v + 1);
    if (lon < west || lon > east || lat < south || lat > north) return false;
  }
  return (
    intAt(decimals, first) === intAt(decimals, last) &&
    intAt(decimals, first + 1) === intAt(decimals, last + 1)
  );
}

/** The least whole number of decimals that is at least so many degrees. */
function leastDecimal(deg: number): number {
  const near = Math.round(deg * DECIMALS_PER_DEG);
  return near / DECIMALS_PER_DEG < deg ? near + 1 : near;
}
