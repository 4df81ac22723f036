import { distanceFrom, planeAt } from "../core/plane.ts";
import type { Position } from "../core/position.ts";
import type { Shape } from "./zone.ts";

/** Whether a place is in any of the shapes; the outline may count either way. For people's tools, never for a verdict. */
export const containsPlace = (shapes: readonly Shape[], at: Position): boolean =>
  shapes.some((shape) => contains(shape, at));

function contains(shape: Shape, at: Position): boolean {
  if (shape.kind === "circle") return distanceFrom(planeAt(shape), at) <= shape.radiusM;
  return [0, 360, -360].some((turn) => isInRings(shape.rings, at.lonDeg + turn, at.latDeg));
}

/** Even-odd rule over all rings: holes are out. */
function isInRings(rings: readonly Float64Array[], x: number, y: number): boolean {
  let inside = false;
  for (const ring of rings)
    for (let i = 0; i + 3 < ring.length; i += 2) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = [ring[i], ring[i + 1], ring[i + 2], ring[i + 3]];
      if (ay > y !== by > y && x < ax + ((y - ay) / (by - ay)) * (bx - ax)) inside = !inside;
    }
  return inside;
}
