import { localTime, type LocalTime } from "./local-time.ts";
import type { ScheduleWindow, Zone } from "./zone.ts";

/**
 * Whether a zone restricts at a time. Its windows follow the local clock: one in the hour that is left out in spring
 * never opens, one in the hour that is repeated in autumn opens twice.
 */
export function isActive(
  { validFromMs, validUntilMs, schedule }: Pick<Zone, "validFromMs" | "validUntilMs" | "schedule">,
  timeMs: number,
): boolean {
  // Rule 2: at a time that is none (NaN, out of range) every zone restricts.
  if (!(Math.abs(timeMs) <= MAX_TIME_MS)) return true;
  if (timeMs < validFromMs || timeMs >= validUntilMs) return false;
  if (schedule === null) return true;
  const local = localTime(schedule.timeZone, timeMs);
  return schedule.windows.some((window) => isOpen(window, local));
}

/** From the opening minute, up to and without the closing minute. */
function isOpen({ days, fromMin, toMin }: ScheduleWindow, { day, minute }: LocalTime): boolean {
  if (fromMin < toMin) return days.includes(day) && minute >= fromMin && minute < toMin;
  const yesterday = (day + 6) % 7;
  return (days.includes(day) && minute >= fromMin) || (days.includes(yesterday) && minute < toMin);
}

/** The end of what `Date` and `Intl` can tell. */
const MAX_TIME_MS = 8.64e15 - 24 * 60 * 60 * 1000;
