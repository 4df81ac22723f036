import type { OperatorFunction, SchedulerLike } from "rxjs";
import { Observable, Subscription, asyncScheduler } from "rxjs";
import { lineSplitter } from "../../core/lines.ts";
import type { GnssReport } from "../fix.ts";
import type { ReportAssembler } from "../report-assembler.ts";
import { pushLine } from "../report-assembler.ts";
import type { LiveLink } from "./live-receiver.ts";

export interface ReadOptions {
  readonly assembler: ReportAssembler;
  /** Longer lines are left out and counted. */
  readonly maxLineBytes: number;
  readonly epochPauseMs: number;
}

/**
 * The reports in a byte stream: an epoch ends with the first record of the next one, or when nothing came for
 * `epochPauseMs`. What was open when the link broke is lost: its other half may have been the word "no fix".
 */
export function readReports(
  { assembler, maxLineBytes, epochPauseMs }: ReadOptions,
  scheduler: SchedulerLike = asyncScheduler,
): OperatorFunction<Uint8Array, GnssReport> {
  return (bytes) =>
    new Observable((subscriber) => {
      const splitter = lineSplitter(maxLineBytes);
      let pause = Subscription.EMPTY;
      const take = (report: GnssReport | undefined) => report !== undefined && subscriber.next(report);
      const read = (chunk: Uint8Array): void => {
        pause.unsubscribe();
        for (const line of splitter.push(chunk)) take(pushLine(assembler, line));
        pause = scheduler.schedule(() => take(assembler.flush()), epochPauseMs);
      };
      subscriber.add(() => pause.unsubscribe());
      subscriber.add(
        bytes.subscribe({
          next(chunk) {
            // A reader that throws (gpsd of another protocol) ends this link, not the receiver.
            attempt(
              () => read(chunk),
              (thrown) => subscriber.error(thrown),
            );
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}

/** The same as a link that is opened by subscribing. */
export function readLink(
  bytes: Observable<Uint8Array>,
  options: ReadOptions,
  scheduler: SchedulerLike = asyncScheduler,
): LiveLink {
  return {
    reports: bytes.pipe(readReports(options, scheduler)),
    skipped: () => options.assembler.skipped(),
  };
}

function attempt(work: () => void, failed: (thrown: unknown) => void): void {
  try {
    work();
  } catch (thrown) {
    failed(thrown);
  }
}
