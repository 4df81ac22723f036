import Flatbush from "flatbush";
import { x, y, type Edges } from "./edges.ts";

/** Finds edges by where they lie: `boxes` when they are many, else by looking at each. */
export interface EdgeIndex {
  readonly edges: Edges;
  readonly boxes: EdgeBoxes | null;
}

interface EdgeBoxes {
  /** The edges, without the seams from one ring's end to the next one's beginning. */
  readonly list: Int32Array;
  readonly tree: Flatbush;
}

/** Up to so many points, looking at each edge is faster than an index. */
const FEW = 400;

export function edgeIndex(edges: Edges): EdgeIndex {
  return { edges, boxes: edges.points.length / 2 <= FEW ? null : boxesOf(edges) };
}

function boxesOf(edges: Edges): EdgeBoxes {
  const list = edgeList(edges);
  const tree = new Flatbush(list.length);
  for (const edge of list) tree.add(...boxOf(edges.points, edge));
  tree.finish();
  return { list, tree };
}

function edgeList({ starts, points }: Edges): Int32Array {
  const list = new Int32Array(points.length / 2 - starts.length + 1);
  let length = 0;
  for (let ring = 0; ring + 1 < starts.length; ring++)
    for (let edge = starts[ring] ?? 0; edge + 1 < (starts[ring + 1] ?? 0); edge++) list[length++] = edge;
  return list;
}

function boxOf(points: Float64Array, edge: number): [number, number, number, number] {
  const [ax, ay, bx, by] = [x(points, edge), y(points, edge), x(points, edge + 1), y(points, edge + 1)];
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}

/** Calls `visit` for every edge that the ray from a point towards greater x may meet. */
export function eachOnRay(
  { edges, boxes }: EdgeIndex,
  fromX: number,
  atY: number,
  visit: (edge: number) => void,
) {
  if (boxes) for (const i of boxes.tree.search(fromX, atY, Infinity, atY)) visit(boxes.list[i] ?? 0);
  else for (const edge of edgeList(edges)) visit(edge);
}

/** Calls `visit` once for every two edges whose boxes meet; stops early, with false, when `visit` returns false. */
export function eachPair({ edges, boxes }: EdgeIndex, visit: (p: number, q: number) => boolean): boolean {
  return boxes ? eachPairOfMany(edges, boxes, visit) : eachPairOfFew(edges, visit);
}

function eachPairOfMany(
  { points }: Edges,
  { list, tree }: EdgeBoxes,
  visit: (p: number, q: number) => boolean,
): boolean {
  for (const [i, p] of list.entries()) {
    const partners = tree.search(...boxOf(points, p), (j) => j > i);
    if (!partners.every((j) => visit(p, list[j] ?? 0))) return false;
  }
  return true;
}

// Nearly all polygons of real files come through here, so the box test is spelled out.
function eachPairOfFew({ points, starts }: Edges, visit: (p: number, q: number) => boolean): boolean {
  const end = points.length / 2 - 1;
  for (let p = 0; p < end; p++) {
    if (isSeam(starts, p)) continue;
    const minX = Math.min(x(points, p), x(points, p + 1));
    const maxX = Math.max(x(points, p), x(points, p + 1));
    const minY = Math.min(y(points, p), y(points, p + 1));
    const maxY = Math.max(y(points, p), y(points, p + 1));
    for (let q = p + 1; q < end; q++) {
      const qx = x(points, q);
      const qu = x(points, q + 1);
      if ((qx < minX && qu < minX) || (qx > maxX && qu > maxX)) continue;
      const qy = y(points, q);
      const qv = y(points, q + 1);
      if ((qy < minY && qv < minY) || (qy > maxY && qv > maxY)) continue;
      if (!isSeam(starts, q) && !visit(p, q)) return false;
    }
  }
  return true;
}

/** Whether what follows a point is the next ring. */
const isSeam = (starts: readonly number[], point: number) => starts.length > 2 && starts.includes(point + 1);
