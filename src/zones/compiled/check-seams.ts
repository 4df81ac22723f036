import type { PackedShapes } from "../index/packed-shapes.ts";
import { seamless } from "../index/seamless.ts";
import { sharedEdges } from "../index/shared-edges.ts";
import type { Ring, Shape } from "../zone.ts";
import { refuseUnless } from "./refuse-unless.ts";
import { shapesByArea } from "./rings-of-part.ts";

/**
 * The area behind so many areas of coverage, which nobody drew, must be what those are without their seams: it would
 * cover what they do not. Throws `zones-invalid`.
 */
export function checkSeams(shapes: PackedShapes, areaCount: number): void {
  const shapesOf = shapesByArea(shapes);
  const drawn = Array.from({ length: areaCount }, (_, area) => shapesOf(area)).flat();
  const missing = new Set(shapesOf(areaCount));
  const made = seamless(drawn);
  const areFound = made.every((shape) => {
    const same = [...missing].find((other) => haveSameEdges(shape, other));
    return same !== undefined && missing.delete(same);
  });
  refuseUnless(areFound && missing.size === 0, "seams");
}

/** In whatever order, and however strung to rings. */
function haveSameEdges(a: Shape, b: Shape): boolean {
  if (a.kind === "circle" || b.kind === "circle") return false;
  return edgesIn(a.rings) === edgesIn(b.rings) && !sharedEdges([a.rings, b.rings]).odd.includes(1);
}

const edgesIn = (rings: readonly Ring[]): number =>
  rings.reduce((sum, { length }) => sum + length / 2 - 1, 0);
