import Flatbush from "flatbush";
import { x, y, type Edges } from "./edges.ts";

/** Finds edges by where they lie. */
export interface EdgeIndex {
  /** Calls `visit` once for every two edges whose boxes meet; stops early, with false, when `visit` returns false. */
  readonly eachPair: (visit: (p: number, q: number) => boolean) => boolean;
  /** Calls `visit` for every edge that the ray from a point towards greater x may meet. */
  readonly eachOnRay: (fromX: number, atY: number, visit: (edge: number) => void) => void;
}

/** Up to so many edges, looking at each is faster than an index. */
const FEW = 400;

export function edgeIndex(edges: Edges): EdgeIndex {
  return edges.points.length / 2 - 1 <= FEW ? smallIndex(edges) : largeIndex(edges);
}

function smallIndex(edges: Edges): EdgeIndex {
  return {
    eachPair: (visit) => eachPairOfFew(edges, visit),
    eachOnRay: (_fromX, _atY, visit) => {
      for (const edge of edgeList(edges)) visit(edge);
    },
  };
}

/** The edges, without the seams from one ring's end to the next one's beginning. */
function edgeList({ starts, points }: Edges): Int32Array {
  const list = new Int32Array(points.length / 2 - starts.length + 1);
  let length = 0;
  for (let ring = 0; ring + 1 < starts.length; ring++)
    for (let edge = starts[ring] ?? 0; edge + 1 < (starts[ring + 1] ?? 0); edge++) list[length++] = edge;
  return list;
}

// Nearly all polygons of real files come through here, so the box test is spelled out.
function eachPairOfFew({ points, starts }: Edges, visit: (p: number, q: number) => boolean): boolean {
  const end = points.length / 2 - 1;
  for (let p = 0; p < end; p++) {
    if (isSeam(starts, p)) continue;
    const px = x(points, p);
    const pu = x(points, p + 1);
    const py = y(points, p);
    const pv = y(points, p + 1);
    for (let q = p + 1; q < end; q++) {
      const qx = x(points, q);
      const qu = x(points, q + 1);
      if ((qx < px && qx < pu && qu < px && qu < pu) || (qx > px && qx > pu && qu > px && qu > pu)) continue;
      const qy = y(points, q);
      const qv = y(points, q + 1);
      if ((qy < py && qy < pv && qv < py && qv < pv) || (qy > py && qy > pv && qv > py && qv > pv)) continue;
      if (!isSeam(starts, q) && !visit(p, q)) return false;
    }
  }
  return true;
}

/** Whether what follows a point is the next ring. */
const isSeam = (starts: readonly number[], point: number) => starts.length > 2 && starts.includes(point + 1);

function largeIndex(edges: Edges): EdgeIndex {
  const { points } = edges;
  const list = edgeList(edges);
  const boxes = new Flatbush(list.length);
  for (const edge of list) boxes.add(...boxOf(points, edge));
  boxes.finish();
  return {
    eachPair(visit) {
      for (const [i, p] of list.entries()) {
        const partners = boxes.search(...boxOf(points, p), (j) => j > i);
        if (!partners.every((j) => visit(p, list[j] ?? 0))) return false;
      }
      return true;
    },
    eachOnRay(fromX, atY, visit) {
      boxes.search(fromX, atY, Infinity, atY, (i) => {
        visit(list[i] ?? 0);
        return false;
      });
    },
  };
}

function boxOf(points: Float64Array, edge: number): [number, number, number, number] {
  const [ax, ay, bx, by] = [x(points, edge), y(points, edge), x(points, edge + 1), y(points, edge + 1)];
  return [Math.min(ax, bx), Math.min(ay, by), Math.max(ax, bx), Math.max(ay, by)];
}
