import { planeAt } from "../core/plane.ts";
import type { Position } from "../core/position.ts";
import type { Shape } from "./zone.ts";

/** Rough measures of areas for people: what the gate needs exactly, it measures itself. */

const RAD = Math.PI / 180;
/** Radius of the sphere with the area of WGS 84. */
const AUTHALIC_M = 6_371_007.2;

/** Area in m², parts and all, holes taken out; overlapping parts count twice. */
export function areaM2(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, shape) => sum + shapeM2(shape), 0);
}

function shapeM2(shape: Shape): number {
  if (shape.kind === "circle") return Math.PI * shape.radiusM * shape.radiusM;
  const [shell = 0, ...holes] = shape.rings.map((ring) => Math.abs(ringM2(ring)));
  return holes.reduce((rest, hole) => rest - hole, shell);
}

/** On the sphere; edges straight in longitude and latitude are near enough in a cylinder of equal areas. */
function ringM2(ring: Float64Array): number {
  let sum = 0;
  for (let at = 0; at + 3 < ring.length; at += 2) {
    const [ax = 0, ay = 0, bx = 0, by = 0] = [ring[at], ring[at + 1], ring[at + 2], ring[at + 3]];
    sum += (bx - ax) * RAD * (Math.sin(ay * RAD) + Math.sin(by * RAD));
  }
  return (sum * AUTHALIC_M * AUTHALIC_M) / 2;
}

/** The middle of the box around all shapes. */
export function middleOf(shapes: readonly Shape[]): Position {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const { lonDeg, latDeg } of shapes.flatMap(verticesOf)) {
    [west, east] = [Math.min(west, lonDeg), Math.max(east, lonDeg)];
    [south, north] = [Math.min(south, latDeg), Math.max(north, latDeg)];
  }
  return { lonDeg: (west + east) / 2, latDeg: (south + north) / 2 };
}

/** The vertices of a polygon, or the centre of a circle. */
export function verticesOf(shape: Shape): Position[] {
  if (shape.kind === "circle") return [shape];
  return shape.rings.flatMap((ring) =>
    Array.from({ length: ring.length / 2 }, (_, i) => ({
      lonDeg: ring[2 * i] ?? Number.NaN,
      latDeg: ring[2 * i + 1] ?? Number.NaN,
    })),
  );
}

/** Metres from a place to the outline of an area, inside or outside of it; of a circle, to its centre. */
export function outlineDistanceM(at: Position, shapes: readonly Shape[]): number {
  const plane = planeAt(at);
  const x = (lonDeg = 0) => (lonDeg - at.lonDeg) * plane.xPerDeg;
  const y = (latDeg = 0) => (latDeg - at.latDeg) * plane.yPerDeg;
  let nearest = Infinity;
  for (const shape of shapes) {
    if (shape.kind === "circle") nearest = Math.min(nearest, Math.hypot(x(shape.lonDeg), y(shape.latDeg)));
    else
      for (const ring of shape.rings)
        for (let i = 0; i + 3 < ring.length; i += 2)
          nearest = Math.min(nearest, toSegmentM(x(ring[i]), y(ring[i + 1]), x(ring[i + 2]), y(ring[i + 3])));
  }
  return nearest;
}

/** From the origin. */
function toSegmentM(ax: number, ay: number, bx: number, by: number): number {
  const [dx, dy] = [bx - ax, by - ay];
  const length2 = dx * dx + dy * dy;
  const share = length2 === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length2));
  return Math.hypot(ax + share * dx, ay + share * dy);
}
