import type { Plane } from "../../src/core/plane.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { TrueZone } from "../drive.ts";
import { flatten } from "./flat.ts";
import type { FlatShape } from "./flat.ts";

/** A zone in one plane for all of a drive. */
export interface FlatZone {
  readonly zone: TrueZone;
  /** A polygon each: `ax, ay, bx, by` an edge. */
  readonly polygons: readonly Float64Array[];
  readonly circles: readonly Circle[];
  readonly box: readonly [west: number, south: number, east: number, north: number];
}
type Circle = Extract<FlatShape, { kind: "circle" }>;

/** A camera in the plane, and what is nearest to it of the zone that was looked at last. */
export interface Eye {
  readonly x: number;
  readonly y: number;
  readonly axisX: number;
  readonly axisY: number;
  /** Unit vectors of the sides, a little wider than they are. */
  readonly leftX: number;
  readonly leftY: number;
  readonly rightX: number;
  readonly rightY: number;
  /** By how much places may be off across a side's line, metres. */
  readonly offM: number;
  /** Cosine of the angle from the axis within which a place is surely seen. */
  readonly cosSurely: number;
  nearX: number;
  nearY: number;
  /** How far the nearest corner within that angle is, or the nearest edge on the axis; Infinity for none. */
  seenM: number;
  /** All that was looked at lies on the outer side of one side's line. */
  allLeft: boolean;
  allRight: boolean;
}

/** Nearer than this a place that is off by so much is off by an angle. */
export const SURE_M = 5;

/** `offRad`: by how much directions in the plane may be off. */
export function eyeAt(
  { yawDeg, hfovDeg }: Camera,
  headingDeg: number,
  x: number,
  y: number,
  offRad: number,
  offM: number,
): Eye {
  const rad = Math.PI / 180;
  const axis = (headingDeg + yawDeg) * rad;
  const half = (hfovDeg / 2) * rad;
  const wide = half + offRad;
  const surely = Math.max(0, half - offRad - offM / SURE_M);
  return {
    x,
    y,
    axisX: Math.sin(axis),
    axisY: Math.cos(axis),
    leftX: Math.sin(axis - wide),
    leftY: Math.cos(axis - wide),
    rightX: Math.sin(axis + wide),
    rightY: Math.cos(axis + wide),
    offM,
    cosSurely: half >= Math.PI ? -2 : Math.cos(surely),
    nearX: 0,
    nearY: 0,
    seenM: Infinity,
    allLeft: true,
    allRight: true,
  };
}

/** Metres in the plane, 0 inside; any number over `limitM` for more than that. */
export function nearestM({ polygons, circles, box }: FlatZone, eye: Eye, limitM: number): number {
  const { x, y } = eye;
  eye.allLeft = eye.allRight = true;
  eye.seenM = Infinity;
  const eastM = Math.max(0, box[0] - x, x - box[2]);
  const northM = Math.max(0, box[1] - y, y - box[3]);
  const boxM = Math.sqrt(eastM * eastM + northM * northM);
  if (boxM > limitM) return boxM;
  let nearest = Infinity;
  for (const edges of polygons) nearest = Math.min(nearest, polygonM(edges, eye, nearest));
  for (const circle of circles) nearest = Math.min(nearest, circleM(circle, eye, nearest));
  return nearest;
}

function circleM({ centre, radiusM }: Circle, eye: Eye, soFarM: number): number {
  const [dx, dy] = [centre[0] - eye.x, centre[1] - eye.y];
  const centreM = Math.hypot(dx, dy);
  const awayM = Math.max(0, centreM - radiusM);
  if (awayM < soFarM) [eye.nearX, eye.nearY] = [(dx * awayM) / centreM, (dy * awayM) / centreM];
  if (eye.leftX * dy - eye.leftY * dx <= radiusM + eye.offM) eye.allLeft = false;
  if (eye.rightY * dx - eye.rightX * dy <= radiusM + eye.offM) eye.allRight = false;
  return awayM;
}

function polygonM(edges: Float64Array, eye: Eye, soFarM: number): number {
  const { x, y, leftX, leftY, rightX, rightY, axisX, axisY, cosSurely, offM } = eye;
  let [nearest2, nearX, nearY] = [Infinity, 0, 0];
  let [isIn, allLeft, allRight, seenM] = [false, eye.allLeft, eye.allRight, eye.seenM];
  for (let i = 0; i < edges.length; i += 4) {
    const ax = (edges[i] ?? 0) - x;
    const ay = (edges[i + 1] ?? 0) - y;
    const dx = (edges[i + 2] ?? 0) - x - ax;
    const dy = (edges[i + 3] ?? 0) - y - ay;
    if (leftX * ay - leftY * ax <= offM) allLeft = false;
    if (rightY * ax - rightX * ay <= offM) allRight = false;
    const cornerM = Math.sqrt(ax * ax + ay * ay);
    if (cornerM < seenM && cornerM > SURE_M && ax * axisX + ay * axisY > cosSurely * cornerM) seenM = cornerM;
    const [sideA, sideD] = [axisX * ay - axisY * ax, axisX * dy - axisY * dx];
    if (sideA > 0 !== sideA + sideD > 0) {
      // Where the edge crosses the line of the axis, ahead or behind.
      const aheadM = (ax * dy - ay * dx) / sideD;
      if (aheadM > SURE_M && aheadM < seenM) seenM = aheadM;
    }
    if (ay > 0 !== ay + dy > 0 && ax - (ay * dx) / dy > 0) isIn = !isIn;
    const along = -(ax * dx + ay * dy) / (dx * dx + dy * dy);
    const t = along > 0 ? Math.min(1, along) : 0;
    const px = ax + t * dx;
    const py = ay + t * dy;
    const away2 = px * px + py * py;
    if (away2 >= nearest2) continue;
    nearest2 = away2;
    nearX = px;
    nearY = py;
  }
  [eye.allLeft, eye.allRight, eye.seenM] = [allLeft, allRight, seenM];
  const awayM = isIn ? 0 : Math.sqrt(nearest2);
  if (awayM < soFarM) [eye.nearX, eye.nearY] = [nearX, nearY];
  return awayM;
}

export function flatZone(zone: TrueZone, plane: Plane): FlatZone {
  const shapes = zone.shapes.map((shape) => flatten(shape, plane));
  const polygons = shapes.flatMap((shape) =>
    shape.kind === "circle" ? [] : [Float64Array.from(shape.rings.flatMap(edgesOfRing))],
  );
  const circles = shapes.filter((shape) => shape.kind === "circle");
  const box: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity];
  const take = (x: number, y: number): void => {
    [box[0], box[1]] = [Math.min(box[0], x), Math.min(box[1], y)];
    [box[2], box[3]] = [Math.max(box[2], x), Math.max(box[3], y)];
  };
  for (const edges of polygons)
    for (let i = 0; i < edges.length; i += 2) take(edges[i] ?? 0, edges[i + 1] ?? 0);
  for (const { centre, radiusM } of circles) {
    take(centre[0] - radiusM, centre[1] - radiusM);
    take(centre[0] + radiusM, centre[1] + radiusM);
  }
  return { zone, polygons, circles, box };
}

function edgesOfRing(ring: readonly (readonly [number, number])[]): readonly number[] {
  return ring.flatMap(([x, y], i) => {
    const [bx, by] = ring[(i + 1) % ring.length] ?? [x, y];
    return [x, y, bx, by];
  });
}
