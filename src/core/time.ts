/**
 * `2026-03-01T08:00:00.100Z` to milliseconds since the Unix epoch; NaN when the text is no such time. A zone is
 * required (RFC 3339): a local time is a different time in every vehicle.
 */
export function parseIsoMs(text: string): number {
  const [, year, month, day] = ISO_TIME.exec(text) ?? [];
  // Date.parse takes 31 February for 3 March.
  const isDay = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
  return isDay ? Date.parse(text) : Number.NaN;
}

/** Milliseconds since the Unix epoch as ISO 8601 in UTC with milliseconds. Throws RangeError outside ±8.64e15. */
export function formatIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

const ISO_TIME = /^(\d{4})-(\d\d)-(\d\d)[Tt ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:?\d\d)$/;
