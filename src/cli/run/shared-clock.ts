import { asyncScheduler } from "rxjs";
import type { SchedulerLike } from "rxjs";

/** The shared clock is the computer's; waits are not, so that a clock that is set neither hastens nor delays them. */
export function schedulerOf({ nowMs }: { readonly nowMs: () => number }): SchedulerLike {
  return { now: nowMs, schedule: asyncScheduler.schedule.bind(asyncScheduler) };
}
