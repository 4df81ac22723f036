import { getTimes } from "suncalc";
import type { DraftGeometry } from "./draft.ts";

/** ED-318: begin of morning civil twilight, sunrise, sunset, end of evening civil twilight. */
export const DAYLIGHT_EVENTS = ["BMCT", "SR", "SS", "EECT"] as const;
export type DaylightEvent = (typeof DAYLIGHT_EVENTS)[number];

const NAMES = { BMCT: "dawn", SR: "sunrise", SS: "sunset", EECT: "dusk" } as const;

/** Where an area reaches, degrees. */
export interface Extent {
  readonly west: number;
  readonly south: number;
  readonly east: number;
  readonly north: number;
}

/** When an event happens, minutes after midnight UTC of the local day; may be negative or over 1440. */
export interface DaylightRange {
  readonly earliestMin: number;
  readonly latestMin: number;
}

/** What definitions of twilight, refraction and height above the horizon may differ by. */
const MARGIN_MIN = 15;

/** A leap year, so that the 29 February is among its days. */
const YEAR = 2028;

/**
 * The earliest and the latest that an event happens, over all days of the year and the corners and the middle of an area;
 * null where it does not happen on some day (beyond the polar circles), or the area is unknown.
 */
export function daylightRange(event: DaylightEvent, extent: Extent | null): DaylightRange | null {
  if (extent === null) return null;
  let [earliestMin, latestMin] = [Infinity, -Infinity];
  for (const [latDeg, lonDeg] of placesOf(extent)) {
    for (let day = 1; day <= 366; day++) {
      const midnightMs = Date.UTC(YEAR, 0, day);
      const noonMs = midnightMs + (12 * 60 - 4 * lonDeg) * MINUTE_MS;
      const atMs = getTimes(new Date(noonMs), latDeg, lonDeg)[NAMES[event]]?.getTime() ?? Number.NaN;
      if (!Number.isFinite(atMs)) return null;
      // Of the local day: less than half a day from its noon.
      const turns = Math.round((atMs - noonMs) / DAY_MS);
      const minute = (atMs - turns * DAY_MS - midnightMs) / MINUTE_MS;
      earliestMin = Math.min(earliestMin, minute);
      latestMin = Math.max(latestMin, minute);
    }
  }
  return { earliestMin: earliestMin - MARGIN_MIN, latestMin: latestMin + MARGIN_MIN };
}

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

function placesOf({ west, south, east, north }: Extent): readonly (readonly [number, number])[] {
  const middle = [(south + north) / 2, (west + east) / 2] as const;
  return [[south, west], [south, east], [north, west], [north, east], middle];
}

/** The extent of a geometry whose positions are numbers; null for anything else. */
export function extentOf({ coordinates, type, ...rest }: DraftGeometry): Extent | null {
  const radiusM = type === "Point" && "radiusM" in rest ? (rest.radiusM ?? 0) : 0;
  const numbers = Array.isArray(coordinates)
    ? coordinates.flat(type === "MultiPolygon" ? 2 : type === "Polygon" ? 1 : 0)
    : [];
  const positions: readonly unknown[] = type === "Point" ? [numbers] : numbers;
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const position of positions) {
    const [lonDeg, latDeg]: readonly unknown[] = Array.isArray(position) ? position : [];
    if (typeof lonDeg !== "number" || typeof latDeg !== "number") return null;
    [west, east] = [Math.min(west, lonDeg), Math.max(east, lonDeg)];
    [south, north] = [Math.min(south, latDeg), Math.max(north, latDeg)];
  }
  const grownDeg = radiusM / 50_000;
  return west <= east
    ? { west: west - grownDeg, south: south - grownDeg, east: east + grownDeg, north: north + grownDeg }
    : null;
}
