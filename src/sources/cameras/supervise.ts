import type { Observable, Observer, SchedulerLike } from "rxjs";
import { defer, retry, repeat, tap, timeout, timer, throwError } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";

/** How an input is. `down` says why, and when it is tried again. */
export type FeedState =
  | { readonly kind: "starting" }
  | { readonly kind: "running" }
  | { readonly kind: "down"; readonly why: string; readonly retryMs: number };

export interface SupervisionOptions {
  /** Nothing for so long from the start on is a stall, milliseconds: devices take time to open. */
  readonly startMs: number;
  /** Nothing for so long between two values is a stall, milliseconds. */
  readonly stallMs: number;
  /** The first wait before a restart; each further one is twice as long, up to `maxRetryMs`. */
  readonly minRetryMs: number;
  readonly maxRetryMs: number;
}

export const SUPERVISION: SupervisionOptions = {
  startMs: 10_000,
  stallMs: 2000,
  minRetryMs: 250,
  maxRetryMs: 10_000,
};

/** An input that gave something for so long has recovered: the waits begin anew. */
const STEADY_MS = 5000;

/**
 * Keeps an input running: one that dies, ends or stalls is ended and started again, without end. Never completes and
 * never fails.
 */
export function supervise<T>(
  start: () => Observable<T>,
  options: SupervisionOptions,
  states: Pick<Observer<FeedState>, "next">,
  scheduler: SchedulerLike,
): Observable<T> {
  const { startMs, stallMs, minRetryMs, maxRetryMs } = options;
  return defer(() => {
    let failures = 0;
    let runningSinceMs = Infinity;
    const wait = (why: string): Observable<unknown> => {
      const retryMs = Math.min(maxRetryMs, minRetryMs * 2 ** Math.min(failures++, 30));
      runningSinceMs = Infinity;
      states.next({ kind: "down", why, retryMs });
      return timer(retryMs, scheduler);
    };
    const came = (): void => {
      const nowMs = scheduler.now();
      if (nowMs - runningSinceMs >= STEADY_MS) failures = 0;
      if (runningSinceMs !== Infinity) return;
      runningSinceMs = nowMs;
      states.next({ kind: "running" });
    };
    return defer(() => {
      states.next({ kind: "starting" });
      return start();
    }).pipe(
      timeout({ first: startMs, each: stallMs, scheduler, with: () => throwError(stalled) }),
      tap(came),
      repeat({ delay: () => wait("it ended") }),
      retry({ delay: (thrown) => wait(messageOf(thrown)) }),
    );
  });
}

const stalled = (): CamfenceError => new CamfenceError("unreadable", "it stalled: nothing comes from it");
