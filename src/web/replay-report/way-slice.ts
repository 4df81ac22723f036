import type { Point } from "../report/map-frame.ts";
import type { Stop } from "./way.ts";
import { between } from "./way.ts";

/** The pieces of the way that were driven in a stretch of time; none where the place was unknown all the time. */
export function sliceWay(
  way: readonly Stop[],
  fromMs: number,
  untilMs: number,
): readonly (readonly Point[])[] {
  const lines: Point[][] = [];
  let line: Point[] | null = null;
  for (let i = firstAfter(way, fromMs); i <= way.length; i++) {
    const [a, b] = [way[i - 1], way[i]];
    if (a === undefined) {
      if (b === undefined || b.atMs > untilMs) break;
      continue;
    }
    if (b === undefined || b.join !== "way") {
      // A place between two gaps is a dot.
      if (line === null && a.atMs >= fromMs && a.atMs < untilMs) lines.push([a]);
      line = null;
      if (b === undefined || b.atMs > untilMs) break;
      continue;
    }
    // Found again at the very end: the stretch was driven unseen.
    if (line === null && a.atMs >= untilMs && a.atMs > fromMs) break;
    if (line === null) lines.push((line = [between(a, b, fromMs)]));
    line.push(between(a, b, untilMs));
    if (b.atMs >= untilMs) break;
  }
  return lines;
}

/** Where the vehicle was, or was last known to be, at a moment; null before the first known place. */
export function pointAt(way: readonly Stop[], atMs: number): Point | null {
  const i = firstAfter(way, atMs);
  const [a, b] = [way[i - 1], way[i]];
  if (a === undefined) return null;
  return b === undefined || b.join !== "way" ? a : between(a, b, atMs);
}

/** The number of the first stop later than a moment. */
function firstAfter(way: readonly Stop[], atMs: number): number {
  let [low, high] = [0, way.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((way[middle]?.atMs ?? Infinity) > atMs) high = middle;
    else low = middle + 1;
  }
  return low;
}
