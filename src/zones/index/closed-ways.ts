import { at, intAt } from "../../core/at.ts";
import type { Ring } from "../zone.ts";
import { pairNumbers } from "./pair-numbers.ts";
import type { SharedEdges } from "./shared-edges.ts";

/**
 * The edges that an odd number of polygons have, strung to rings, by group. An even number of them meets at each vertex, as
 * of the rings that they come from: who walks along edges not walked yet comes back to where he began (Euler 1736).
 */
export function closedWays(edges: SharedEdges): ReadonlyMap<number, readonly Ring[]> {
  const { ends, count, odd, owner } = edges;
  const { cornerOf, step } = walkable(edges);
  const ways = new Map<number, Ring[]>();
  for (let edge = 0; edge < count; edge++) {
    if (odd[edge] === 0) continue;
    const begin = 2 * edge;
    const way = [at(ends, begin)];
    for (let half = step(intAt(cornerOf, begin)); half !== NONE; half = step(intAt(cornerOf, half))) {
      way.push(at(ends, half));
    }
    if (way.length === 1) continue;
    const group = edges.groupOf(intAt(owner, edge));
    const rings = ways.get(group) ?? [];
    ways.set(group, rings);
    rings.push(ringAlong(edges, way));
  }
  return ways;
}

/**
 * Edges between corners: a corner is a vertex as a group has it, so that groups which meet at one are not mixed. Half edge
 * 2·i + 1 is the other half of 2·i.
 */
function walkable({ ends, count, odd, owner, groupOf }: SharedEdges) {
  const corners = pairNumbers(2 * count);
  const cornerOf = new Int32Array(2 * count);
  const first = new Int32Array(2 * count).fill(NONE);
  const next = new Int32Array(2 * count);
  for (let half = 0; half < 2 * count; half++) {
    if (odd[half >> 1] === 0) continue;
    const corner = corners.numberOf(at(ends, half), groupOf(intAt(owner, half >> 1)));
    cornerOf[half] = corner;
    next[half] = intAt(first, corner);
    first[corner] = half;
  }
  const walked = new Uint8Array(count);
  /** Leaves a corner by an edge not walked yet: the half at its other end, or none. */
  function step(corner: number): number {
    for (let half = intAt(first, corner); half !== NONE; half = intAt(next, half)) {
      first[corner] = intAt(next, half);
      if (walked[half >> 1] === 1) continue;
      walked[half >> 1] = 1;
      return half ^ 1;
    }
    return NONE;
  }
  return { cornerOf, step };
}

function ringAlong({ vertices }: SharedEdges, way: readonly number[]): Ring {
  const ring = new Float64Array(2 * way.length);
  for (const [i, vertex] of way.entries()) {
    ring[2 * i] = at(vertices, 2 * vertex);
    ring[2 * i + 1] = at(vertices, 2 * vertex + 1);
  }
  return ring;
}

const NONE = -1;
