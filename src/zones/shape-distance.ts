import { at, intAt } from "../core/at.ts";
import type { Plane } from "../core/plane.ts";
import { MAX_PLANE_LAT_DEG, excessM, lengthSquared, planeAt, wrapDeg } from "../core/plane.ts";
import type { PackedShapes } from "./packed-shapes.ts";
import { PART, radiusOf, slabOf } from "./packed-shapes.ts";

/**
 * Distance in metres from the plane's origin to one part, 0 inside it and on its edge. Edges are straight in
 * longitude and latitude (RFC 7946), metres are those of the WGS 84 ellipsoid. Rule 3: what cannot be told exactly
 * is told nearer, by `excessM`, never farther. Infinity when it exceeds `limitM`: a small limit is fast. At most
 * `enoughM` it may be any number up to that: how far inside a standoff a place is, nobody asks. A NaN position gives
 * Infinity: callers refuse those first.
 */
export function distanceTo(
  shapes: PackedShapes,
  part: number,
  plane: Plane,
  limitM: number,
  enoughM = 0,
): number {
  return Math.max(0, signedDistance(shapes, part, plane, limitM, enoughM));
}

/** The same, negative inside by as much as the edge is away: −Infinity where that is more than `limitM`. */
export function depthOrDistance(shapes: PackedShapes, part: number, plane: Plane, limitM: number): number {
  return signedDistance(shapes, part, plane, limitM, DEPTH_TOO);
}

/** In place of a distance that is near enough: none is, and inside the depth is wanted. */
const DEPTH_TOO = -1;

/** Never more than the distance to the part: that to its bounding box. */
export function leastDistance(shapes: PackedShapes, part: number, plane: Plane): number {
  const box = PART.size * part;
  const gapM = Math.sqrt(
    boxGapSquared(shapes.parts, box, plane, nearestTurn(shapes.parts, box, plane.lonDeg)),
  );
  return Math.max(0, gapM * (1 - bend(plane, gapM)) - excessM(plane, gapM) - radiusOf(shapes, part));
}

/**
 * The longitude shifted by whole turns to where the longitudes of the box run: a ring over the antimeridian
 * goes on past ±180.
 */
export function nearestTurn(parts: Float64Array, box: number, lonDeg: number): number {
  const ahead = (at(parts, box + PART.west) + at(parts, box + PART.east)) / 2 - lonDeg;
  // The longitude itself where it need not be shifted: a shift would round it.
  return lonDeg + 360 * Math.round(ahead / 360);
}

/** By how much, relatively, a distance up to `limitM` in the plane may differ from that on the ellipsoid. */
export function bend(plane: Plane, limitM: number): number {
  return Math.min(0.9, 2 * limitM * (Math.abs(plane.xPerY) + 1e-9) + 1e-9);
}

/** Square of the distance in the plane to the box at `boxes[i]`, 0 inside it. */
function boxGapSquared(boxes: Float64Array, i: number, plane: Plane, lon: number): number {
  const lat = plane.latDeg;
  const x = Math.max(at(boxes, i + PART.west) - lon, 0, lon - at(boxes, i + PART.east)) * plane.xPerDeg;
  const y = Math.max(at(boxes, i + PART.south) - lat, 0, lat - at(boxes, i + PART.north)) * plane.yPerDeg;
  return x * x + y * y;
}

function signedDistance(
  shapes: PackedShapes,
  part: number,
  plane: Plane,
  limitM: number,
  enoughM: number,
): number {
  const box = PART.size * part;
  if (at(shapes.parts, box + PART.coreM) < 0) return circleDistance(shapes.parts, box, plane, limitM);
  const lon = nearestTurn(shapes.parts, box, plane.lonDeg);
  if (enoughM !== DEPTH_TOO) {
    // Where the core alone is near enough, no edge need be read: most places in and at a zone (measured: 2 of 3).
    const fromCoreM = distanceToCore(shapes.parts, box, plane, lon);
    if (fromCoreM <= enoughM) return Math.max(0, fromCoreM);
  }
  const distance = polygonDistance(shapes, box, plane, lon, limitM, enoughM);
  if (!isWide(shapes.parts, box)) return distance;
  const west = polygonDistance(shapes, box, plane, lon - 360, limitM, enoughM);
  return Math.min(distance, west, polygonDistance(shapes, box, plane, lon + 360, limitM, enoughM));
}

/** Finds the core of every polygon, so that distances to it are fast. */
export function findCores(shapes: PackedShapes): void {
  const { parts } = shapes;
  for (let part = 0; part < shapes.partCount; part++) {
    const box = PART.size * part;
    if (radiusOf(shapes, part) > 0) continue;
    const latDeg = (at(parts, box + PART.south) + at(parts, box + PART.north)) / 2;
    const lonDeg = (at(parts, box + PART.west) + at(parts, box + PART.east)) / 2;
    // In a big area all edges are far: not worth it, and the plane ends.
    if (Math.abs(latDeg) > MAX_PLANE_LAT_DEG) continue;
    const depthM = -depthOrDistance(shapes, part, planeAt({ latDeg, lonDeg }), MAX_CORE_M);
    parts[box + PART.coreM] = depthM > 0 && depthM <= MAX_CORE_M ? depthM : 0;
  }
}

