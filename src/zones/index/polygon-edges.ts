import { at, intAt } from "../../core/at.ts";
import type { Plane } from "../../core/plane.ts";
import { bend, excessM, lengthSquared } from "../../core/plane.ts";
import type { PackedShapes } from "./packed-shapes.ts";
import { EDGE, PART, slabOf } from "./packed-shapes.ts";

/** What the edges of one polygon part say; `box` is where its record begins, `lon` the origin's beside it. */

/** Even-odd rule with a ray to the east; an edge owns its lower end, so that a vertex is counted once. */
export function isInside(
  { parts, slabs, edges }: PackedShapes,
  box: number,
  lon: number,
  lat: number,
): boolean {
  if (lat < at(parts, box + PART.south) || lat > at(parts, box + PART.north)) return false;
  if (lon < at(parts, box + PART.west) || lon > at(parts, box + PART.east)) return false;
  const slab = at(parts, box + PART.firstSlab) + slabOf(parts, box, lat);
  const end = EDGE.size * intAt(slabs, slab + 1);
  let inside = false;
  for (let e = EDGE.size * intAt(slabs, slab); e < end; e += EDGE.size) {
    const aLat = at(edges, e + EDGE.aLat);
    const bLat = at(edges, e + EDGE.bLat);
    if (aLat > lat === bLat > lat) continue;
    const aLon = at(edges, e + EDGE.aLon);
    if (lon < ((at(edges, e + EDGE.bLon) - aLon) * (lat - aLat)) / (bLat - aLat) + aLon) inside = !inside;
  }
  return inside;
}

/**
 * Square of the distance to the nearest edge where that is within the limit, else Infinity; or of the first that is
 * near enough. Goes from the slab of the origin's latitude outwards as long as the next may hold anything nearer.
 */
export function edgeDistanceSquared(
  shapes: PackedShapes,
  box: number,
  plane: Plane,
  lon: number,
  limitM: number,
  enoughM: number,
): number {
  const { parts } = shapes;
  const own = slabOf(parts, box, plane.latDeg);
  const count = at(parts, box + PART.slabCount);
  const south = at(parts, box + PART.south);
  const heightDeg = (at(parts, box + PART.north) - south) / count;
  const enough = enoughM > 0 ? enoughM * enoughM : 0;
  const farthestM = limitM + 2 * excessM(plane, limitM);
  const none = farthestM * farthestM;
  const lonPerM = 1 / (plane.xPerDeg * (1 - bend(plane, farthestM)));
  let nearest = nearestInSlab(shapes, box, own, plane, lon, farthestM * lonPerM, none);
  let [down, below] = [own - 1, plane.latDeg - south - own * heightDeg];
  let [up, above] = [own + 1, south + (own + 1) * heightDeg - plane.latDeg];
  while (nearest > enough && (down >= 0 || up < count)) {
    const nearestM = Math.sqrt(nearest);
    if (down < 0) below = Infinity;
    if (up >= count) above = Infinity;
    if (!(Math.min(below, above) <= (nearestM * 1.002) / plane.yPerDeg + ROUNDING_DEG)) break;
    const isDown = below <= above;
    nearest = nearestInSlab(shapes, box, isDown ? down : up, plane, lon, nearestM * lonPerM, nearest);
    if (isDown) [down, below] = [down - 1, below + heightDeg];
    else [up, above] = [up + 1, above + heightDeg];
  }
  return nearest < none ? nearest : Infinity;
}

/** Far above what rounding adds to a degree, far below a millimetre. */
const ROUNDING_DEG = 1e-9;

/**
 * The least of `nearest` and the squares of the distances to the edges in a slab. Edges wholly more than `spanDeg` of
 * longitude to one side are passed over.
 */
function nearestInSlab(
  { parts, slabs, edges }: PackedShapes,
  box: number,
  slab: number,
  plane: Plane,
  lon: number,
  spanDeg: number,
  nearest: number,
): number {
  const entry = at(parts, box + PART.firstSlab) + slab;
  const end = EDGE.size * intAt(slabs, entry + 1);
  const { latDeg, xPerDeg, yPerDeg } = plane;
  const span = spanDeg + ROUNDING_DEG;
  let least = nearest;
  for (let e = EDGE.size * intAt(slabs, entry); e < end; e += EDGE.size) {
    const aLon = at(edges, e + EDGE.aLon) - lon;
    const bLon = at(edges, e + EDGE.bLon) - lon;
    if (aLon > span ? bLon > span : aLon < -span && bLon < -span) continue;
    const ax = aLon * xPerDeg;
    const ay = (at(edges, e + EDGE.aLat) - latDeg) * yPerDeg;
    const dx = bLon * xPerDeg - ax;
    const dy = (at(edges, e + EDGE.bLat) - latDeg) * yPerDeg - ay;
    // The foot of the perpendicular, kept on the edge; two equal vertices give NaN, which both tests make 0.
    const t = -(ax * dx + ay * dy) / (dx * dx + dy * dy);
    const on = t > 0 ? (t < 1 ? t : 1) : 0;
    const squared = lengthSquared(plane, ax + on * dx, ay + on * dy);
    if (squared < least) least = squared;
  }
  return least;
}
