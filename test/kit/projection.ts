import geodesic from "geographiclib-geodesic";
import type { Position } from "../../src/core/position.ts";
import type { Point } from "./flat.ts";

export type Projection = ReturnType<typeof projection>;

/** The azimuthal equidistant plane round a place, by GeographicLib: true to a millimetre within a few kilometres. */
export function projection({ latDeg, lonDeg }: Position) {
  const wgs84 = geodesic.Geodesic.WGS84;
  const direct = ([x, y]: Point) =>
    wgs84.Direct(latDeg, lonDeg, (Math.atan2(x, y) * 180) / Math.PI, Math.hypot(x, y));
  const eastDeg = (lon = Number.NaN) => ((((lon - lonDeg + 180) % 360) + 360) % 360) - 180;
  return {
    at(point: Point): Position {
      const { lat2 = Number.NaN, lon2 = Number.NaN } = direct(point);
      return { latDeg: lat2, lonDeg: lon2 };
    },
    /** A ring of longitudes and latitudes, without a jump at ±180, closed. */
    ring(corners: readonly Point[]): Float64Array {
      const degrees = corners
        .map(direct)
        .map(({ lat2 = Number.NaN, lon2 }) => [lonDeg + eastDeg(lon2), lat2]);
      return Float64Array.from([...degrees, degrees[0] ?? []].flat());
    },
    /** The true bearing of a direction of the plane, degrees in [0, 360). */
    bearingDeg(point: Point, planeRad: number): number {
      const convergenceDeg = eastDeg(direct(point).lon2) * Math.sin((latDeg * Math.PI) / 180);
      return ((planeRad * 180) / Math.PI + convergenceDeg + 720) % 360;
    },
  };
}
