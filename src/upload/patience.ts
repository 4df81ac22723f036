import { NEVER, startWith, Subject, switchMap, timer } from "rxjs";
import type { SchedulerLike } from "rxjs";
import { UploadError } from "./upload-error.ts";

/** How long to wait for the other side. */
export interface Patience {
  /** Something happened: the wait begins anew. */
  renew(): void;
  /** We are the ones who wait. */
  pause(): void;
  /** Called with the error once it has run out. */
  onEnd(run: (error: Error) => void): void;
  end(): void;
}

/** Runs out `silenceMs` after the last renewal. */
export function createPatience(silenceMs: number, scheduler: SchedulerLike): Patience {
  const steps = new Subject<"renew" | "pause">();
  let ended = (_error: Error): void => {};
  const waiting = steps
    .pipe(
      startWith("renew" as const),
      switchMap((step) => (step === "renew" ? timer(silenceMs, scheduler) : NEVER)),
    )
    .subscribe(() => {
      const detail = `the receiver was silent for ${silenceMs} ms`;
      ended(new UploadError({ kind: "retry-later", why: "timed-out", detail }));
    });
  return {
    renew: () => steps.next("renew"),
    pause: () => steps.next("pause"),
    onEnd: (run) => {
      ended = run;
    },
    end: () => waiting.unsubscribe(),
  };
}