const MAX_CORE_M = 10_000;

/** Distance to a polygon's core, negative inside it; Infinity where it has none. */
function distanceToCore(parts: Float64Array, box: number, plane: Plane, lon: number): number {
  const coreM = at(parts, box + PART.coreM);
  if (coreM === 0) return Infinity;
  const x = ((at(parts, box + PART.west) + at(parts, box + PART.east)) / 2 - lon) * plane.xPerDeg;
  const y = ((at(parts, box + PART.south) + at(parts, box + PART.north)) / 2 - plane.latDeg) * plane.yPerDeg;
  return Math.sqrt(lengthSquared(plane, x, y)) - coreM;
}

function circleDistance(parts: Float64Array, box: number, plane: Plane, limitM: number): number {
  const x = wrapDeg(at(parts, box + PART.west) - plane.lonDeg) * plane.xPerDeg;
  const y = (at(parts, box + PART.south) - plane.latDeg) * plane.yPerDeg;
  const fromCentre = Math.sqrt(lengthSquared(plane, x, y));
  const distance = fromCentre + at(parts, box + PART.coreM);
  const leastM = Math.max(0, Math.abs(distance) - excessM(plane, fromCentre));
  const withinM = leastM <= limitM ? leastM : Infinity;
  return distance < 0 ? -withinM : withinM;
}

function polygonDistance(
  shapes: PackedShapes,
  box: number,
  plane: Plane,
  lon: number,
  limitM: number,
  enoughM: number,
): number {
  const inside = isInside(shapes, box, lon, plane.latDeg);
  if (inside && enoughM !== DEPTH_TOO) return 0;
  const squared = edgeDistanceSquared(shapes, box, plane, lon, limitM, enoughM);
  const distance = Math.sqrt(squared);
  const leastM = Math.max(0, distance - excessM(plane, distance));
  const withinM = leastM <= limitM ? leastM : Infinity;
  return inside ? -withinM : withinM;
}

/** Numbers an edge, written out: V8 folds this constant, but loads those of `EDGE` again for every edge (measured). */
const EDGE_SIZE = 4;

/** Even-odd rule with a ray to the east; an edge owns its lower end, so that a vertex is counted once. */
function isInside({ parts, slabs, edges }: PackedShapes, box: number, lon: number, lat: number): boolean {
  if (lat < at(parts, box + PART.south) || lat > at(parts, box + PART.north)) return false;
  if (lon < at(parts, box + PART.west) || lon > at(parts, box + PART.east)) return false;
  const slab = at(parts, box + PART.firstSlab) + slabOf(parts, box, lat);
  const end = EDGE_SIZE * intAt(slabs, slab + 1);
  let inside = false;
  for (let e = EDGE_SIZE * intAt(slabs, slab); e < end; e += EDGE_SIZE) {
    const aLat = at(edges, e + 1);
    const bLat = at(edges, e + 3);
    if (aLat > lat === bLat > lat) continue;
    const aLon = at(edges, e);
    if (lon < ((at(edges, e + 2) - aLon) * (lat - aLat)) / (bLat - aLat) + aLon) inside = !inside;
  }
  return inside;
}

/**
 * Square of the distance to the nearest edge where that is within the limit, else Infinity; or of the first that is
 * near enough. Goes from the slab of the origin's latitude outwards as long as the next may hold anything nearer.
 */
function edgeDistanceSquared(
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
  while (nearest > enough) {
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
  const end = EDGE_SIZE * intAt(slabs, entry + 1);
  const { latDeg, xPerDeg, yPerDeg } = plane;
  const span = spanDeg + ROUNDING_DEG;
  let least = nearest;
  for (let e = EDGE_SIZE * intAt(slabs, entry); e < end; e += EDGE_SIZE) {
    const aLon = at(edges, e) - lon;
    const bLon = at(edges, e + 2) - lon;
    if (aLon > span ? bLon > span : aLon < -span && bLon < -span) continue;
    const ax = aLon * xPerDeg;
    const ay = (at(edges, e + 1) - latDeg) * yPerDeg;
    const dx = bLon * xPerDeg - ax;
    const dy = (at(edges, e + 3) - latDeg) * yPerDeg - ay;
    // The foot of the perpendicular, kept on the edge; two equal vertices give NaN, which both tests make 0.
    const t = -(ax * dx + ay * dy) / (dx * dx + dy * dy);
    const on = t > 0 ? (t < 1 ? t : 1) : 0;
    const squared = lengthSquared(plane, ax + on * dx, ay + on * dy);
    if (squared < least) least = squared;
  }
  return least;
}

/** A part this wide may be near the origin, or hold it, on both of its sides. */
export function isWide(parts: Float64Array, box: number): boolean {
  return at(parts, box + PART.east) - at(parts, box + PART.west) >= 180;
}
