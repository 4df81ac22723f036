import { orient2d } from "robust-predicates";
import type { Ring } from "../zone.ts";

/**
 * The edges of all rings of a polygon. Edge `p` runs from point `p` to point `p + 1` of `points`; the last point of each
 * ring begins none.
 */
export interface Edges {
  /** `[x0, y0, x1, y1, …]`, the rings one after the other. */
  readonly points: Float64Array;
  /** First point of each ring, and the number of points at the end. */
  readonly starts: readonly number[];
}

export function edgesOf(rings: readonly Ring[]): Edges {
  const [only] = rings;
  if (only && rings.length === 1) return { points: only, starts: [0, only.length / 2] };
  const starts = [0];
  for (const ring of rings) starts.push((starts.at(-1) ?? 0) + ring.length / 2);
  const points = new Float64Array(2 * (starts.at(-1) ?? 0));
  for (const [index, ring] of rings.entries()) points.set(ring, 2 * (starts[index] ?? 0));
  return { points, starts };
}

/** The ring that a point or edge belongs to. */
export function ringOf({ starts }: Edges, edge: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((starts[middle] ?? 0) <= edge) low = middle;
    else high = middle;
  }
  return low;
}

/** How two edges lie to each other. `touch` is one common point, an end of at least one of them. */
export type Meeting = "apart" | "cross" | "touch" | "overlap";

/** Exact, since the signs of `leftTurn` are. */
export function meetingOf(points: Float64Array, p: number, q: number): Meeting {
  const [px, py, pu, pv] = [x(points, p), y(points, p), x(points, p + 1), y(points, p + 1)];
  const [qx, qy, qu, qv] = [x(points, q), y(points, q), x(points, q + 1), y(points, q + 1)];
  const start = leftTurn(px, py, pu, pv, qx, qy);
  const end = leftTurn(px, py, pu, pv, qu, qv);
  if ((start > 0 && end > 0) || (start < 0 && end < 0)) return "apart";
  if (start === 0 && end === 0) return px === pu ? alongLine(py, pv, qy, qv) : alongLine(px, pu, qx, qu);
  const before = leftTurn(qx, qy, qu, qv, px, py);
  const after = leftTurn(qx, qy, qu, qv, pu, pv);
  if ((before > 0 && after > 0) || (before < 0 && after < 0)) return "apart";
  return start === 0 || end === 0 || before === 0 || after === 0 ? "touch" : "cross";
}

/** Two edges on one line, by the coordinates of their ends along it. */
function alongLine(a: number, b: number, c: number, d: number): Meeting {
  const common = Math.min(Math.max(a, b), Math.max(c, d)) - Math.max(Math.min(a, b), Math.min(c, d));
  return common > 0 ? "overlap" : common === 0 ? "touch" : "apart";
}

/** The common point of two edges that touch: an end of one that lies on the other. */
export function touchPoint(
  points: Float64Array,
  p: number,
  q: number,
): { readonly x: number; readonly y: number } {
  const on = [p, p + 1].find((end) => isOn(points, end, q)) ?? (isOn(points, q, p) ? q : q + 1);
  return { x: x(points, on), y: y(points, on) };
}

function isOn(points: Float64Array, point: number, edge: number): boolean {
  const [ax, ay, bx, by] = [x(points, edge), y(points, edge), x(points, edge + 1), y(points, edge + 1)];
  const [px, py] = [x(points, point), y(points, point)];
  const inBox =
    px >= Math.min(ax, bx) && px <= Math.max(ax, bx) && py >= Math.min(ay, by) && py <= Math.max(ay, by);
  return inBox && leftTurn(ax, ay, bx, by, px, py) === 0;
}

/** Whether the edges before and after a point make an angle there, and so meet nowhere else; false on a straight line. */
export function isCorner(points: Float64Array, point: number): boolean {
  const [before, after] = [point - 1, point + 1];
  return (
    leftTurn(
      x(points, before),
      y(points, before),
      x(points, point),
      y(points, point),
      x(points, after),
      y(points, after),
    ) !== 0
  );
}

/** Whether two edges of one ring follow one another. */
export function isNeighbour({ starts }: Edges, ring: number, p: number, q: number): boolean {
  const first = starts[ring] ?? 0;
  const last = (starts[ring + 1] ?? 0) - 2;
  return Math.abs(p - q) === 1 || (Math.min(p, q) === first && Math.max(p, q) === last);
}

/**
 * Above 0 when the way from a over b to c turns left, 0 when they are on one line: exact signs, computed without rounding
 * (Shewchuk 1997). The library's own sign is for pictures, whose y grows downwards.
 */
export function leftTurn(ax: number, ay: number, bx: number, by: number, cx: number, cy: number): number {
  return -orient2d(ax, ay, bx, by, cx, cy);
}

// Points come from a count that the array was made for: past its end there is nothing to read.
export const x = (points: Float64Array, point: number): number => points[2 * point] ?? Number.NaN;
export const y = (points: Float64Array, point: number): number => points[2 * point + 1] ?? Number.NaN;
