/** How long the least delay is remembered, in two halves. */
const HALF_WINDOW_MS = 30_000;

/** Follows the offset between a device's clock and the shared one. */
export interface ClockOffset {
  /** Takes a message of `deviceMs` that arrived at `nowMs`; answers what to add to the device's times, milliseconds. */
  add(deviceMs: number, nowMs: number): number;
}

/**
 * The least delay of the last 30 to 60 s is the offset of the clocks and the least latency: single late messages (a
 * stalled link) keep their age. A delay that lasts over a minute cannot be told from a clock that was set.
 */
export function clockOffset(): ClockOffset {
  let [startMs, currentMs, previousMs] = [-Infinity, Infinity, Infinity];
  return {
    add(deviceMs, nowMs) {
      const sinceMs = nowMs - startMs;
      if (!(sinceMs >= 0 && sinceMs < HALF_WINDOW_MS)) {
        // After two halves without a message nothing of before counts.
        previousMs = sinceMs >= 0 && sinceMs < 2 * HALF_WINDOW_MS ? currentMs : Infinity;
        [startMs, currentMs] = [nowMs, Infinity];
      }
      currentMs = Math.min(currentMs, nowMs - deviceMs);
      return Math.min(currentMs, previousMs);
    },
  };
}
