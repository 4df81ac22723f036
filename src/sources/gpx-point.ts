import { accuracyFromHdopM } from "./accuracy.ts";
import type { GnssReport } from "./fix.ts";
import { parseUtcMs } from "./utc.ts";

/** A `<trkpt>` while it is read. */
export interface TrackPoint {
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly line: number;
  readonly said: ReadonlyMap<string, string>;
  /** Takes note of the text of an element below the point, `path` being the elements around it. */
  say(path: readonly string[], element: string, text: string): void;
}

/** Ends the reading with this message, at the line that the parser is at. */
export type Fail = (message: string) => never;

export function openPoint(
  attributes: Readonly<Record<string, string>>,
  line: number,
  fail: Fail,
): TrackPoint {
  const latDeg = coordinate(attributes, "lat", 90, fail);
  const lonDeg = coordinate(attributes, "lon", 180, fail);
  const said = new Map<string, string>();
  return {
    latDeg,
    lonDeg,
    line,
    said,
    say(path, element, text) {
      const parent = path.at(-1);
      // GPX 1.0 has speed and course in the point, 1.1 only in Garmin's TrackPointExtension; both in m/s and degrees.
      if (parent === "trkpt") said.set(element, text);
      else if (parent === "TrackPointExtension" && !said.has(element)) said.set(element, text);
    },
  };
}

/** Undefined for a point without a time. A time that cannot be read ends the reading. */
export function pointReport(point: TrackPoint, fail: Fail): GnssReport | undefined {
  const { said, latDeg, lonDeg } = point;
  const time = said.get("time") ?? "";
  if (time === "") return undefined;
  // The GPX schema: "Date and time in are in Universal Coordinated Time (UTC), not local time!" So no zone is UTC.
  const timeMs = parseUtcMs(time);
  if (Number.isNaN(timeMs)) fail(`the time "${time}" is not one such as 2026-03-01T08:00:00Z`);
  const fix = said.get("fix");
  if (fix === "none") return { timeMs, quality: "none" };
  const correction = fix === "dgps" ? "differential" : "autonomous";
  return {
    timeMs,
    latDeg,
    lonDeg,
    accuracyM: accuracyFromHdopM(magnitude(said.get("hdop"), Number.MAX_VALUE) ?? undefined, correction),
    speedMps: magnitude(said.get("speed"), Number.MAX_VALUE),
    courseDeg: magnitude(said.get("course"), 360),
    quality: correction,
  };
}

export function isCoordinate(text: string, maxDeg: number): boolean {
  return DECIMAL.test(text) && Math.abs(Number(text)) <= maxDeg;
}

function coordinate(
  attributes: Readonly<Record<string, string>>,
  name: "lat" | "lon",
  maxDeg: number,
  fail: Fail,
): number {
  const text = attributes[name]?.trim() ?? "";
  const deg = DECIMAL.test(text) ? Number(text) : Number.NaN;
  if (!(Math.abs(deg) <= maxDeg)) fail(`${name}="${text}" is not a number from -${maxDeg} to ${maxDeg}`);
  return deg;
}

/** Exporters write -1 or nothing for an unknown speed or course: what is no magnitude is unknown. */
function magnitude(text: string | undefined, max: number): number | null {
  if (text === undefined || !DECIMAL.test(text)) return null;
  const value = Number(text);
  return value >= 0 && value <= max ? value : null;
}

// xsd:decimal, and the exponents that some exporters write near zero.
const DECIMAL = /^[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,3})?$/;
