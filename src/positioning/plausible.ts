import { distanceFrom, planeAt } from "../core/plane.ts";
import type { Fix } from "../sources/fix.ts";
import type { DoubtReason } from "./reach.ts";
import { anchorAt, positionErrorM, reachFrom } from "./reach.ts";
import { UNKNOWN_HEADING } from "./heading.ts";
import type { PositioningPolicy } from "./policy.ts";

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
 * can only have changed as fast as tyres allow. A receiver that repeats one place while it claims to move fails.
 */
export function isReachable(from: Fix, to: Fix, policy: PositioningPolicy): boolean {
  const reach = reachFrom(anchorAt(from, UNKNOWN_HEADING, policy), to.timeMs, policy);
  const distanceM = distanceFrom(planeAt(reach), to);
  return (
    distanceM <= reach.radiusM + positionErrorM(to, policy) &&
    speedFits(from, to, policy) &&
    !isStuck(from, to)
  );
}

function speedFits(from: Fix, to: Fix, policy: PositioningPolicy): boolean {
  if (from.speedMps === null || to.speedMps === null) return true;
  const dt = (to.timeMs - from.timeMs + policy.clockErrorMs) / 1000;
  return Math.abs(to.speedMps - from.speedMps) <= policy.maxAccelerationMps2 * dt + 2 * policy.speedErrorMps;
}

/** Farther than any receiver's last digit: 4 decimals of a minute are 0.2 m, 5 of a degree 1.1 m. */
const STUCK_AFTER_M = 5;

/** The very same digits although both fixes claim a speed that must have changed them. */
function isStuck(from: Fix, to: Fix): boolean {
  if (from.latDeg !== to.latDeg || from.lonDeg !== to.lonDeg) return false;
  const slowest = Math.min(from.speedMps ?? 0, to.speedMps ?? 0);
  return (slowest * (to.timeMs - from.timeMs)) / 1000 > STUCK_AFTER_M;
}
