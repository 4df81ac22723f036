import { MINUTE_MS, floorMinuteMs } from "./minute.ts";

/** Times for lines, in whole minutes, that never go back. */
export interface LedgerClock {
  /** The time of a line written now, and how many minutes the clock went back since the last call. */
  stamp(nowMs: number): { readonly timeMs: number; readonly wentBackMinutes: number };
  /** The time of a line about an earlier time: that, or the last line's. */
  stampEarlier(timeMs: number): number;
}

/** `lastMs`: the time of the last line there is. */
export function createLedgerClock(lastMs: number): LedgerClock {
  let stampedMs = lastMs;
  let readMs = lastMs;
  const stampEarlier = (timeMs: number): number => (stampedMs = Math.max(stampedMs, floorMinuteMs(timeMs)));
  return {
    stampEarlier,
    stamp(nowMs) {
      const minuteMs = floorMinuteMs(nowMs);
      const wentBackMinutes = minuteMs < readMs ? (readMs - minuteMs) / MINUTE_MS : 0;
      readMs = minuteMs;
      return { timeMs: stampEarlier(nowMs), wentBackMinutes };
    },
  };
}
