/** A time on the clock of a place. */
export interface LocalTime {
  /** 0 = Sunday. */
  readonly day: number;
  /** Minutes after local midnight, whole and fraction. */
  readonly minute: number;
}

/**
 * What the clocks of a time zone show. `Intl` knows, but takes microseconds to say; the offset is kept for the quarter of an
 * hour that was asked for last, unless the clocks change within it.
 */
export function localTime(timeZone: string, timeMs: number): LocalTime {
  const localMs = timeMs + offsetMs(clockOf(timeZone), timeMs);
  const days = Math.floor(localMs / DAY_MS);
  return { day: (((days + THURSDAY) % 7) + 7) % 7, minute: (localMs - days * DAY_MS) / MINUTE_MS };
}

interface Clock {
  readonly format: Intl.DateTimeFormat;
  slot: number;
  offsetMs: number;
}

const clocks = new Map<string, Clock>();

function clockOf(timeZone: string): Clock {
  const known = clocks.get(timeZone);
  if (known) return known;
  const clock = { format: formatFor(timeZone), slot: Number.NaN, offsetMs: 0 };
  clocks.set(timeZone, clock);
  return clock;
}

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const two = "2-digit";
  const date = { year: "numeric", month: two, day: two } as const;
  return new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    hourCycle: "h23",
    ...date,
    hour: two,
    minute: two,
    second: two,
  });
}

function offsetMs(clock: Clock, timeMs: number): number {
  const slot = Math.floor(timeMs / SLOT_MS);
  if (slot === clock.slot) return clock.offsetMs;
  const atStart = readOffsetMs(clock.format, slot * SLOT_MS);
  if (atStart !== readOffsetMs(clock.format, (slot + 1) * SLOT_MS - 1000))
    return readOffsetMs(clock.format, timeMs);
  clock.slot = slot;
  clock.offsetMs = atStart;
  return atStart;
}

function readOffsetMs(format: Intl.DateTimeFormat, timeMs: number): number {
  const parts = new Map(format.formatToParts(timeMs).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? Number.NaN;
  const localMs = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return localMs - Math.floor(timeMs / 1000) * 1000;
}

const MINUTE_MS = 60 * 1000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** All zones of today change their clocks, if at all, on a quarter of an hour. */
const SLOT_MS = 15 * MINUTE_MS;

/** The day of the week of 1 January 1970. */
const THURSDAY = 4;
