import { distanceFrom, planeAt } from "../core/plane.ts";
import type { Fix, GnssReport } from "../sources/fix.ts";
import type { WheelSpeed } from "../sources/live/wheel-speed.ts";
import { isSoundFix } from "../sources/sound-fix.ts";
import type { Chain } from "./chain.ts";
import { agrees, chainOf, extend, isStuck, loneAnchor, stuckAt } from "./chain.ts";
import { UNKNOWN_HEADING } from "./heading.ts";
import { isReachable, ownDoubt } from "./plausible.ts";
import type { PositioningPolicy } from "./policy.ts";
import type { DoubtReason, Reach } from "./reach.ts";
import { anchorAt, positionErrorM } from "./reach.ts";
import { closer, createTrail, reachNear } from "./trail.ts";
import { createWheels } from "./wheels.ts";

/** What became of a report. After `jump`, whatever was released after `trustedUntilMs` is in question. */
export type TrackOutcome =
  | { readonly kind: "trusted" }
  | { readonly kind: "ignored"; readonly why: "duplicate" | "out-of-order" | "future" }
  | { readonly kind: "doubted"; readonly reason: DoubtReason }
  | { readonly kind: "jump"; readonly trustedUntilMs: number };

/** Follows the receiver's reports and knows, for any time near them, where the vehicle may have been. */
export interface Tracker {
  /** Takes a report that arrived at `nowMs`. */
  report(report: GnssReport, nowMs: number): TrackOutcome;
  /** The receiver is gone: nothing is known after the last trusted fix. */
  lost(): void;
  /** The shared clock went back: times that were known are about to come again, with the vehicle elsewhere. */
  restart(): void;
  /** Takes what the wheels say, a second opinion; without it nothing is missing. */
  wheelSpeed(speed: WheelSpeed, nowMs: number): void;
  reachAt(timeMs: number): Reach;
  /** Time of the newest trusted fix; −Infinity before the first. */
  newestMs(): number;
}

const TRUSTED: TrackOutcome = { kind: "trusted" };

/**
 * Rule 2 for positions. A fix is trusted when it can be reached from those before it and so many in a row have
 * been; any other closes the gate with a reason of its own. Starts in doubt.
 */
