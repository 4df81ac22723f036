import type { MultiPolygon } from "geojson";
import { lengthSquared, planeAt } from "../../core/plane.ts";
import { verticesOf } from "../../zones/outline.ts";
import type { Shape } from "../../zones/zone.ts";

const CIRCLE_CORNERS = 128;

/** Shapes as GeoJSON; longitudes run on over the antimeridian, which the map draws on both sides. */
export function geometryOf(shapes: readonly Shape[]): MultiPolygon {
  return { type: "MultiPolygon", coordinates: shapes.map(ringsOf) };
}

function ringsOf(shape: Shape): number[][][] {
  if (shape.kind === "circle") return [circleRing(shape, shape.radiusM)];
  return shape.rings.map((ring) =>
    Array.from({ length: ring.length / 2 }, (_, i) => [ring[2 * i] ?? 0, ring[2 * i + 1] ?? 0]),
  );
}

interface Centre {
  readonly lonDeg: number;
  readonly latDeg: number;
}

/** Corners at that distance on the ellipsoid. */
export function circleRing(centre: Centre, radiusM: number): number[][] {
  const plane = planeAt(centre);
  const corners = Array.from({ length: CIRCLE_CORNERS }, (_, i) => {
    const angle = (2 * Math.PI * i) / CIRCLE_CORNERS;
    let [x, y] = [radiusM * Math.cos(angle), radiusM * Math.sin(angle)];
    // Each round brings the corner's true distance nearer to the radius.
    for (let round = 0; round < 4; round++) {
      const share = radiusM / Math.sqrt(lengthSquared(plane, x, y));
      [x, y] = [x * share, y * share];
    }
    return [
      centre.lonDeg + x / plane.xPerDeg,
      Math.max(-90, Math.min(90, centre.latDeg + y / plane.yPerDeg)),
    ];
  });
  return [...corners, corners[0] ?? []];
}

export type GeoBox = readonly [west: number, south: number, east: number, north: number];

/** The box around areas' outlines, their circles whole. */
export function boxOf({ coordinates }: MultiPolygon): GeoBox {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const [shell = []] of coordinates)
    for (const [lon = 0, lat = 0] of shell) {
      [west, east] = [Math.min(west, lon), Math.max(east, lon)];
      [south, north] = [Math.min(south, lat), Math.max(north, lat)];
    }
  return [west, south, east, north];
}

/** Corners as they are in the file: a circle has its centre, a ring's last is its first. */
export const cornersOf = (shapes: readonly Shape[]): number =>
  shapes.reduce(
    (sum, shape) => sum + verticesOf(shape).length - (shape.kind === "circle" ? 0 : shape.rings.length),
    0,
  );
