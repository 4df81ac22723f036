import { containsPlace } from "./contains.ts";
import { middleOf, verticesOf } from "./outline.ts";
import { shared, toTurf } from "./turf-shapes.ts";
import type { Shape } from "./zone.ts";

/** A box in degrees around shapes, circles and all. */
export function boxAround(shapes: readonly Shape[]) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const shape of shapes) {
    const northDeg = shape.kind === "circle" ? shape.radiusM / 110_000 : 0;
    const eastDeg = shape.kind === "circle" ? northDeg / Math.cos((shape.latDeg * Math.PI) / 180) : 0;
    for (const { lonDeg, latDeg } of verticesOf(shape)) {
      [west, east] = [Math.min(west, lonDeg - eastDeg), Math.max(east, lonDeg + eastDeg)];
      [south, north] = [Math.min(south, latDeg - northDeg), Math.max(north, latDeg + northDeg)];
    }
  }
  return { west, south, east, north };
}

type Box = ReturnType<typeof boxAround>;

export function boxesMeet(a: Box, b: Box): boolean {
  const turnDeg = 360 * Math.round((a.west + a.east - b.west - b.east) / 720);
  const isBeside = a.east < b.west + turnDeg || b.east + turnDeg < a.west;
  return !isBeside && a.south <= b.north && b.south <= a.north;
}

/** Whether two areas have ground in common. */
export function overlaps(a: readonly Shape[], b: readonly Shape[]): boolean {
  if (!boxesMeet(boxAround(a), boxAround(b))) return false;
  // Nearly always a vertex says it, and the areas need not be joined.
  if (a.flatMap(verticesOf).some((at) => containsPlace(b, at))) return true;
  if (b.flatMap(verticesOf).some((at) => containsPlace(a, at))) return true;
  const { lonDeg } = middleOf(a);
  return shared(toTurf(a, lonDeg), toTurf(b, lonDeg)) !== null;
}
