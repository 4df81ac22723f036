import type { SchedulerLike } from "rxjs";

/** Reads the clock, and tells when it went back by more than clocks differ (rule 2: a clock that jumped closes the gate). */
export function clockWatch(
  toleranceMs: number,
  scheduler: SchedulerLike,
  wentBack: (what: string) => void,
): () => number {
  let latestMs = -Infinity;
  return () => {
    const nowMs = scheduler.now();
    const backMs = latestMs - nowMs;
    if (backMs > toleranceMs) {
      latestMs = nowMs;
      wentBack(`went back by ${backMs} ms: dropping until fixes agree again`);
    }
    latestMs = Math.max(latestMs, nowMs);
    return nowMs;
  };
}
