import type { GnssReport } from "../fix.ts";
import { nmeaCalendar } from "./nmea-calendar.ts";
import type { Epoch } from "./nmea-epoch.ts";
import { isConflict, merge, reportOf } from "./nmea-epoch.ts";
import type { Statement, StatementRole } from "./nmea-statement.ts";
import type { SkipTally } from "../skipped.ts";

/** Groups statements into epochs by their UTC time of day. */
export interface NmeaEpochs {
  /** Takes the next statement; answers the report of the epoch before it when it begins a new one. */
  add(role: StatementRole, statement: Statement, line: number): GnssReport | undefined;
  /** Ends the open epoch. */
  close(line: number): GnssReport | undefined;
}

export function nmeaEpochs(skips: SkipTally): NmeaEpochs {
  const calendar = nmeaCalendar();
  let open: Epoch | undefined;
  // GST and ZDA may come before the position of their epoch: they wait for it here.
  let early: Epoch | undefined;

  function close(line: number): GnssReport | undefined {
    const epoch = open;
    open = undefined;
    if (epoch?.timeOfDayMs === undefined) return undefined;
    const dated = calendar.resolve(epoch.timeOfDayMs, epoch.dateMs);
    if (dated === undefined) skips.add("no-date", line);
    if (dated?.date === "rolled-over") skips.add("week-rollover", line);
    if (isConflict(epoch)) skips.add("conflict", line);
    return dated && reportOf(epoch, dated.timeMs);
  }

  function addPosition(statement: Statement, line: number): GnssReport | undefined {
    const joined = join(open, statement);
    const report = joined === undefined ? close(line) : undefined;
    if (joined === undefined && statement.timeOfDayMs === undefined) {
      skips.add("no-time", line);
      return report;
    }
    open = joined ?? join(early, statement) ?? begin(statement);
    early = undefined;
    return report;
  }

  function addTimed(statement: Statement): void {
    const { timeOfDayMs, dateMs } = statement;
    if (timeOfDayMs === undefined) return;
    // A ZDA dates what follows even when no position has its very time.
    if (dateMs !== undefined) calendar.resolve(timeOfDayMs, dateMs);
    const joined = join(open, statement);
    if (joined === undefined) early = join(early, statement) ?? begin(statement);
    else open = joined;
  }

  return {
    close,
    add(role, statement, line) {
      if (role === "position") return addPosition(statement, line);
      if (role === "timed") addTimed(statement);
      // An untimed sentence before the first position has nothing that it could belong to.
      if (role === "untimed" && open !== undefined) open = merge(open, statement);
      return undefined;
    },
  };
}

function begin(statement: Statement): Epoch {
  // Spelt out: spreading objects costs more than reading the sentence.
  const { timeOfDayMs, dateMs, quality, gsaMode, place, hdop, sigmaM, speedMps, courseDeg } = statement;
  return { timeOfDayMs, dateMs, quality, gsaMode, place, hdop, sigmaM, speedMps, courseDeg, spreadM: 0 };
}

function join(epoch: Epoch | undefined, statement: Statement): Epoch | undefined {
  return epoch !== undefined && isSameEpoch(epoch, statement) ? merge(epoch, statement) : undefined;
}

function isSameEpoch(epoch: Epoch, { timeOfDayMs, dateMs }: Statement): boolean {
  const sameDay = epoch.dateMs === undefined || dateMs === undefined || epoch.dateMs === dateMs;
  return timeOfDayMs !== undefined && epoch.timeOfDayMs === timeOfDayMs && sameDay;
}
