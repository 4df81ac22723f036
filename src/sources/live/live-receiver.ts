import type { Observable, SchedulerLike } from "rxjs";
import { EMPTY, asyncScheduler, catchError, concat, defer, share } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { GnssReport } from "../fix.ts";
import type { Skip } from "../skipped.ts";
import type { LiveOptions } from "./live-options.ts";
import type { Receiver } from "./receiver.ts";
import type { ReceiverMonitor } from "./receiver-monitor.ts";
import { receiverMonitor } from "./receiver-monitor.ts";
import { reopen } from "./reopen.ts";
import { trustTime } from "./trust-time.ts";
import { watchSilence } from "./watch-silence.ts";

/** A link that is opened by subscribing to its reports, and closed by unsubscribing. */
export interface LiveLink {
  /** As the receiver says them, in its own time; fail or complete when the link is gone. */
  readonly reports: Observable<GnssReport>;
  readonly skipped: () => readonly Skip[];
}

export interface LiveSource {
  readonly name: string;
  /** A new one for every opening: half an epoch of the last one must not be joined to this one's. */
  readonly link: (warn: (what: string) => void) => LiveLink;
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
  { silentAfterMs, ...time }: LiveOptions,
  monitor: ReceiverMonitor,
  scheduler: SchedulerLike,
): Observable<GnssReport> {
  const link = source.link((what) => monitor.note("no-fix", what));
  monitor.opening(link);
  monitor.note("connecting", "opened, and nothing heard yet");
  const silent = (): Error | undefined => {
    const what = `no position, and no lack of one, for ${silentAfterMs} ms`;
    monitor.note("silent", what);
    return source.once === true ? undefined : new CamfenceError("cut-off", what);
  };
  return link.reports.pipe(
    watchSilence({ afterMs: silentAfterMs, silent }, scheduler),
    trustTime(time, monitor, scheduler),
  );
}
