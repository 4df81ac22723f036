import type { Plane } from "../../src/core/plane.ts";
import { wrapDeg } from "../../src/core/plane.ts";
import type { TrueShape } from "../drive.ts";

/** Metres from the vehicle, east and north. */
export type Spot = readonly [x: number, y: number];

/** A shape as it lies around the vehicle, which is at [0, 0]. Rings are without their closing vertex. */
export type FlatShape =
  | { readonly kind: "polygon"; readonly rings: readonly (readonly Spot[])[] }
  | { readonly kind: "circle"; readonly centre: Spot; readonly radiusM: number };

/** The shape in a metric plane around a place: straight edges stay straight. */
export function flatten(shape: TrueShape, plane: Plane): FlatShape {
  if (shape.kind === "circle") {
    const x = wrapDeg(shape.lonDeg - plane.lonDeg) * plane.xPerDeg;
    return {
      kind: "circle",
      centre: [x, (shape.latDeg - plane.latDeg) * plane.yPerDeg],
      radiusM: shape.radiusM,
    };
  }
  const firstDeg = (shape.rings[0]?.[0]?.[0] ?? 0) - plane.lonDeg;
  // One turn for all of it, so that nothing is torn at the antimeridian.
  const turnDeg = wrapDeg(firstDeg) - firstDeg - plane.lonDeg;
  const rings = shape.rings.map((ring) =>
    ring.map(([lonDeg, latDeg]): Spot => {
      return [(lonDeg + turnDeg) * plane.xPerDeg, (latDeg - plane.latDeg) * plane.yPerDeg];
    }),
  );
  return { kind: "polygon", rings };
}

/** Whether the vehicle is in the polygon, by the crossings of a ray: holes are out. */
export function holdsVehicle(rings: readonly (readonly Spot[])[]): boolean {
  let isIn = false;
  for (const [[ax, ay], [bx, by]] of edgesOf(rings)) {
    if (ay > 0 !== by > 0 && ax - (ay * (bx - ax)) / (by - ay) > 0) isIn = !isIn;
  }
  return isIn;
}

export function* edgesOf(rings: readonly (readonly Spot[])[]): Generator<readonly [Spot, Spot]> {
  for (const ring of rings) {
    let before = ring.at(-1);
    for (const spot of ring) {
      if (before !== undefined) yield [before, spot];
      before = spot;
    }
  }
}

/** The place of the segment that is nearest to a spot. */
export function nearestOn([ax, ay]: Spot, [bx, by]: Spot, [px, py]: Spot = [0, 0]): Spot {
  const [dx, dy] = [bx - ax, by - ay];
  const along = ((px - ax) * dx + (py - ay) * dy) / (dx * dx + dy * dy);
  // NaN for a segment of no length.
  const t = along > 0 ? Math.min(1, along) : 0;
  return [ax + t * dx, ay + t * dy];
}
