import { planeAt } from "../../src/core/plane.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { TrueZone, Truth } from "../drive.ts";
import type { Spot } from "../truth/flat.ts";
import { edgesOf, flatten, holdsVehicle } from "../truth/flat.ts";
import { isInForce } from "../truth/times.ts";

/** What stands in the line of sight of each column of an image: metres to the nearest wall, Infinity for none. */
export type Sight = Float64Array;

/** Sides of a circle's wall: 0.2 % of its radius from the circle at most. */
const CIRCLE_SIDES = 72;

/**
 * How far a camera sees along a bearing, walls standing on the edges of the zones whose view is protected, as far as
 * the zone's `viewM` and the camera's range go. From within a zone it is seen all around, from right before the camera.
 */
export function sightOf(
  zones: readonly TrueZone[],
  truth: Truth,
  camera: Camera,
  bearingsDeg: Float64Array,
): Sight {
  const plane = planeAt(truth);
  const sight = new Float64Array(bearingsDeg.length).fill(Infinity);
  for (const zone of zones) {
    if (zone.cameras !== null && !zone.cameras.includes(camera.id)) continue;
    if (!isInForce(zone, truth.timeMs)) continue;
    const rangeM = Math.min(zone.viewM, camera.rangeM);
    for (const shape of zone.shapes) {
      const flat = flatten(shape, plane);
      const rings = flat.kind === "polygon" ? flat.rings : [circleRing(flat.centre, flat.radiusM)];
      if (holdsVehicle(rings)) sight.fill(NEAREST_M);
      if (rangeM > 0) for (const [a, b] of edgesOf(rings)) see(sight, a, b, rangeM, bearingsDeg, truth);
    }
  }
  return sight;
}

const NEAREST_M = 1;

/** Every column whose ray meets the edge within the range. */
function see(
  sight: Sight,
  [ax, ay]: Spot,
  [bx, by]: Spot,
  rangeM: number,
  bearingsDeg: Float64Array,
  { headingDeg }: Truth,
): void {
  const [ex, ey] = [bx - ax, by - ay];
  const t = Math.max(0, Math.min(1, -(ax * ex + ay * ey) / (ex * ex + ey * ey)));
  if (Math.hypot(ax + t * ex, ay + t * ey) > rangeM) return;
  for (let i = 0; i < bearingsDeg.length; i++) {
    const rad = ((headingDeg + (bearingsDeg[i] ?? 0)) * Math.PI) / 180;
    const [rx, ry] = [Math.sin(rad), Math.cos(rad)];
    const cross = rx * ey - ry * ex;
    const alongM = (ax * ey - ay * ex) / cross;
    const edge = (ax * ry - ay * rx) / cross;
    // Written so that a ray along the edge, NaN, sees nothing of it: the edges beside it are seen.
    if (!(edge >= 0 && edge <= 1 && alongM > 0 && alongM <= rangeM)) continue;
    sight[i] = Math.min(sight[i] ?? Infinity, Math.max(NEAREST_M, alongM));
  }
}

function circleRing([x, y]: Spot, radiusM: number): readonly Spot[] {
  return Array.from({ length: CIRCLE_SIDES }, (_, i): Spot => {
    const angle = (2 * Math.PI * i) / CIRCLE_SIDES;
    return [x + radiusM * Math.sin(angle), y + radiusM * Math.cos(angle)];
  });
}
