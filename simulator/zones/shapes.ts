import { wrapDeg } from "../../src/core/plane.ts";
import type { TrueRing, TrueShape, TrueZone } from "../drive.ts";
import type { Ground, Point } from "../route/ground.ts";
import { timesOf } from "../scenario/times.ts";
import type { ShapeInput, ZoneInput } from "../scenario/zones.ts";

/** A zone of a scenario, in degrees. */
export function zoneOf(input: ZoneInput, ground: Ground): TrueZone {
  const { id, category, action, standoffM, viewM, cameras = null } = input;
  const shapes = input.shapes.map((shape) => shapeOf(shape, ground));
  return { id, category, action, standoffM, viewM, cameras, shapes, times: timesOf(input) };
}

export function shapeOf(input: ShapeInput, ground: Ground): TrueShape {
  if ("circle" in input) {
    const position = ground.positionOf(ground.pointOf(input.circle.at));
    return { kind: "circle", ...position, radiusM: input.circle.radiusM };
  }
  if ("box" in input) {
    const { at, eastM, northM, turnedDeg } = input.box;
    return polygonOf([boxAround(ground.pointOf(at), eastM, northM, turnedDeg)], ground);
  }
  const rings = [input.polygon, ...input.holes];
  return polygonOf(
    rings.map((ring) => ring.map((place) => ground.pointOf(place))),
    ground,
  );
}

export function polygonOf(rings: readonly (readonly Point[])[], ground: Ground): TrueShape {
  return {
    kind: "polygon",
    rings: rings.map((ring) => unwrapped(ring.map((point) => tupleOf(point, ground)))),
  };
}

/** Corners of a rectangle, turned clockwise. */
export function boxAround(
  { x, y }: Point,
  eastM: number,
  northM: number,
  turnedDeg: number,
): readonly Point[] {
  const turn = (turnedDeg * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return CORNERS.map(([east, north]) => {
    const [a, b] = [(east * eastM) / 2, (north * northM) / 2];
    return { x: x + a * cos + b * sin, y: y - a * sin + b * cos };
  });
}

const CORNERS = [
  [-1, -1],
  [1, -1],
  [1, 1],
  [-1, 1],
] as const;

function tupleOf(point: Point, ground: Ground): readonly [number, number] {
  const { lonDeg, latDeg } = ground.positionOf(point);
  return [lonDeg, latDeg];
}

/** Longitudes that run on from vertex to vertex. */
export function unwrapped(ring: TrueRing): TrueRing {
  let before = ring[0]?.[0] ?? 0;
  return ring.map(([lonDeg, latDeg]) => {
    before += wrapDeg(lonDeg - before);
    return [before, latDeg] as const;
  });
}
