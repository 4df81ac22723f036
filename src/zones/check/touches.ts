import { leftTurn, ringOf, x, y, type Edges } from "./edges.ts";

/** A point that edges of two different rings share. */
export interface Touch {
  readonly p: number;
  readonly q: number;
  readonly x: number;
  readonly y: number;
}

/** Whether the ring of `q` is on both sides of the ring of `p` around their common point. */
export function passesThrough(edges: Edges, touch: Touch): boolean {
  const [before, after] = aroundPoint(edges, touch.p, touch);
  const [from, to] = aroundPoint(edges, touch.q, touch);
  return isBetween(touch, before, after, from) !== isBetween(touch, before, after, to);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The ring's points before and after the common one, which is an end of the edge or inside it. */
function aroundPoint(edges: Edges, edge: number, at: Point): readonly [Point, Point] {
  const { points, starts } = edges;
  const ring = ringOf(edges, edge);
  const first = starts[ring] ?? 0;
  const last = (starts[ring + 1] ?? 0) - 1;
  const isStart = x(points, edge) === at.x && y(points, edge) === at.y;
  const isEnd = x(points, edge + 1) === at.x && y(points, edge + 1) === at.y;
  const before = isStart ? (edge === first ? last - 1 : edge - 1) : edge;
  const after = isEnd ? (edge + 1 === last ? first + 1 : edge + 2) : edge + 1;
  return [pointAt(points, before), pointAt(points, after)];
}

const pointAt = (points: Float64Array, point: number): Point => ({
  x: x(points, point),
  y: y(points, point),
});

/** Whether, turning left around `at` from `from`, one meets `each` before `to`. */
function isBetween(at: Point, from: Point, to: Point, each: Point): boolean {
  const turn = (a: Point, b: Point) => leftTurn(at.x, at.y, a.x, a.y, b.x, b.y);
  const sector = turn(from, to);
  if (sector > 0) return turn(from, each) > 0 && turn(each, to) > 0;
  if (sector < 0) return !(turn(to, each) > 0 && turn(each, from) > 0);
  return turn(from, each) > 0;
}

/**
 * True for a touch that joins rings which were joined already: then a closed chain of rings and points
 * surrounds a part of the interior. Several rings through one point make no chain.
 */
export function closesLoop(edges: Edges): (touch: Touch) => boolean {
  const parents = new Map<string, string>();
  const met = new Set<string>();
  const rootOf = (node: string): string => {
    let root = node;
    for (let next = parents.get(root); next !== undefined; next = parents.get(root)) root = next;
    if (root !== node) parents.set(node, root);
    return root;
  };
  const joins = (ring: string, point: string): boolean => {
    if (met.has(`${ring} ${point}`)) return false;
    met.add(`${ring} ${point}`);
    const [a, b] = [rootOf(ring), rootOf(point)];
    if (a === b) return true;
    parents.set(a, b);
    return false;
  };
  return ({ p, q, x: lon, y: lat }) => {
    const point = `${lon},${lat}`;
    return joins(`${ringOf(edges, p)}`, point) || joins(`${ringOf(edges, q)}`, point);
  };
}
