import { at, intAt } from "../../core/at.ts";
import type { Plane } from "../../core/plane.ts";
import { bend, excessM } from "../../core/plane.ts";
import type { PackedShapes } from "./packed-shapes.ts";
import { EDGE, PART, radiusOf, slabOf } from "./packed-shapes.ts";
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
  if (anyInBand(shapes, box, plane, lon, farM, limitM, measure)) return true;
  if (!isWide(parts, box)) return false;
  return [lon - 360, lon + 360].some((turn) => anyInBand(shapes, box, plane, turn, farM, limitM, measure));
}

function anyInBand(
  shapes: PackedShapes,
  box: number,
  plane: Plane,
  lon: number,
  farM: number,
  limitM: number,
  measure: Measure,
): boolean {
  if (!isBoxWithin(shapes, box, plane, lon, limitM, measure)) return false;
  const { parts, slabs, edges } = shapes;
  const bandDeg = ((farM + excessM(plane, farM)) / plane.yPerDeg) * 1.001;
  const firstSlab = at(parts, box + PART.firstSlab);
  const first = intAt(slabs, firstSlab + slabOf(parts, box, plane.latDeg - bandDeg));
  const end = EDGE.size * intAt(slabs, firstSlab + slabOf(parts, box, plane.latDeg + bandDeg) + 1);
  for (let e = EDGE.size * first; e < end; e += EDGE.size) {
    const ax = (at(edges, e + EDGE.aLon) - lon) * plane.xPerDeg;
    const ay = (at(edges, e + EDGE.aLat) - plane.latDeg) * plane.yPerDeg;
    const bx = (at(edges, e + EDGE.bLon) - lon) * plane.xPerDeg;
    const by = (at(edges, e + EDGE.bLat) - plane.latDeg) * plane.yPerDeg;
    if (measure(ax, ay, bx, by, limitM) <= limitM) return true;
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
