import type { Observable, SchedulerLike } from "rxjs";
import { EMPTY, asyncScheduler, catchError, concat, defer, share } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { GnssReport } from "../fix.ts";
import type { ReportAssembler } from "../report-assembler.ts";
import type { LiveOptions } from "./live-options.ts";
import { readReports } from "./read-reports.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverMonitor } from "./receiver-monitor.ts";
import { receiverMonitor } from "./receiver-monitor.ts";
import { reopen } from "./reopen.ts";
import { trustTime } from "./trust-time.ts";
import { watchSilence } from "./watch-silence.ts";

/** Where the bytes come from, and what they are. */
export interface LiveSource {
  readonly name: string;
  /** Opened by subscribing, closed by unsubscribing; fails or completes when the link is gone. */
  readonly bytes: Observable<Uint8Array>;
  readonly maxLineBytes: number;
  /** A new one for every opening: half an epoch of the last one must not be joined to this one's. */
  readonly assembler: (warn: (what: string) => void) => ReportAssembler;
  /** Whether it cannot be opened again: its end is the end of all, and silence is only told. */
  readonly once?: boolean;
}

/** Reads a source for ever: opened again when it breaks, ends or falls silent. */
export function liveReceiver(
  source: LiveSource,
  options: LiveOptions,
  scheduler: SchedulerLike = asyncScheduler,
): Receiver {
  const monitor = receiverMonitor(source.name);
  const opened = defer(() => reportsOf(source, options, monitor, scheduler));
  const reports =
    source.once === true ? readOnce(opened, monitor) : readForEver(opened, options, monitor, scheduler);
  return { reports: reports.pipe(share()), health: monitor.health, status: () => monitor.status() };
}

function readForEver(
  opened: Observable<GnssReport>,
  { maxBackOffMs }: LiveOptions,
  monitor: ReceiverMonitor,
  scheduler: SchedulerLike,
): Observable<GnssReport> {
  const failed = (why: string, pauseMs: number) =>
    monitor.note("connecting", `${why}; opened again in ${Math.round(pauseMs)} ms`);
  return opened.pipe(reopen({ maxBackOffMs, failed }, scheduler));
}

function readOnce(opened: Observable<GnssReport>, monitor: ReceiverMonitor): Observable<GnssReport> {
  const ended = (why: string): Observable<never> => {
    monitor.note("ended", why);
    return EMPTY;
  };
  const afterwards = defer(() => ended("the input has ended"));
  return concat(opened, afterwards).pipe(catchError((error: unknown) => ended(messageOf(error))));
}

function reportsOf(
  source: LiveSource,
  { epochPauseMs, silentAfterMs, ...time }: LiveOptions,
  monitor: ReceiverMonitor,
  scheduler: SchedulerLike,
): Observable<GnssReport> {
  const assembler = source.assembler((what) => monitor.note("no-fix", what));
  monitor.opening(assembler);
  monitor.note("connecting", "opened, and nothing heard yet");
  const silent = (): Error | undefined => {
    const what = `no position, and no lack of one, for ${silentAfterMs} ms`;
    monitor.note("silent", what);
    return source.once === true ? undefined : new CamfenceError("cut-off", what);
  };
  const { maxLineBytes } = source;
  return source.bytes.pipe(
    readReports({ assembler, maxLineBytes, epochPauseMs }, scheduler),
    watchSilence({ afterMs: silentAfterMs, silent }, scheduler),
    trustTime(time, monitor, scheduler),
  );
}
