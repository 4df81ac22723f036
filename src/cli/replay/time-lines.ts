import type { GnssReport } from "../../sources/fix.ts";

/** A report with the time at which the vehicle had it. */
export interface Arrival {
  readonly report: GnssReport;
  readonly arrivedMs: number;
}

/** A stretch of a drive on one clock, without a long silence. */
export interface TimeLine {
  readonly arrivals: readonly Arrival[];
  readonly startMs: number;
  readonly endMs: number;
}

/** A step back by more than late delivery explains: the receiver's clock was set. */
const STEP_BACK_MS = 10_000;
/** Nobody waits that long with the cameras on: frames are not made for such a gap. */
const LONG_SILENCE_MS = 3_600_000;
/** So many reports in a row must stay on a new time before it is believed to be one. */
const CONFIRMING_REPORTS = 3;

/**
 * A drive's file tells when each fix was valid and in which order they came, not when. A report is taken to arrive at
 * its own time, or with the one before it when that is later. Lone reports with a time far off are reports of a wrong
 * time, and arrive among their neighbours; where all that follow stay there, a new time line begins.
 */
export function timeLines(reports: readonly GnssReport[]): readonly TimeLine[] {
  const lines: { arrivals: Arrival[]; startMs: number; endMs: number }[] = [];
  for (const [i, report] of reports.entries()) {
    const line = lines.at(-1);
    const isFar = line !== undefined && !continues(line.endMs, report.timeMs);
    if (line === undefined || (isFar && isConfirmed(reports, i))) {
      const { timeMs } = report;
      lines.push({ arrivals: [{ report, arrivedMs: timeMs }], startMs: timeMs, endMs: timeMs });
      continue;
    }
    line.endMs = isFar ? line.endMs : Math.max(line.endMs, report.timeMs);
    line.arrivals.push({ report, arrivedMs: line.endMs });
  }
  return lines;
}

function continues(beforeMs: number, timeMs: number): boolean {
  return timeMs > beforeMs - STEP_BACK_MS && timeMs < beforeMs + LONG_SILENCE_MS;
}

function isConfirmed(reports: readonly GnssReport[], i: number): boolean {
  let before = reports[i]?.timeMs ?? Number.NaN;
  for (const { timeMs } of reports.slice(i + 1, i + CONFIRMING_REPORTS)) {
    if (!continues(before, timeMs)) return false;
    before = timeMs;
  }
  return true;
}
