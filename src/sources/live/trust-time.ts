import type { MonoTypeOperatorFunction, SchedulerLike } from "rxjs";
import { asyncScheduler, defer, filter, map } from "rxjs";
import type { Fix, GnssReport } from "../fix.ts";
import { clockOffset } from "./clock-offset.ts";
import type { LiveOptions } from "./live-options.ts";
import type { ReceiverMonitor } from "./receiver-monitor.ts";

/** gpsd, too, waits for so many consecutive fixes before it sets a clock by the receiver. */
const GOOD_FIXES = 3;

type TimeOptions = Pick<LiveOptions, "clock" | "maxLagMs">;

/**
 * Puts reports on the shared clock. A receiver's time is not trusted before three consecutive fixes with rising times:
 * the first ones may have the wrong second or week. Until then they are held back.
 */
export function trustTime(
  { clock, maxLagMs }: TimeOptions,
  monitor: Pick<ReceiverMonitor, "note" | "lag">,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<GnssReport> {
  const mapped = (): ((report: GnssReport) => GnssReport | null) => {
    const offset = clockOffset();
    let good = 0;
    let lastMs = -Infinity;

    const none = (what: string): GnssReport => {
      monitor.note("no-fix", what);
      // It has none now, whatever its clock says.
      return { timeMs: scheduler.now(), quality: "none" };
    };
    const place = (fix: Fix): GnssReport | null => {
      const nowMs = scheduler.now();
      const offsetMs = offset.add(fix.timeMs, nowMs);
      if (fix.timeMs < lastMs) good = 0;
      if (fix.timeMs !== lastMs) good += 1;
      lastMs = fix.timeMs;
      if (good < GOOD_FIXES) {
        monitor.note("no-fix", `its time is trusted from the third fix in a row`);
        return null;
      }
      const timeMs = fix.timeMs + (clock === "arrival" ? offsetMs : 0);
      monitor.lag(nowMs - timeMs);
      if (nowMs - timeMs > maxLagMs)
        return none(`fixes come over ${maxLagMs} ms late, or the clock is ahead`);
      monitor.note("fix", "positions come");
      return { ...fix, timeMs };
    };
    return (report) => {
      if (report.quality !== "none") return place(report);
      good = 0;
      return none("the receiver has no position");
    };
  };
  return (reports) =>
    defer(() => reports.pipe(map(mapped()))).pipe(filter((report): report is GnssReport => report !== null));
}
