import type { Subject } from "rxjs";
import type { Outcome } from "./record.ts";

/** Counts frames in and outcomes out, so as to know when there is nothing more to come. */
export interface OutcomeFlow {
  frameIn(): void;
  outcome(outcome: Outcome): void;
  cameraEnded(): void;
}

/** Completes the outcomes when all cameras have ended and every frame has its outcome. */
export function createOutcomeFlow(cameras: number, outcomes: Subject<Outcome>): OutcomeFlow {
  let open = cameras;
  let pending = 0;
  const settle = (): void => {
    if (open === 0 && pending === 0) outcomes.complete();
  };
  return {
    frameIn() {
      pending++;
    },
    outcome(outcome) {
      pending--;
      outcomes.next(outcome);
      settle();
    },
    cameraEnded() {
      open--;
      settle();
    },
  };
}
