import type { Schedule } from "../zone.ts";

/** How a schedule became narrower, in words; null where it restricts at least whenever it did. null = always. */
export function narrowerSchedule(before: Schedule | null, after: Schedule | null): string | null {
  const now = after === null ? null : weekOf(after);
  if (now === null || now.every((open) => open === 1)) return null;
  if (before === null) return `restricts ${hoursOf(now)} of 168 hours a week instead of always`;
  if (before.timeZone !== after?.timeZone)
    return `follows the clock of ${after?.timeZone} instead of ${before.timeZone}`;
  const lostMin = weekOf(before).reduce((sum, open, minute) => sum + (open && !now[minute] ? 1 : 0), 0);
  return lostMin === 0 ? null : `no longer restricts in ${lostMin} minutes of the week`;
}

const DAY_MIN = 24 * 60;
const WEEK_MIN = 7 * DAY_MIN;

/** 1 for each minute of the week in which any window is open, on the schedule's own clock. */
function weekOf({ windows }: Schedule): Uint8Array {
  const week = new Uint8Array(WEEK_MIN);
  for (const { days, fromMin, toMin } of windows) {
    const lengthMin = fromMin < toMin ? toMin - fromMin : DAY_MIN - fromMin + toMin;
    for (const day of days)
      for (let i = 0; i < lengthMin; i++) week[(day * DAY_MIN + fromMin + i) % WEEK_MIN] = 1;
  }
  return week;
}

const hoursOf = (week: Uint8Array) => Math.round(week.reduce((sum, open) => sum + open, 0) / 60);
