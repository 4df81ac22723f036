import geodesic from "geographiclib-geodesic";
import type { Position } from "../../src/core/position.ts";

/** What is seen, told by other means than the gate's. */

const { WGS84, DISTANCE, AZIMUTH } = geodesic.Geodesic as typeof geodesic.Geodesic & {
  readonly DISTANCE: number;
  readonly AZIMUTH: number;
};

/** Geodesic distance and bearing from one place to another. */
export function bearingDeg(
  from: Position,
  to: Position,
): { readonly distanceM: number; readonly deg: number } {
  const line = WGS84.Inverse(from.latDeg, from.lonDeg, to.latDeg, to.lonDeg, DISTANCE | AZIMUTH);
  return { distanceM: line.s12 ?? Number.NaN, deg: line.azi1 ?? Number.NaN };
}

/** Least distance between sampled places of a sector and of a segment. */
export function distanceToPairs(
  { yawDeg, hfovDeg, rangeM }: { readonly yawDeg: number; readonly hfovDeg: number; readonly rangeM: number },
  [ax, ay, bx, by]: readonly [number, number, number, number],
): number {
  const steps = 40;
  let least = Infinity;
  for (let a = 0; a <= steps; a++) {
    const bearing = ((yawDeg - hfovDeg / 2 + (hfovDeg * a) / steps) * Math.PI) / 180;
    for (let r = 0; r <= steps; r++) {
      const [x, y] = [(rangeM * r * Math.sin(bearing)) / steps, (rangeM * r * Math.cos(bearing)) / steps];
      least = Math.min(least, toSegment(x - ax, y - ay, bx - ax, by - ay));
    }
  }
  return least;
}

function toSegment(px: number, py: number, dx: number, dy: number): number {
  const t = Math.max(0, Math.min(1, (px * dx + py * dy) / (dx * dx + dy * dy)));
  return Math.hypot(px - t * dx, py - t * dy);
}
