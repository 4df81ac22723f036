import type { MapFrame, Point } from "../report/map-frame.ts";
import { UNITS_PER_M } from "../report/map-frame.ts";
import type { Join, Place } from "./track.ts";

/** A place of the track on the map. */
export interface Stop extends Point {
  readonly atMs: number;
  readonly join: Join;
}

/** More stops than this are not drawn: the way is simplified, to half a metre or to what is needed. */
const MAX_STOPS = 2500;
const TOLERANCE = 0.5 * UNITS_PER_M;

/** The track for drawing: few stops, and yet every moment is where it was. */
export function wayOf(places: readonly Place[], frame: MapFrame): readonly Stop[] {
  const stops = places.map(({ latDeg, lonDeg, atMs, join }) => ({
    ...frame.pointAt(latDeg, lonDeg, frame.turnOf(lonDeg)),
    atMs,
    join,
  }));
  let tolerance = TOLERANCE;
  let way = simplified(stops, tolerance);
  // A way of nothing but gaps stays longer.
  while (way.length > MAX_STOPS && tolerance < frame.width) way = simplified(stops, (tolerance *= 2));
  return way;
}

/**
 * Douglas and Peucker's way of leaving out stops, where the distance is that to where the vehicle would be taken to be
 * at the same moment: a stand at a crossing stays a stand.
 */
function simplified(stops: readonly Stop[], tolerance: number): Stop[] {
  const keep = new Uint8Array(stops.length);
  const open: [number, number][] = [];
  let start = 0;
  for (let i = 1; i <= stops.length; i++) {
    if (stops[i]?.join === "way") continue;
    open.push([start, i - 1]);
    start = i;
  }
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const [first, last] = range;
    keep[first] = keep[last] = 1;
    const farthest = farthestBetween(stops, first, last, tolerance);
    if (farthest !== null) open.push([first, farthest], [farthest, last]);
  }
  return stops.filter((_, i) => keep[i] === 1);
}

function farthestBetween(stops: readonly Stop[], first: number, last: number, tolerance: number) {
  const [a, b] = [stops[first], stops[last]];
  let farthest: number | null = null;
  let most = tolerance * tolerance;
  for (let i = first + 1; i < last; i++) {
    const stop = stops[i];
    if (a === undefined || b === undefined || stop === undefined) continue;
    const { x, y } = between(a, b, stop.atMs);
    const squared = (stop.x - x) ** 2 + (stop.y - y) ** 2;
    if (squared > most) [most, farthest] = [squared, i];
  }
  return farthest;
}

/** Where the vehicle was at a moment between two stops. */
export function between(a: Stop, b: Stop, atMs: number): Point {
  const share = b.atMs > a.atMs ? Math.min(1, Math.max(0, (atMs - a.atMs) / (b.atMs - a.atMs))) : 0;
  return { x: a.x + share * (b.x - a.x), y: a.y + share * (b.y - a.y) };
}
