import type { MonoTypeOperatorFunction, SchedulerLike } from "rxjs";
import { asyncScheduler, concat, retry, throwError, timer } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Random } from "../../core/random.ts";
import { secretRandom } from "../../core/random.ts";

const MIN_BACK_OFF_MS = 250;

export interface ReopenOptions {
  readonly maxBackOffMs: number;
  /** Told before each pause. */
  readonly failed: (why: string, pauseMs: number) => void;
  readonly random?: Random;
}

/**
 * Subscribes again when the source fails or ends, for ever, after a pause that doubles up to `maxBackOffMs` and is
 * short again once a value came. The random part keeps a fleet from knocking in step.
 */
export function reopen<T>(
  { maxBackOffMs, failed, random = secretRandom }: ReopenOptions,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<T> {
  const pause = (error: unknown, count: number) => {
    const fullMs = Math.min(maxBackOffMs, MIN_BACK_OFF_MS * 2 ** Math.min(count - 1, 30));
    const pauseMs = fullMs * (1 - random() / 2);
    failed(messageOf(error), pauseMs);
    return timer(pauseMs, scheduler);
  };
  const ended = throwError(() => new CamfenceError("cut-off", "the other side closed the link"));
  return (source) => concat(source, ended).pipe(retry({ delay: pause, resetOnSuccess: true }));
}
