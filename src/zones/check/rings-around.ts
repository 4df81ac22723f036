import { eachOnRay, type EdgeIndex } from "./edge-index.ts";
import { leftTurn, ringOf, x, y, type Edges } from "./edges.ts";
import type { Touch } from "./touches.ts";

/** A hole and the rings that it lies in. */
export interface Surrounded {
  readonly hole: number;
  readonly around: ReadonlySet<number>;
}

/** For each hole; the shell is ring 0. Expects that rings meet in single points at most, any two in no more than one. */
export function ringsAround(
  edges: Edges,
  index: EdgeIndex,
  touches: readonly Touch[],
): readonly Surrounded[] {
  const touching = touchingRings(edges, touches);
  return Array.from({ length: edges.starts.length - 2 }, (_, at) => ({
    hole: at + 1,
    around: around(edges, index, at + 1, touching),
  }));
}

/** The rings that touch at a point, by its coordinates. */
type TouchingRings = ReadonlyMap<string, ReadonlySet<number>>;

function touchingRings(edges: Edges, touches: readonly Touch[]): TouchingRings {
  const rings = new Map<string, Set<number>>();
  for (const touch of touches) {
    const key = keyOf(touch.x, touch.y);
    const here = rings.get(key) ?? new Set();
    rings.set(key, here.add(ringOf(edges, touch.p)).add(ringOf(edges, touch.q)));
  }
  return rings;
}

const keyOf = (lon: number, lat: number) => `${lon},${lat}`;

/**
 * The rings that a hole lies in. One vertex tells, except about the rings that it lies on; since those are met in no
 * other point, the next vertex tells about them.
 */
function around(edges: Edges, index: EdgeIndex, hole: number, touching: TouchingRings): ReadonlySet<number> {
  const first = edges.starts[hole] ?? 0;
  const onFirst = touching.get(keyOf(x(edges.points, first), y(edges.points, first)));
  const aroundFirst = oddCrossings(edges, index, first);
  aroundFirst.delete(hole);
  if (!onFirst) return aroundFirst;
  const aroundNext = oddCrossings(edges, index, first + 1);
  const isAround = (ring: number) => (onFirst.has(ring) ? aroundNext : aroundFirst).has(ring);
  return new Set([...aroundFirst, ...aroundNext].filter((ring) => ring !== hole && isAround(ring)));
}

/** The rings that a ray from a vertex towards greater longitudes crosses an odd number of times. */
function oddCrossings({ points, starts }: Edges, index: EdgeIndex, from: number): Set<number> {
  const [fromX, fromY] = [x(points, from), y(points, from)];
  const odd = new Set<number>();
  eachOnRay(index, fromX, fromY, (edge) => {
    const [ay, by] = [y(points, edge), y(points, edge + 1)];
    if (ay > fromY === by > fromY) return;
    const side = leftTurn(x(points, edge), ay, x(points, edge + 1), by, fromX, fromY);
    // The point is left of an edge that rises, or right of one that falls: the ray crosses it.
    if (side > 0 !== by > ay) return;
    const ring = ringOf({ points, starts }, edge);
    if (!odd.delete(ring)) odd.add(ring);
  });
  return odd;
}
