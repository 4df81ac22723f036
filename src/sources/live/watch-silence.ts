import type { MonoTypeOperatorFunction, SchedulerLike } from "rxjs";
import { Observable, Subscription, asyncScheduler } from "rxjs";

export interface SilenceOptions {
  readonly afterMs: number;
  /** Told once per silence; what it answers, if anything, is the error to end with. */
  readonly silent: () => Error | undefined;
}

/** Passes all values on, and tells when none came for `afterMs`, counted from the subscription on. */
export function watchSilence<T>(
  { afterMs, silent }: SilenceOptions,
  scheduler: SchedulerLike = asyncScheduler,
): MonoTypeOperatorFunction<T> {
  return (source) =>
    new Observable((subscriber) => {
      let alarm = Subscription.EMPTY;
      const expire = (): void => {
        const error = silent();
        if (error !== undefined) subscriber.error(error);
      };
      const arm = (): void => {
        alarm.unsubscribe();
        alarm = scheduler.schedule(expire, afterMs);
      };
      subscriber.add(() => alarm.unsubscribe());
      arm();
      subscriber.add(
        source.subscribe({
          next(value) {
            arm();
            subscriber.next(value);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}
