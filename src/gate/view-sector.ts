import type { Heading } from "../positioning/heading.ts";
import type { Camera } from "../sources/camera.ts";

/**
 * The directions that a camera may look in, in the plane: all within half an angle of an axis, closed at its sides.
 * With a range they are a sector around the vehicle. Directions are unit vectors, x east and y north. A view of NaN
 * is one of every direction.
 */
export interface View {
  /** Every direction. */
  readonly isFull: boolean;
  /** At most a half turn: then the sector lies on the inner side of both its sides' lines. */
  readonly isConvex: boolean;
  readonly cosHalf: number;
  readonly axisX: number;
  readonly axisY: number;
  /** Its sides. */
  readonly leftX: number;
  readonly leftY: number;
  readonly rightX: number;
  readonly rightY: number;
}

/** The view of a camera from any heading in the interval: heading + yaw ± (hfov / 2 + heading error). */
export function viewOf(camera: Camera, heading: Heading): View {
  const halfDeg = camera.hfovDeg / 2 + heading.errorDeg;
  const axis = ((heading.deg + camera.yawDeg) * Math.PI) / 180;
  const half = (halfDeg * Math.PI) / 180;
  return {
    isFull: halfDeg >= 180,
    isConvex: halfDeg <= 90,
    cosHalf: Math.cos(half),
    axisX: Math.sin(axis),
    axisY: Math.cos(axis),
    leftX: Math.sin(axis - half),
    leftY: Math.cos(axis - half),
    rightX: Math.sin(axis + half),
    rightY: Math.cos(axis + half),
  };
}

/**
 * Distance in the plane from a view's sector with range `rangeM` to the segment (ax, ay)–(bx, by), metres; 0 where
 * they meet, any number above `limitM` where it is more than that. From any place within r of the origin the sector
 * meets the segment exactly when this is at most r (Minkowski sum).
 */
export function sectorToSegment(
  view: View,
  rangeM: number,
  limitM: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): number {
  const t = alongTo(ax, ay, bx, by, 0, 0);
  const [x, y] = [ax + t * (bx - ax), ay + t * (by - ay)];
  const awayM = Math.sqrt(x * x + y * y);
  if (view.isFull || awayM > rangeM + limitM) return Math.max(0, awayM - rangeM);
  if (view.isConvex && isOffSide(view, limitM, ax, ay, bx, by)) return Infinity;
  // Towards a place within the angle, the sector is as near as its arc. Where the nearest place lies without, what of
  // the segment lies within is nearest where it crosses a side.
  const nearest = overArc(view, rangeM, x, y);
  if (nearest === 0) return 0;
  return Math.min(
    nearest,
    segmentToSegment(ax, ay, bx, by, view.leftX * rangeM, view.leftY * rangeM),
    segmentToSegment(ax, ay, bx, by, view.rightX * rangeM, view.rightY * rangeM),
  );
}

/** Whether the segment lies wholly on the outer side of one side's line, more than `limitM` away. */
function isOffSide(
  { leftX, leftY, rightX, rightY }: View,
  limitM: number,
  ax: number,
  ay: number,
  bx: number,
  by: number,
): boolean {
  return (
    (leftX * ay - leftY * ax > limitM && leftX * by - leftY * bx > limitM) ||
    (rightY * ax - rightX * ay > limitM && rightY * bx - rightX * by > limitM)
  );
}

/** How far the place lies beyond the arc; Infinity for one outside the angle: there the sides are nearer. */
function overArc({ cosHalf, axisX, axisY }: View, rangeM: number, x: number, y: number): number {
  const awayM = Math.sqrt(x * x + y * y);
  return x * axisX + y * axisY < cosHalf * awayM ? Infinity : Math.max(0, awayM - rangeM);
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
  const [dx, dy] = [ax + t * (bx - ax) - px, ay + t * (by - ay) - py];
  return Math.sqrt(dx * dx + dy * dy);
}

/** How far along a–b, from 0 to 1, its point nearest to p lies; 0 for a segment of no length. */
function alongTo(ax: number, ay: number, bx: number, by: number, px: number, py: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const t = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy);
  return t > 0 ? Math.min(t, 1) : 0;
}
