const DAY_MS = 24 * 60 * 60 * 1000;

/** GPS counts weeks in ten bits: a receiver that missed the rollover is a multiple of 1024 weeks (19.6 years) behind. */
const ROLLOVER_MS = 1024 * 7 * DAY_MS;

/** How far from an exact multiple of 1024 weeks a step back may be, since the drive goes on meanwhile. */
const ROLLOVER_SLACK_MS = DAY_MS / 2;

/** A time, and whether its date had to be put right. */
export interface Dated {
  readonly timeMs: number;
  readonly date: "as-stated" | "rolled-over" | "inferred";
}

/** Gives times of day their date, as far as the receiver said one. */
export interface NmeaCalendar {
  /**
   * The time of an epoch. With a date, that one, unless it is a step back by 1024 weeks from what came before; a
   * drive that is wholly in the past is left alone, since nothing in it shows whether it is wrong. Without a date,
   * the day that is closest to the time before, so midnight needs no date. Undefined before the first date.
   */
  resolve(timeOfDayMs: number, dateMs: number | undefined): Dated | undefined;
}

export function nmeaCalendar(): NmeaCalendar {
  let lastMs: number | undefined;
  return {
    resolve(timeOfDayMs, dateMs) {
      const dated = dateMs === undefined ? infer(timeOfDayMs, lastMs) : unroll(dateMs + timeOfDayMs, lastMs);
      lastMs = dated?.timeMs ?? lastMs;
      return dated;
    },
  };
}

function infer(timeOfDayMs: number, lastMs: number | undefined): Dated | undefined {
  if (lastMs === undefined) return undefined;
  const days = Math.round((lastMs - timeOfDayMs) / DAY_MS);
  return { timeMs: days * DAY_MS + timeOfDayMs, date: "inferred" };
}

function unroll(timeMs: number, lastMs: number | undefined): Dated {
  const behindMs = lastMs === undefined ? 0 : lastMs - timeMs;
  const rollovers = Math.round(behindMs / ROLLOVER_MS);
  const isRollover = rollovers > 0 && Math.abs(behindMs - rollovers * ROLLOVER_MS) <= ROLLOVER_SLACK_MS;
  if (!isRollover) return { timeMs, date: "as-stated" };
  return { timeMs: timeMs + rollovers * ROLLOVER_MS, date: "rolled-over" };
}
