import { at, intAt } from "../../core/at.ts";
import type { Plane } from "../../core/plane.ts";
import { bend, excessM } from "../../core/plane.ts";
import { unitBox } from "./box-tree.ts";
import { chainsMeeting } from "./find-chains.ts";
import type { PackedShapes } from "./packed-shapes.ts";
import { PART, radiusOf } from "./packed-shapes.ts";
import { chainAt } from "./rings.ts";
import { isWide, nearestTurn } from "./shape-distance.ts";

/**
 * A distance to the segment from (ax, ay) to (bx, by), in the plane's metres, where it is at most `limitM`; else any
 * number above that.
 */
export type Measure = (ax: number, ay: number, bx: number, by: number, limitM: number) => number;

/**
 * By how much the plane may miss where a place lies from another, both within `limitM` of the origin: its `x` is off
 * by up to d·tan φ / R of itself, and bearings by half of that; twice as much for the terms left out. A millimetre
 * for rounding. A circle is measured from its centre, which lies farther away.
 */
export function skewM(shapes: PackedShapes, part: number, plane: Plane, limitM: number): number {
  const farM = limitM + radiusOf(shapes, part);
  return farM * 2 * bend(plane, farM) + 0.001;
}

/**
 * Whether `measure` gives at most `limitM` for any edge of a part that comes within `farM` of the origin. A circle is
 * measured as its centre, less its radius.
 */
export function anyEdgeWithin(
  shapes: PackedShapes,
  part: number,
  plane: Plane,
  farM: number,
  limitM: number,
  measure: Measure,
): boolean {
  const { parts } = shapes;
  const box = PART.size * part;
  const lon = nearestTurn(parts, box, plane.lonDeg);
  const radiusM = radiusOf(shapes, part);
  if (radiusM > 0) {
    const x = (at(parts, box + PART.west) - lon) * plane.xPerDeg;
    const y = (at(parts, box + PART.south) - plane.latDeg) * plane.yPerDeg;
    return measure(x, y, x, y, limitM + radiusM) <= limitM + radiusM;
  }
  if (anyInRings(shapes, box, plane, lon, farM, limitM, measure)) return true;
  if (!isWide(parts, box)) return false;
  return [lon - 360, lon + 360].some((turn) => anyInRings(shapes, box, plane, turn, farM, limitM, measure));
}

function anyInRings(
  shapes: PackedShapes,
  box: number,
  plane: Plane,
  lon: number,
  farM: number,
  limitM: number,
  measure: Measure,
): boolean {
  if (!isBoxWithin(shapes, box, plane, lon, limitM, measure)) return false;
  const { parts, found } = shapes;
  const lookM = farM + excessM(plane, farM);
  const dLat = (lookM / plane.yPerDeg) * 1.002;
  const dLon = lookM / (plane.xPerDeg * (1 - bend(plane, lookM)));
  const { latDeg } = plane;
  const near = unitBox({ west: lon - dLon, south: latDeg - dLat, east: lon + dLon, north: latDeg + dLat });
  const firstRing = at(parts, box + PART.firstRing);
  const endRing = firstRing + at(parts, box + PART.ringCount);
  for (let ring = firstRing; ring < endRing; ring++) {
    const count = chainsMeeting(shapes, ring, near);
    for (let i = 0; i < count; i++) {
      if (anyInChain(shapes, ring, intAt(found, i), plane, lon, limitM, measure)) return true;
    }
  }
  return false;
}

function anyInChain(
  shapes: PackedShapes,
  ring: number,
  chain: number,
  plane: Plane,
  lon: number,
  limitM: number,
  measure: Measure,
): boolean {
  const { numbers, from, last } = chainAt(shapes, ring, chain);
  let ax = (at(numbers, from) - lon) * plane.xPerDeg;
  let ay = (at(numbers, from + 1) - plane.latDeg) * plane.yPerDeg;
  for (let v = from + 2; v <= last; v += 2) {
    const bx = (at(numbers, v) - lon) * plane.xPerDeg;
    const by = (at(numbers, v + 1) - plane.latDeg) * plane.yPerDeg;
    if (measure(ax, ay, bx, by, limitM) <= limitM) return true;
    ax = bx;
    ay = by;
  }
  return false;
}

/** The same for the edges of the box: nothing in it is nearer. True where the origin is in it. */
function isBoxWithin(
  { parts }: PackedShapes,
  box: number,
  plane: Plane,
  lon: number,
  limitM: number,
  measure: Measure,
): boolean {
  const west = (at(parts, box + PART.west) - lon) * plane.xPerDeg;
  const south = (at(parts, box + PART.south) - plane.latDeg) * plane.yPerDeg;
  const east = (at(parts, box + PART.east) - lon) * plane.xPerDeg;
  const north = (at(parts, box + PART.north) - plane.latDeg) * plane.yPerDeg;
  if (west <= 0 && east >= 0 && south <= 0 && north >= 0) return true;
  return (
    measure(west, south, east, south, limitM) <= limitM ||
    measure(east, south, east, north, limitM) <= limitM ||
    measure(east, north, west, north, limitM) <= limitM ||
    measure(west, north, west, south, limitM) <= limitM
  );
}
