import { area, circle, difference, featureCollection, intersect, multiPolygon, union } from "@turf/turf";
import type { Feature, MultiPolygon, Polygon } from "geojson";
import { middleOf } from "./outline.ts";
import type { Ring, Shape } from "./zone.ts";

/** Areas as Turf works on them: spherical and with circles of 128 corners, for people's tools and never for a verdict. */
export type TurfArea = Feature<Polygon | MultiPolygon>;

const CIRCLE_STEPS = 128;

/** All shapes as one area; `besideLonDeg` says on which side of the antimeridian. */
export function toTurf(shapes: readonly Shape[], besideLonDeg: number): TurfArea {
  const turnDeg = 360 * Math.round((besideLonDeg - middleOf(shapes).lonDeg) / 360);
  const parts = shapes.map((shape) => partOf(shape, turnDeg));
  const [first] = parts;
  if (first && parts.length === 1) return first;
  return union(featureCollection(parts)) ?? multiPolygon([]);
}

function partOf(shape: Shape, turnDeg: number): TurfArea {
  if (shape.kind === "polygon") return multiPolygon([shape.rings.map((ring) => positionsOf(ring, turnDeg))]);
  const centre = [shape.lonDeg + turnDeg, shape.latDeg];
  return circle(centre, shape.radiusM, { units: "meters", steps: CIRCLE_STEPS });
}

function positionsOf(ring: Ring, turnDeg: number): number[][] {
  return Array.from({ length: ring.length / 2 }, (_, i) => [
    (ring[2 * i] ?? 0) + turnDeg,
    ring[2 * i + 1] ?? 0,
  ]);
}

/** What is in `from` and in none of the others; null where nothing is left. */
export const without = (from: TurfArea, others: readonly TurfArea[]): TurfArea | null =>
  others.length === 0 ? from : difference(featureCollection([from, ...others]));

export const shared = (a: TurfArea, b: TurfArea): TurfArea | null => intersect(featureCollection([a, b]));

export const turfM2 = (of: TurfArea | null): number => (of === null ? 0 : area(of));
