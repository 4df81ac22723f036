import type { Plane } from "../../src/core/plane.ts";
import { lengthSquared } from "../../src/core/plane.ts";
import type { TrueShape } from "../drive.ts";
import { edgesOf, flatten, holdsVehicle, nearestOn } from "./flat.ts";

/** Metres from the plane's origin to the shape, 0 inside. */
export function distanceM(shape: TrueShape, plane: Plane): number {
  const flat = flatten(shape, plane);
  if (flat.kind === "circle") {
    return Math.max(0, Math.sqrt(lengthSquared(plane, ...flat.centre)) - flat.radiusM);
  }
  if (holdsVehicle(flat.rings)) return 0;
  let nearest2 = Infinity;
  for (const [a, b] of edgesOf(flat.rings))
    nearest2 = Math.min(nearest2, lengthSquared(plane, ...nearestOn(a, b)));
  return Math.sqrt(nearest2);
}

/** A box in degrees; longitudes by middle and half width, which knows no antimeridian. */
export interface Box {
  readonly southDeg: number;
  readonly northDeg: number;
  readonly lonDeg: number;
  readonly halfLonDeg: number;
}

export function boxOf(shapes: readonly TrueShape[]): Box {
  const all = shapes.flatMap((shape) => cornersOf(shape));
  const lats = all.map(([, latDeg]) => latDeg);
  const lons = all.map(([lonDeg]) => lonDeg);
  const [west, east] = [smallest(lons), -smallest(lons.map((lon) => -lon))];
  return {
    southDeg: smallest(lats),
    northDeg: -smallest(lats.map((lat) => -lat)),
    lonDeg: (west + east) / 2,
    halfLonDeg: (east - west) / 2,
  };
}

/** The box is at least so far from the plane's origin. */
export function leastDistanceM(box: Box, { latDeg, lonDeg, xPerDeg, yPerDeg }: Plane): number {
  const away = Math.abs(lonDeg - box.lonDeg) % 360;
  const eastDeg = Math.max(0, Math.min(away, 360 - away) - box.halfLonDeg);
  const northDeg = Math.max(0, box.southDeg - latDeg, latDeg - box.northDeg);
  // In its own latitude the way east may be shorter.
  const farDeg = Math.min(89, Math.abs(latDeg) + northDeg + 0.01);
  const shrunk = Math.cos((farDeg * Math.PI) / 180) / Math.cos((latDeg * Math.PI) / 180);
  const eastM = eastDeg * xPerDeg * Math.min(1, shrunk);
  return 0.995 * Math.hypot(eastM, northDeg * yPerDeg);
}

function cornersOf(shape: TrueShape): readonly (readonly [number, number])[] {
  if (shape.kind === "polygon") return shape.rings[0] ?? [];
  const { lonDeg, latDeg, radiusM } = shape;
  // Degrees are at least so long up to 85° of latitude, where the simulator ends.
  const [northDeg, eastDeg] = [
    radiusM / 110_000,
    radiusM / (110_000 * Math.cos((Math.min(86, Math.abs(latDeg) + 1) * Math.PI) / 180)),
  ];
  return [
    [lonDeg - eastDeg, latDeg - northDeg],
    [lonDeg + eastDeg, latDeg + northDeg],
  ];
}

function smallest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(a, b), Infinity);
}
