import { at, intAt } from "../../core/at.ts";
import type { Plane } from "../../core/plane.ts";
import { bend, excessM, lengthSquared } from "../../core/plane.ts";
import { UNITS_PER_DEG, unitBox } from "./box-tree.ts";
import { chainsMeeting, nearbyChain } from "./find-chains.ts";
import type { PackedShapes } from "./packed-shapes.ts";
import { PART } from "./packed-shapes.ts";
import { CHAIN_EDGES, RING, edgesOf, chainAt, latAt } from "./rings.ts";

/** What the edges of one polygon part say; `box` is where its record begins, `lon` the origin's beside it. */

/** Even-odd rule with a ray to the east; an edge owns its lower end, so that a vertex is counted once. */
export function isInside(shapes: PackedShapes, box: number, lon: number, lat: number): boolean {
  const { parts, rings, boxes, found } = shapes;
  if (lat < at(parts, box + PART.south) || lat > at(parts, box + PART.north)) return false;
  if (lon < at(parts, box + PART.west) || lon > at(parts, box + PART.east)) return false;
  const ray = unitBox({ west: lon, south: lat, east: Infinity, north: lat });
  const firstRing = at(parts, box + PART.firstRing);
  const endRing = firstRing + at(parts, box + PART.ringCount);
  let inside = false;
  for (let ring = firstRing; ring < endRing; ring++) {
    const firstBox = intAt(rings, RING.size * ring + RING.firstBox);
    const count = chainsMeeting(shapes, ring, ray);
    for (let i = 0; i < count; i++) {
      const chain = intAt(found, i);
      // Wholly to the east it crosses the ray as often as its ends tell, by the same rule.
      const isEast = intAt(boxes, 4 * (firstBox + chain)) > ray.west;
      if (crossesOddly(shapes, ring, chain, isEast, lon, lat)) inside = !inside;
    }
  }
  return inside;
}

function crossesOddly(
  shapes: PackedShapes,
  ring: number,
  chain: number,
  isEast: boolean,
  lon: number,
  lat: number,
): boolean {
  if (isEast) return endsLieApart(shapes, ring, chain, lat);
  const { numbers, from, last } = chainAt(shapes, ring, chain);
  let isOdd = false;
  let aLat = at(numbers, from + 1);
  for (let v = from + 2; v <= last; v += 2) {
    const bLat = at(numbers, v + 1);
    if (aLat > lat !== bLat > lat) {
      const aLon = at(numbers, v - 2);
      if (lon < ((at(numbers, v) - aLon) * (lat - aLat)) / (bLat - aLat) + aLon) isOdd = !isOdd;
    }
    aLat = bLat;
  }
  return isOdd;
}

function endsLieApart(shapes: PackedShapes, ring: number, chain: number, lat: number): boolean {
  const first = CHAIN_EDGES * chain;
  const last = Math.min(first + CHAIN_EDGES, edgesOf(shapes.rings, ring));
  return latAt(shapes, ring, first) > lat !== latAt(shapes, ring, last) > lat;
}

/**
 * Square of the distance to the nearest edge where that is within the limit, else Infinity; or of the first that is
 * near enough. The chain that seems nearest comes first: what it leaves to look at is little.
 */
export function edgeDistanceSquared(
  shapes: PackedShapes,
  box: number,
  plane: Plane,
  lon: number,
  limitM: number,
  enoughM: number,
): number {
  const { parts, found } = shapes;
  const { latDeg, xPerDeg, yPerDeg } = plane;
  const enough = enoughM > 0 ? enoughM * enoughM : 0;
  const farthestM = limitM + 2 * excessM(plane, limitM);
  const none = farthestM * farthestM;
  const lonPerM = 1 / (xPerDeg * (1 - bend(plane, farthestM)));
  const firstRing = at(parts, box + PART.firstRing);
  const endRing = firstRing + at(parts, box + PART.ringCount);
  const [lonUnits, latUnits] = [lon * UNITS_PER_DEG, latDeg * UNITS_PER_DEG];
  const shell = nearbyChain(shapes, firstRing, lonUnits, latUnits, xPerDeg / yPerDeg);
  let nearest = nearestInChain(shapes, firstRing, shell, plane, lon, none);
  for (let ring = firstRing; ring < endRing && nearest > enough; ring++) {
    const nearestM = Math.sqrt(nearest);
    const dLon = nearestM * lonPerM + ROUNDING_DEG;
    const dLat = (nearestM * 1.002) / yPerDeg + ROUNDING_DEG;
    const near = { west: lon - dLon, south: latDeg - dLat, east: lon + dLon, north: latDeg + dLat };
    const count = chainsMeeting(shapes, ring, unitBox(near));
    for (let i = 0; i < count && nearest > enough; i++) {
      const chain = intAt(found, i);
      if (ring === firstRing && chain === shell) continue;
      nearest = nearestInChain(shapes, ring, chain, plane, lon, nearest);
    }
  }
  return nearest < none ? nearest : Infinity;
}

/** Far above what rounding adds to a degree, far below a millimetre. */
const ROUNDING_DEG = 1e-9;

/** The least of `nearest` and the squares of the distances to the edges of a chain. */
function nearestInChain(
  shapes: PackedShapes,
  ring: number,
  chain: number,
  plane: Plane,
  lon: number,
  nearest: number,
): number {
  const { latDeg, xPerDeg, yPerDeg } = plane;
  const { numbers, from, last } = chainAt(shapes, ring, chain);
  let least = nearest;
  let ax = (at(numbers, from) - lon) * xPerDeg;
  let ay = (at(numbers, from + 1) - latDeg) * yPerDeg;
  for (let v = from + 2; v <= last; v += 2) {
    const bx = (at(numbers, v) - lon) * xPerDeg;
    const by = (at(numbers, v + 1) - latDeg) * yPerDeg;
    const dx = bx - ax;
    const dy = by - ay;
    // The foot of the perpendicular, kept on the edge; two equal vertices give NaN, which both tests make 0.
    const t = -(ax * dx + ay * dy) / (dx * dx + dy * dy);
    const on = t > 0 ? (t < 1 ? t : 1) : 0;
    const squared = lengthSquared(plane, ax + on * dx, ay + on * dy);
    if (squared < least) least = squared;
    ax = bx;
    ay = by;
  }
  return least;
}
