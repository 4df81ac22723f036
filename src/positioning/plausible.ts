import type { Fix } from "../sources/fix.ts";
import type { PositioningPolicy } from "./policy.ts";
import type { Anchor, DoubtReason } from "./reach.ts";
import { positionErrorM, reaches } from "./reach.ts";

/** Why a fix is not to be used at all, from itself alone; null when it may be. */
export function ownDoubt(fix: Fix, policy: PositioningPolicy): DoubtReason | null {
  // A typed-in position is as little a measurement as a simulated one.
  if (fix.quality === "simulated" || fix.quality === "manual")
    return policy.allowSimulated ? null : "simulated-fix";
  if (fix.quality === "estimated" && fix.accuracyM === null) return "coarse-fix";
  if ((fix.accuracyM ?? policy.assumedAccuracyM) > policy.maxAccuracyM) return "coarse-fix";
  if ((fix.speedMps ?? 0) > policy.maxSpeedMps + policy.speedErrorMps) return "implausible-fix";
  return null;
}

/**
 * Whether a vehicle at `from` can have got to the later `to`: the places allowed by each must meet, and the speed
 * can only have changed as fast as tyres allow.
 */
export function isReachable(from: Anchor, to: Fix, policy: PositioningPolicy): boolean {
  return reaches(from, to.timeMs, to, positionErrorM(to, policy)) && speedFits(from.fix, to, policy);
}

function speedFits(from: Fix, to: Fix, policy: PositioningPolicy): boolean {
  if (from.speedMps === null || to.speedMps === null) return true;
  const dt = (to.timeMs - from.timeMs + policy.clockErrorMs) / 1000;
  return Math.abs(to.speedMps - from.speedMps) <= policy.maxAccelerationMps2 * dt + 2 * policy.speedErrorMps;
}

/** Farther than any receiver's last digit: 4 decimals of a minute are 0.2 m, 5 of a degree 1.1 m. */
export const STUCK_AFTER_M = 5;

/** How far the vehicle must have moved between two fixes by the speeds that both claim. */
export function claimedM(from: Fix, to: Fix, { speedErrorMps }: PositioningPolicy): number {
  const slowest = Math.min(from.speedMps ?? 0, to.speedMps ?? 0) - speedErrorMps;
  return (Math.max(0, slowest) * (to.timeMs - from.timeMs)) / 1000;
}

export function isSamePlace(a: Fix, b: Fix): boolean {
  return a.latDeg === b.latDeg && a.lonDeg === b.lonDeg;
}
