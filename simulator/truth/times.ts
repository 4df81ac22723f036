import type { TrueSchedule, TrueZone } from "../drive.ts";

/**
 * Whether a zone restricts at a true time: within its validity, and where it has a schedule, within one of its windows on the
 * clocks of its place. What they show is read from what `Intl` prints of the minute.
 */
export function isInForce({ times }: Pick<TrueZone, "times">, timeMs: number): boolean {
  if (times === null) return true;
  const { validFromMs, validUntilMs, schedule } = times;
  if (timeMs < validFromMs || timeMs >= validUntilMs) return false;
  return schedule === null || isOpen(schedule, Math.floor(timeMs / MINUTE_MS));
}

/** What a clock of the time zone shows: a day such as `mon`, and hours and minutes such as `08:05`. */
export function wallClock(timeZone: string, timeMs: number): { readonly day: string; readonly time: string } {
  const [weekday = "", time = ""] = clockOf(timeZone).format(timeMs).split(/[, ]+/);
  return { day: weekday.toLowerCase(), time };
}

const MINUTE_MS = 60_000;
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/** Windows begin and end on whole minutes: one answer for all of a minute. */
const known = new WeakMap<TrueSchedule, { minute: number; isOpen: boolean }>();

function isOpen(schedule: TrueSchedule, minute: number): boolean {
  const last = known.get(schedule);
  if (last?.minute === minute) return last.isOpen;
  const { day, time } = wallClock(schedule.timeZone, minute * MINUTE_MS);
  const dayBefore = DAYS.at(DAYS.indexOf(day) - 1) ?? "";
  // Times of equal length are in the order of their letters; 24:00 comes after all.
  const isIn = schedule.windows.some(({ days, from, to }) => {
    const opensOn = (name: string): boolean => days === null || days.includes(name);
    if (from < to) return opensOn(day) && time >= from && time < to;
    return (opensOn(day) && time >= from) || (opensOn(dayBefore) && time < to);
  });
  known.set(schedule, { minute, isOpen: isIn });
  return isIn;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const made = clocks.get(timeZone);
  if (made !== undefined) return made;
  const two = "2-digit";
  const clock = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: two,
    minute: two,
    hourCycle: "h23",
  });
  clocks.set(timeZone, clock);
  return clock;
}
