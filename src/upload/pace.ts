import { asyncScheduler, firstValueFrom, timer } from "rxjs";
import type { SchedulerLike } from "rxjs";

/** Waits until the bytes may be sent. */
export type Pace = (bytes: number) => Promise<void>;

export const unlimited: Pace = () => Promise.resolve();

// What may go at once after a pause.
const BURST_MS = 250;

/**
 * Spreads bytes over time: over any period, all who share the pace send at most `bytesPerSecond` times it, and a
 * quarter of a second's worth or one piece more. Callers are served in the order in which they came.
 */
export function createPace(bytesPerSecond: number, scheduler: SchedulerLike = asyncScheduler): Pace {
  let paidUntilMs = -Infinity;
  return async (bytes) => {
    const nowMs = scheduler.now();
    const startMs = Math.max(paidUntilMs, nowMs - BURST_MS);
    paidUntilMs = startMs + (bytes / bytesPerSecond) * 1000;
    if (startMs > nowMs) await firstValueFrom(timer(startMs - nowMs, scheduler));
  };
}
