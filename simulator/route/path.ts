import { CamfenceError } from "../../src/core/errors.ts";
import type { Point } from "./ground.ts";

/** Where a vehicle stands and points: radians clockwise from the map's north. */
export interface Pose extends Point {
  readonly headingRad: number;
}

/** A straight line or an arc: the pose at its start, and how it goes on. */
export interface Piece extends Pose {
  readonly lengthM: number;
  /** 1 / radius, positive to the right; 0 for a line. */
  readonly curvature: number;
}

/** The widest arc at a bend; the arcs of a sharp one are as wide as the next stretch allows. */
const WIDEST_M = 2000;
/** Which share of the stretch after a bend its arc may take. */
const ARC_SHARE = 1 / 3;

/** Lays a way through the points that a vehicle can drive: heading is continuous, no curve is tighter than it can. */
export function pathThrough(points: readonly Point[], turnRadiusM: number): readonly Piece[] {
  const [first, second] = points;
  if (first === undefined || second === undefined)
    throw new CamfenceError("usage", "a way has two points or more");
  let pose: Pose = { ...first, headingRad: bearingOf(first, second) };
  const pieces: Piece[] = [];
  for (const [i, point] of points.entries()) {
    if (i === 0 || Math.hypot(point.x - pose.x, point.y - pose.y) < 0.01) continue;
    for (const piece of turnAndGo(pose, point, turnRadiusM, i)) {
      pieces.push(piece);
      pose = poseAt(piece, piece.lengthM);
    }
  }
  if (pieces.length === 0) throw new CamfenceError("usage", "all points of the way are one place");
  return pieces;
}

/** The pose so many metres along a piece; negative metres lie before it. */
export function poseAt({ x, y, headingRad, curvature }: Piece, alongM: number): Pose {
  const turn = curvature * alongM;
  if (Math.abs(turn) < 1e-9) {
    return { x: x + alongM * Math.sin(headingRad), y: y + alongM * Math.cos(headingRad), headingRad };
  }
  const end = headingRad + turn;
  return {
    x: x + (Math.cos(headingRad) - Math.cos(end)) / curvature,
    y: y + (Math.sin(end) - Math.sin(headingRad)) / curvature,
    headingRad: end,
  };
}

export function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { lengthM }) => sum + lengthM, 0);
}

/** An arc until the vehicle points at the target, then straight on to it. */
function turnAndGo(pose: Pose, target: Point, turnRadiusM: number, index: number): readonly Piece[] {
  const awayM = Math.hypot(target.x - pose.x, target.y - pose.y);
  const angle = wrapRad(bearingOf(pose, target) - pose.headingRad);
  const wide = Math.min(WIDEST_M, (ARC_SHARE * awayM) / Math.max(1e-6, Math.abs(angle)));
  const side = angle < 0 ? -1 : 1;
  for (const radiusM of [Math.max(turnRadiusM, wide), turnRadiusM]) {
    // A place within the one circle is reached by the other.
    const pieces = arcAndLine(pose, target, radiusM, side) ?? arcAndLine(pose, target, radiusM, -side);
    if (pieces !== null) return pieces;
  }
  throw new CamfenceError("usage", `waypoint ${index + 1} is within the turning circle of the one before it`);
}

function arcAndLine(pose: Pose, target: Point, radiusM: number, side: number): readonly Piece[] | null {
  const { headingRad } = pose;
  const centreX = pose.x + side * radiusM * Math.cos(headingRad);
  const centreY = pose.y - side * radiusM * Math.sin(headingRad);
  const awayM = Math.hypot(target.x - centreX, target.y - centreY);
  if (!(awayM > radiusM)) return null;
  const lineM = Math.sqrt(awayM * awayM - radiusM * radiusM);
  // The tangent on which the circle is left: seen from it, the centre is `radiusM` to the side of the line.
  const bearing = Math.atan2(target.x - centreX, target.y - centreY);
  const leaving = bearing + side * Math.atan2(radiusM, lineM);
  const turn = positive(side * (leaving - headingRad));
  const arc: Piece = { ...pose, lengthM: radiusM * turn, curvature: side / radiusM };
  const line: Piece = { ...poseAt(arc, arc.lengthM), lengthM: lineM, curvature: 0 };
  return [arc, line].filter(({ lengthM }) => lengthM > 1e-6);
}

function bearingOf(from: Point, to: Point): number {
  return Math.atan2(to.x - from.x, to.y - from.y);
}

function wrapRad(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/** In [0, 2π), with nearly a whole turn as none. */
function positive(angle: number): number {
  const turn = angle - 2 * Math.PI * Math.floor(angle / (2 * Math.PI));
  return turn > 2 * Math.PI - 1e-7 ? 0 : turn;
}
