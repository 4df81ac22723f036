import type { Ring, Shape } from "../zone.ts";
import { boxTree, searchTree, unitBox } from "./box-tree.ts";
import type { Box } from "./box-tree.ts";
import { closedWays } from "./closed-ways.ts";
import { boxOfShape } from "./packed-shapes.ts";
import { sharedEdges } from "./shared-edges.ts";
import { turnsOf } from "./zone-index.ts";

/**
 * What polygons that share edges are together, without the edges between them: for each group of such one polygon, of the
 * edges that an odd number of the group have. By the even-odd rule, for which it does not matter along which ways edges are
 * strung to rings, a place in it lies in an odd number of the group's polygons, hence in one at least: together with the
 * polygons it covers what they cover. Where they overlap it may have gaps, and circles are no part of it.
 */
export function seamless(shapes: readonly Shape[]): readonly Shape[] {
  const polygons = touching(shapes.flatMap(turnedCopies)).map(({ rings }) => rings);
  const edges = sharedEdges(polygons);
  const sizes = new Map<number, number>();
  for (const polygon of polygons.keys()) {
    const group = edges.groupOf(polygon);
    sizes.set(group, 1 + (sizes.get(group) ?? 0));
  }
  return [...closedWays(edges)]
    .filter(([group]) => (sizes.get(group) ?? 0) > 1)
    .map(([, rings]) => ({ kind: "polygon" as const, rings }));
}

interface Copy {
  readonly box: Box;
  readonly rings: readonly Ring[];
}

/**
 * A polygon wherever it comes near [−180, 180]: what lies on both sides of the antimeridian meets there, and what lies
 * beyond a narrow area that is on both sides.
 */
function turnedCopies(shape: Shape): readonly Copy[] {
  if (shape.kind === "circle") return [];
  const { west, south, east, north } = boxOfShape(shape);
  return turnsOf({ west: west - NEAR_DEG, south, east: east + NEAR_DEG, north }).map((near) => {
    const turnDeg = 360 * Math.round((near.west - west) / 360);
    const box = { west: west + turnDeg, south, east: east + turnDeg, north };
    return { box, rings: shape.rings.map((ring) => turned(ring, turnDeg)) };
  });
}

/** Farther than a reach extends: 1.9 km at 89° north or south. */
const NEAR_DEG = 1;

function turned(ring: Ring, byDeg: number): Ring {
  return byDeg === 0 ? ring : ring.map((deg, i) => (i % 2 === 0 ? deg + byDeg : deg));
}

/** Those whose boxes touch that of another: no others can share an edge. */
function touching(copies: readonly Copy[]): readonly Copy[] {
  const tree = boxTree(copies.map(({ box }) => box));
  const found = new Int32Array(copies.length);
  return copies.filter(({ box }) => searchTree(tree, unitBox(box), found) > 1);
}
