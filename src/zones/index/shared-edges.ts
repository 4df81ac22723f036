import { at, intAt } from "../../core/at.ts";
import type { Ring } from "../zone.ts";
import { pairNumbers } from "./pair-numbers.ts";

/** The different edges of polygons: those are the same that have the same two vertices, to the bit, in either direction. */
export interface SharedEdges {
  /** Longitude and latitude of vertex i from 2·i on. */
  readonly vertices: Float64Array;
  /** The two vertices of edge i from 2·i on. */
  readonly ends: Float64Array;
  readonly count: number;
  /** 1 for an edge that an odd number of polygons have, as one that only a single one has. */
  readonly odd: Uint8Array;
  /** A polygon that has the edge. */
  readonly owner: Int32Array;
  /** A number that polygons have in common that share an edge, or each with another that does. */
  readonly groupOf: (polygon: number) => number;
}

/** The edges of polygons, given as their rings. */
export function sharedEdges(polygons: readonly (readonly Ring[])[]): SharedEdges {
  const room = polygons.flat().reduce((sum, ring) => sum + ring.length / 2, 0);
  const [vertices, edges] = [pairNumbers(room), pairNumbers(room)];
  const [odd, owner] = [new Uint8Array(room), new Int32Array(room)];
  const groups = groupsOf(polygons.length);
  let count = 0;
  const add = (from: number, to: number, polygon: number): void => {
    const edge = edges.numberOf(Math.min(from, to), Math.max(from, to));
    odd[edge] = 1 - (odd[edge] ?? 0);
    if (edge < count) return groups.join(intAt(owner, edge), polygon);
    owner[edge] = polygon;
    count += 1;
  };
  for (const [polygon, rings] of polygons.entries()) {
    for (const ring of rings) {
      let from = vertices.numberOf(at(ring, 0), at(ring, 1));
      for (let v = 2; v < ring.length; v += 2) {
        const to = vertices.numberOf(at(ring, v), at(ring, v + 1));
        if (to !== from) add(from, to, polygon);
        from = to;
      }
    }
  }
  return { vertices: vertices.pairs, ends: edges.pairs, count, odd, owner, groupOf: groups.of };
}

/** Disjoint sets: each of so many is in one of its own at first. */
function groupsOf(count: number) {
  const parents = Int32Array.from({ length: count }, (_, i) => i);
  function of(member: number): number {
    let top = member;
    while (intAt(parents, top) !== top) top = parents[top] = intAt(parents, intAt(parents, top));
    return top;
  }
  return {
    of,
    join(a: number, b: number): void {
      parents[of(a)] = of(b);
    },
  };
}
