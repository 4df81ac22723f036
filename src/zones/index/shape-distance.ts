import { at } from "../../core/at.ts";
import type { Plane } from "../../core/plane.ts";
import { bend, excessM, lengthSquared, planeAt, wrapDeg } from "../../core/plane.ts";
import type { PackedShapes } from "./packed-shapes.ts";
import { PART, radiusOf } from "./packed-shapes.ts";
import { edgeDistanceSquared, isInside } from "./polygon-edges.ts";

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
    // Where the core alone is near enough, no edge need be read (measured: a fifth less for a verdict at a zone).
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

/** A part this wide may be near the origin, or hold it, on both of its sides. */
export function isWide(parts: Float64Array, box: number): boolean {
  return at(parts, box + PART.east) - at(parts, box + PART.west) >= 180;
}
