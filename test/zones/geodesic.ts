import geodesic from "geographiclib-geodesic";
import type { Position } from "../../src/core/position.ts";
import type { Ring, Shape } from "../../src/zones/zone.ts";
import { exactSide } from "./exact.ts";

const { WGS84, DISTANCE } = geodesic.Geodesic as typeof geodesic.Geodesic & { readonly DISTANCE: number };

/** Distance on the ellipsoid by Karney's algorithm, good to nanometres. */
export function geodesicM(a: Position, b: Position): number {
  return WGS84.Inverse(a.latDeg, a.lonDeg, b.latDeg, b.lonDeg, DISTANCE).s12 ?? Number.NaN;
}

/** The place so far away in a direction. */
export function geodesicTo(from: Position, bearingDeg: number, distanceM: number): Position {
  const { lat2, lon2 } = WGS84.Direct(from.latDeg, from.lonDeg, bearingDeg, distanceM);
  return { latDeg: lat2 ?? Number.NaN, lonDeg: lon2 ?? Number.NaN };
}

/** Signed distance of a place to a shape: exact containment, geodesic metres to the nearest edge. */
export function geodesicToShape(shape: Shape, place: Position): number {
  if (shape.kind === "circle") return geodesicM(place, shape) - shape.radiusM;
  const edgeM = Math.min(...shape.rings.map((ring) => geodesicToRing(ring, place)));
  return exactSide(shape.rings, place) === "inside" ? -edgeM : edgeM;
}

function geodesicToRing(ring: Ring, place: Position): number {
  let nearestM = Infinity;
  for (let v = 0; v + 3 < ring.length; v += 2) {
    const [aLon = 0, aLat = 0, bLon = 0, bLat = 0] = ring.subarray(v, v + 4);
    const along = (t: number) =>
      geodesicM(place, { latDeg: aLat + t * (bLat - aLat), lonDeg: aLon + t * (bLon - aLon) });
    const lengthM = 112_000 * Math.hypot(bLon - aLon, bLat - aLat);
    nearestM = Math.min(nearestM, leastOf(along, 1e-5 / lengthM));
  }
  return nearestM;
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** Least value of a function with one minimum in [0, 1]: golden-section search, to `tolerance` in the argument. */
function leastOf(of: (t: number) => number, tolerance: number): number {
  let [low, high] = [0, 1];
  let [t1, t2] = [1 - GOLDEN, GOLDEN];
  let [f1, f2] = [of(t1), of(t2)];
  const ends = Math.min(of(0), of(1));
  while (high - low > tolerance) {
    if (f1 < f2) {
      [high, t2, f2] = [t2, t1, f1];
      t1 = high - GOLDEN * (high - low);
      f1 = of(t1);
    } else {
      [low, t1, f1] = [t1, t2, f2];
      t2 = low + GOLDEN * (high - low);
      f2 = of(t2);
    }
  }
  return Math.min(ends, f1, f2);
}
