import { localTime, type LocalTime } from "./local-time.ts";
import type { Schedule, ScheduleWindow, Zone } from "./zone.ts";

/**
 * Whether a zone restricts at a time, told by a clock that may be off by `clockErrorMs`: then at any of the times that it may
 * be. Its windows follow the local clock: one in the hour that is left out in spring never opens, one in the hour that is
 * repeated in autumn opens twice.
 */
export function isActive(
  { validFromMs, validUntilMs, schedule }: Pick<Zone, "validFromMs" | "validUntilMs" | "schedule">,
  timeMs: number,
  clockErrorMs: number,
): boolean {
  const [fromMs, untilMs] = [timeMs - clockErrorMs, timeMs + clockErrorMs];
  // Rule 2: at a time that is none (NaN, out of range) every zone restricts.
  if (!(fromMs >= -MAX_TIME_MS && untilMs <= MAX_TIME_MS)) return true;
  if (untilMs < validFromMs || fromMs >= validUntilMs) return false;
  // Windows last a minute or more, and no clock is off by half of that: none lies between the two.
  return schedule === null || isOpenAt(schedule, fromMs) || isOpenAt(schedule, untilMs);
}

function isOpenAt({ timeZone, windows }: Schedule, timeMs: number): boolean {
  const local = localTime(timeZone, timeMs);
  return windows.some((window) => isOpen(window, local));
}

/** From the opening minute, up to and without the closing minute. */
function isOpen({ days, fromMin, toMin }: ScheduleWindow, { day, minute }: LocalTime): boolean {
  if (fromMin < toMin) return days.includes(day) && minute >= fromMin && minute < toMin;
  const yesterday = (day + 6) % 7;
  return (days.includes(day) && minute >= fromMin) || (days.includes(yesterday) && minute < toMin);
}

/** The end of what `Date` and `Intl` can tell. */
const MAX_TIME_MS = 8.64e15 - 24 * 60 * 60 * 1000;
