import { wrapDeg } from "../core/plane.ts";
import type { Heading } from "../positioning/heading.ts";
import type { Camera } from "../sources/camera.ts";

/**
 * What a camera may see around the vehicle, in the plane's metres: all within `rangeM` whose bearing lies within
 * `halfDeg` of `axisDeg`. Closed at all its edges.
 */
export interface Sector {
  readonly rangeM: number;
  readonly halfDeg: number;
  readonly axisDeg: number;
}

/** The sector of a camera from any heading in the interval: heading + yaw ± (hfov / 2 + heading error). */
export function sectorOf(camera: Camera, heading: Heading, rangeM: number): Sector {
  const halfDeg = Math.min(180, camera.hfovDeg / 2 + heading.errorDeg);
  return { rangeM, halfDeg, axisDeg: wrapDeg(heading.deg + camera.yawDeg) };
}

/**
 * Distance in the plane from the sector to the segment (ax, ay)–(bx, by), metres; 0 where they meet. From any
 * place within r of the origin the sector meets the segment exactly when this is at most r (Minkowski sum).
 */
export function sectorToSegment(sector: Sector, ax: number, ay: number, bx: number, by: number): number {
  const { x, y } = footFromOrigin(ax, ay, bx, by);
  // Towards a point within the angle, the sector is as near as its arc.
  let nearest = Math.min(overArc(sector, x, y), overArc(sector, ax, ay), overArc(sector, bx, by));
  if (sector.halfDeg >= 180) return nearest;
  for (const side of [-sector.halfDeg, sector.halfDeg]) {
    const bearing = ((sector.axisDeg + side) * Math.PI) / 180;
    const [ex, ey] = [sector.rangeM * Math.sin(bearing), sector.rangeM * Math.cos(bearing)];
    nearest = Math.min(nearest, segmentToSegment(ax, ay, bx, by, ex, ey));
  }
  return nearest;
}

/** How far the point lies beyond the arc; Infinity for a point outside the angle: there the sides are nearer. */
function overArc({ rangeM, halfDeg, axisDeg }: Sector, x: number, y: number): number {
  const bearingDeg = (Math.atan2(x, y) * 180) / Math.PI;
  if (Math.abs(wrapDeg(bearingDeg - axisDeg)) > halfDeg) return Infinity;
  return Math.max(0, Math.hypot(x, y) - rangeM);
}

/** The point of the segment nearest to the origin. */
function footFromOrigin(
  ax: number,
  ay: number,
  bx: number,
  by: number,
): { readonly x: number; readonly y: number } {
  const t = alongTo(ax, ay, bx, by, 0, 0);
  return { x: ax + t * (bx - ax), y: ay + t * (by - ay) };
}

/** Distance from segment a–b to the segment from the origin to e. */
function segmentToSegment(ax: number, ay: number, bx: number, by: number, ex: number, ey: number): number {
  if (cross(ax, ay, bx, by, ex, ey)) return 0;
  return Math.min(
    pointToSegment(0, 0, ax, ay, bx, by),
    pointToSegment(ex, ey, ax, ay, bx, by),
    pointToSegment(ax, ay, 0, 0, ex, ey),
    pointToSegment(bx, by, 0, 0, ex, ey),
  );
}

/** Whether segment a–b properly crosses the segment from the origin to e. */
function cross(ax: number, ay: number, bx: number, by: number, ex: number, ey: number): boolean {
  const a = ex * ay - ey * ax;
  const b = ex * by - ey * bx;
  const o = (bx - ax) * -ay - (by - ay) * -ax;
  const e = (bx - ax) * (ey - ay) - (by - ay) * (ex - ax);
  return a > 0 !== b > 0 && o > 0 !== e > 0;
}

function pointToSegment(px: number, py: number, ax: number, ay: number, bx: number, by: number): number {
  const t = alongTo(ax, ay, bx, by, px, py);
  return Math.hypot(ax + t * (bx - ax) - px, ay + t * (by - ay) - py);
}

/** How far along a–b, from 0 to 1, its point nearest to p lies; 0 for a segment of no length. */
function alongTo(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const t = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy);
  return t > 0 ? Math.min(t, 1) : 0;
}