export function createTracker(policy: PositioningPolicy): Tracker {
  const trail = createTrail(policy);
  const wheels = createWheels(policy);
  let doubt: DoubtReason | null = "no-fix";
  let chain: Chain | null = null;
  /** Whether a fix was trusted since the last jump: only then may something have been released. */
  let opened = false;

  function doubted(reason: DoubtReason): TrackOutcome {
    // Only consecutive fixes agree: a doubt among them starts the count again.
    if (chain !== null && chain.length < policy.agreeFixes) chain = null;
    doubt = reason;
    return { kind: "doubted", reason };
  }

  /** The receiver contradicts itself: `next` is what may agree with fixes to come. */
  function broken(fix: Fix, next: Chain | null): TrackOutcome {
    const agoMs = chain === null ? 0 : chain.last.fix.timeMs - fix.timeMs;
    const firstMs = (trail.oldestMs() ?? fix.timeMs) - policy.maxFixAgeMs;
    // The clock went back, unless by little: then two fixes disagree about one time, and both are in question.
    if (!(agoMs > policy.maxFixAgeMs)) trail.forgetFrom(fix.timeMs);
    const trustedUntilMs = trail.newest()?.fix.timeMs ?? firstMs;
    // Times that were known would come again.
    if (agoMs > 0) trail.forgetFrom(-Infinity);
    chain = next;
    doubt = "implausible-fix";
    if (!opened) return { kind: "doubted", reason: doubt };
    opened = false;
    return { kind: "jump", trustedUntilMs };
  }

  /** A fix that agrees with those before it: the next of the chain, or after a long silence the first of a new one. */
  function continued(fix: Fix, stuckM: number): TrackOutcome {
    const isNext = chain !== null && fix.timeMs - chain.last.fix.timeMs <= policy.maxGapMs;
    if (!isNext) doubt ??= "no-fix";
    const grown = isNext && chain !== null ? chain : chainOf(loneAnchor(fix, policy));
    const anchor = isNext ? extend(grown, fix, policy) : grown.last;
    grown.stuckM = stuckM;
    chain = grown;
    if (chain.length < policy.agreeFixes) return { kind: "doubted", reason: doubt ?? "no-fix" };
    trail.add(anchor, doubt);
    doubt = null;
    opened = true;
    return TRUSTED;
  }

  /** A second report of one epoch may know of a larger error: it counts, from wherever the two say the place is. */
  function saidAgain(fix: Fix): TrackOutcome {
    const newest = trail.newest();
    if (newest?.fix.timeMs === fix.timeMs && positionErrorM(fix, policy) > newest.errorM) {
      const apartM = distanceFrom(planeAt(newest.fix), fix);
      const wider = { ...newest.fix, accuracyM: (fix.accuracyM ?? policy.assumedAccuracyM) + apartM };
      trail.replaceNewest(anchorAt(wider, newest.heading, policy));
    }
    return { kind: "ignored", why: "duplicate" };
  }

  /** A fix from before the newest one, which must have been on the way to it. */
  function outOfOrder(fix: Fix, last: Fix): TrackOutcome {
    if (ownDoubt(fix, policy) !== null || isReachable(anchorAlone(fix), last, policy)) {
      return { kind: "ignored", why: "out-of-order" };
    }
    return broken(fix, chainOf(anchorAlone(fix)));
  }

  const anchorAlone = (fix: Fix) => anchorAt(fix, UNKNOWN_HEADING, policy);

  function takeFix(fix: Fix): TrackOutcome {
    const agoMs = chain === null ? -Infinity : chain.last.fix.timeMs - fix.timeMs;
    if (chain !== null && agoMs > 0 && agoMs <= policy.maxFixAgeMs) return outOfOrder(fix, chain.last.fix);
    const own = ownDoubt(fix, policy);
    if (own === "implausible-fix") return broken(fix, null);
    if (own !== null) return doubted(own);
    if (chain === null) return continued(fix, 0);
    const stuckM = stuckAt(chain, fix, policy);
    if (isStuck(stuckM)) return broken(fix, { ...chainOf(anchorAlone(fix)), length: 0, stuckM });
    // A place that cannot be reached, two at one time, or a clock that went back.
    if (agoMs > 0 || !agrees(chain, fix, wheels, policy)) return broken(fix, chainOf(anchorAlone(fix)));
    if (agoMs === 0) return saidAgain(fix);
    return continued(fix, stuckM);
  }

  return {
    report(report, nowMs) {
      // NaN, infinities, nothing at all: the receiver speaks, but says nothing.
      if (!Number.isFinite(report?.timeMs)) return doubted("no-fix");
      // Written so that a clock of NaN is refused.
      if (!(report.timeMs <= nowMs + policy.clockErrorMs)) return { kind: "ignored", why: "future" };
      if (isSoundFix(report)) return takeFix(copyOf(report));
      const agoMs = (chain?.last.fix.timeMs ?? -Infinity) - report.timeMs;
      return agoMs > 0 && agoMs <= policy.maxFixAgeMs
        ? { kind: "ignored", why: "out-of-order" }
        : doubted("no-fix");
    },

    lost() {
      doubt = "no-fix";
      chain = null;
    },

    restart() {
      trail.forgetFrom(-Infinity);
      chain = null;
      doubt = "implausible-fix";
      opened = false;
      wheels.forget();
    },

    wheelSpeed: (speed, nowMs) => wheels.add(speed, nowMs),

    newestMs: () => trail.newest()?.fix.timeMs ?? -Infinity,

    reachAt(timeMs) {
      const reach = trail.reachAt(timeMs, doubt);
      return policy.wheels === "bound" && reach.known ? closer(reach, rolledAt(timeMs)) : reach;
    },
  };

  /** The vehicle is no farther from the fix than its wheels turned since. */
  function rolledAt(timeMs: number): Reach {
    const anchor = trail.before(timeMs);
    const reach = reachNear(anchor, timeMs, policy);
    if (!reach.known || anchor === undefined) return reach;
    const radiusM = anchor.errorM + wheels.farthestM(anchor.fix.timeMs, timeMs);
    const { latDeg, lonDeg } = anchor.fix;
    return { ...reach, latDeg, lonDeg, radiusM };
  }
}

/** The caller may use its object again. No receiver is perfect: an error of 0 is an unknown one. */
function copyOf({ timeMs, latDeg, lonDeg, accuracyM, speedMps, courseDeg, quality }: Fix): Fix {
  return { timeMs, latDeg, lonDeg, accuracyM: accuracyM || null, speedMps, courseDeg, quality };
}
