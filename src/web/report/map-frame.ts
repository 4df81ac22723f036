import type { Plane } from "../../core/plane.ts";
import { planeAt, wrapDeg } from "../../core/plane.ts";
import type { Position } from "../../core/position.ts";

/** A map unit is a decimetre, so that coordinates are short whole numbers. */
export const UNITS_PER_M = 10;
/** The map shows this much around the track, and a share of its extent. */
const MARGIN_M = 150;
const MARGIN_SHARE = 0.06;
const MIN_SPAN_M = 400;
/** Width to height of the map on a wide screen; style.ts says the same. */
export const ASPECT = 16 / 10;

/** A place on the map: units to the east and to the south of the upper left corner. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** What the map shows: an equirectangular plane, metric at the drive's middle. */
export interface MapFrame {
  readonly plane: Plane;
  readonly width: number;
  readonly height: number;
  /** Units for a pixel when the whole is shown about a thousand pixels wide. */
  readonly pixel: number;
  /** `turnDeg` is added to longitudes: a ring over the antimeridian runs on past ±180. */
  pointAt(latDeg: number, lonDeg: number, turnDeg: number): Point;
  /** The turn that brings a longitude nearest to the middle. */
  turnOf(lonDeg: number): number;
}

export function frameAround(places: readonly Position[]): MapFrame | null {
  const [first] = places;
  if (first === undefined) return null;
  const east = rangeOf(places.map(({ lonDeg }) => wrapDeg(lonDeg - first.lonDeg)));
  const north = rangeOf(places.map(({ latDeg }) => latDeg));
  const plane = planeAt({ latDeg: north.middle, lonDeg: wrapDeg(first.lonDeg + east.middle) });
  const spanM = padded(east.span * plane.xPerDeg, north.span * plane.yPerDeg);
  const width = Math.ceil(spanM.x * UNITS_PER_M);
  const height = Math.ceil(spanM.y * UNITS_PER_M);
  const [xPerDeg, yPerDeg] = [plane.xPerDeg * UNITS_PER_M, plane.yPerDeg * UNITS_PER_M];
  return {
    plane,
    width,
    height,
    pixel: width / 1000,
    pointAt: (latDeg, lonDeg, turnDeg) => ({
      x: width / 2 + (lonDeg + turnDeg - plane.lonDeg) * xPerDeg,
      y: height / 2 - (latDeg - plane.latDeg) * yPerDeg,
    }),
    turnOf: (lonDeg) => Math.round((plane.lonDeg - lonDeg) / 360) * 360,
  };
}

function rangeOf(values: readonly number[]): { readonly middle: number; readonly span: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { middle: (low + high) / 2, span: high - low };
}

/** The track's extent with its margin, in the map's proportions. */
function padded(eastM: number, northM: number): Point {
  const marginM = MARGIN_M + MARGIN_SHARE * Math.max(eastM, northM);
  const [x, y] = [Math.max(eastM + 2 * marginM, MIN_SPAN_M), Math.max(northM + 2 * marginM, MIN_SPAN_M)];
  return { x: Math.max(x, y * ASPECT), y: Math.max(y, x / ASPECT) };
}

/** SVG path data through points, in whole units, each relative to the one before it. */
export function pathOf(points: readonly Point[], closed: boolean): string {
  let [lastX, lastY] = [0, 0];
  let path = "";
  for (const [i, point] of points.entries()) {
    const [x, y] = [Math.round(point.x), Math.round(point.y)];
    if (i === 0) path = `M${x} ${y}l`;
    else if (x !== lastX || y !== lastY) path += pair(x - lastX, y - lastY, path);
    [lastX, lastY] = [x, y];
  }
  // A line without length is drawn as a dot.
  if (path.endsWith("l")) path += "0 0";
  return closed ? `${path}z` : path;
}

function pair(dx: number, dy: number, path: string): string {
  const gap = path.endsWith("l") || dx < 0 ? "" : " ";
  return `${gap}${dx}${dy < 0 ? "" : " "}${dy}`;
}
