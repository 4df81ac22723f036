/** `2026-03-01T08:00:00.100Z` to milliseconds since the Unix epoch; NaN when the text is no such time. */
export function parseIsoMs(text: string): number {
  return ISO_TIME.test(text) ? Date.parse(text) : Number.NaN;
}

/** Milliseconds since the Unix epoch as ISO 8601 in UTC with milliseconds. Throws RangeError outside ±8.64e15. */
export function formatIso(timeMs: number): string {
  return new Date(timeMs).toISOString();
}

// RFC 3339: a zone is required, since a local time is a different time in every vehicle.
const ISO_TIME = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)$/;
