import { boxTree, searchTree, unitBox, type BoxTree } from "../index/box-tree.ts";
import { middleOf } from "../outline.ts";
import { boxAround } from "../overlap.ts";
import { toTurf, turfM2, without } from "../turf-shapes.ts";
import type { Shape } from "../zone.ts";

interface Shaped {
  readonly shapes: readonly Shape[];
}

/** Finds areas near another one by their boxes. */
export interface Nearby<T extends Shaped> {
  readonly of: (shapes: readonly Shape[]) => readonly T[];
}

export function nearby<T extends Shaped>(areas: readonly T[]): Nearby<T> {
  const boxes = areas.map(({ shapes }) => boxAround(shapes));
  const tree: BoxTree = boxTree(boxes);
  const found = new Int32Array(areas.length);
  return {
    of(shapes) {
      const box = boxAround(shapes);
      const near = new Set<number>();
      for (const turnDeg of [0, 360, -360]) {
        const turned = { ...box, west: box.west + turnDeg, east: box.east + turnDeg };
        for (const index of found.subarray(0, searchTree(tree, unitBox(turned), found))) near.add(index);
      }
      return [...near].toSorted((a, b) => a - b).flatMap((index) => areas[index] ?? []);
    },
  };
}

/** m² of the shapes that lie in none of the others. */
export function uncoveredM2(shapes: readonly Shape[], others: readonly Shaped[]): number {
  const { lonDeg } = middleOf(shapes);
  const area = toTurf(shapes, lonDeg);
  return turfM2(
    without(
      area,
      others.map((other) => toTurf(other.shapes, lonDeg)),
    ),
  );
}

/** Whether two areas are drawn the very same. */
export function sameShapes(a: readonly Shape[], b: readonly Shape[]): boolean {
  return a.length === b.length && a.every((shape, index) => isSame(shape, b[index]));
}

function isSame(a: Shape, b: Shape | undefined): boolean {
  if (a.kind === "circle")
    return b?.kind === "circle" && a.lonDeg === b.lonDeg && a.latDeg === b.latDeg && a.radiusM === b.radiusM;
  if (b?.kind !== "polygon" || a.rings.length !== b.rings.length) return false;
  return a.rings.every((ring, index) => {
    const other = b.rings[index];
    return other?.length === ring.length && ring.every((deg, at) => deg === other[at]);
  });
}
