import type { Random } from "../../core/random.ts";
import type { ZoneUpdatePolicy } from "./policy.ts";

type PacePolicy = Pick<ZoneUpdatePolicy, "intervalMinutes" | "jitter" | "firstRetryS">;

/**
 * How long to wait for the next attempt: the interval, more or less by the jitter; after failures from `firstRetryS`
 * doubling up to the interval, and of that a random half.
 */
export function nextWaitMs(failures: number, policy: PacePolicy, random: Random): number {
  const intervalMs = policy.intervalMinutes * 60_000;
  if (failures === 0) return intervalMs * (1 + policy.jitter * (2 * random() - 1));
  const longestMs = Math.min(intervalMs, policy.firstRetryS * 1000 * 2 ** Math.min(failures - 1, 30));
  return longestMs * (0.5 + random() / 2);
}

/** A vehicle that starts with a set need not ask at once; many start at the same hour. */
export function firstWaitMs(hasSet: boolean, policy: PacePolicy, random: Random): number {
  return hasSet ? random() * policy.firstRetryS * 1000 : 0;
}
