import { formatIso } from "../core/time.ts";

/** The ledger knows no time finer than this: with the seconds of its crossings, a reader could draw a fence. */
export const MINUTE_MS = 60_000;

/** `2026-03-01T08:05Z`: the only form of a time in a ledger. */
export const MINUTE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/;

/** The start of the minute that `timeMs` lies in. */
export function floorMinuteMs(timeMs: number): number {
  return Math.floor(timeMs / MINUTE_MS) * MINUTE_MS;
}

/** A time as the ledger writes it, its seconds cut off; the nearest there is for one outside the years 0 to 9999. */
export function formatMinute(timeMs: number): string {
  const withinMs = Math.min(LAST_MS, Math.max(FIRST_MS, timeMs));
  return `${formatIso(withinMs).slice(0, "2026-03-01T08:05".length)}Z`;
}

const FIRST_MS = Date.parse("0000-01-01T00:00Z");
const LAST_MS = Date.parse("9999-12-31T23:59Z");

/** Milliseconds of a time in a ledger; NaN for any other text. */
export function parseMinuteMs(text: string): number {
  return MINUTE_TIME.test(text) ? Date.parse(text) : Number.NaN;
}
