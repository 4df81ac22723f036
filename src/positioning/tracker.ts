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
import { rolledReach } from "./rolled-reach.ts";
import { closer, createTrail } from "./trail.ts";
import type { Trail } from "./trail.ts";
import { createWheels } from "./wheels.ts";
import type { Wheels } from "./wheels.ts";

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
  return new FixTracker(policy);
}

class FixTracker implements Tracker {
  readonly #policy: PositioningPolicy;
  readonly #trail: Trail;
  readonly #wheels: Wheels;
  #doubt: DoubtReason | null = "no-fix";
  #chain: Chain | null = null;
  /** Whether a fix was trusted since the last jump: only then may something have been released. */
  #opened = false;

  constructor(policy: PositioningPolicy) {
    this.#policy = policy;
    this.#trail = createTrail(policy);
    this.#wheels = createWheels(policy);
  }

  report(report: GnssReport, nowMs: number): TrackOutcome {
    const { clockErrorMs, maxFixAgeMs } = this.#policy;
    // NaN, infinities, nothing at all: the receiver speaks, but says nothing.
    if (!Number.isFinite(report?.timeMs)) return this.#doubted("no-fix");
    // Written so that a clock of NaN is refused.
    if (!(report.timeMs <= nowMs + clockErrorMs)) return { kind: "ignored", why: "future" };
    if (isSoundFix(report)) return this.#takeFix(copyOf(report));
    const agoMs = (this.#chain?.last.fix.timeMs ?? -Infinity) - report.timeMs;
    return agoMs > 0 && agoMs <= maxFixAgeMs
      ? { kind: "ignored", why: "out-of-order" }
      : this.#doubted("no-fix");
  }

  lost(): void {
    this.#doubt = "no-fix";
    this.#chain = null;
  }

  restart(): void {
    this.#trail.forgetFrom(-Infinity);
    this.#chain = null;
    this.#doubt = "implausible-fix";
    this.#opened = false;
    this.#wheels.forget();
  }

  wheelSpeed(speed: WheelSpeed, nowMs: number): void {
    this.#wheels.add(speed, nowMs);
  }

  newestMs(): number {
    return this.#trail.newest()?.fix.timeMs ?? -Infinity;
  }

  reachAt(timeMs: number): Reach {
    const reach = this.#trail.reachAt(timeMs, this.#doubt);
    if (this.#policy.wheels !== "bound" || !reach.known) return reach;
    return closer(reach, rolledReach(this.#trail.before(timeMs), timeMs, this.#wheels, this.#policy));
  }

  #takeFix(fix: Fix): TrackOutcome {
    const policy = this.#policy;
    const chain = this.#chain;
    const agoMs = chain === null ? -Infinity : chain.last.fix.timeMs - fix.timeMs;
    if (chain !== null && agoMs > 0 && agoMs <= policy.maxFixAgeMs) {
      return this.#outOfOrder(fix, chain.last.fix);
    }
    const own = ownDoubt(fix, policy);
    if (own === "implausible-fix") return this.#broken(fix, null);
    if (own !== null) return this.#doubted(own);
    if (chain === null) return this.#continued(fix, 0);
    const stuckM = stuckAt(chain, fix, policy);
    if (isStuck(stuckM)) return this.#broken(fix, { ...this.#chainOf(fix), length: 0, stuckM });
    // A place that cannot be reached, two at one time, or a clock that went back.
    if (agoMs > 0 || !agrees(chain, fix, this.#wheels, policy)) {
      return this.#broken(fix, this.#chainOf(fix));
    }
    return agoMs === 0 ? this.#saidAgain(fix) : this.#continued(fix, stuckM);
  }

  #doubted(reason: DoubtReason): TrackOutcome {
    // Only consecutive fixes agree: a doubt among them starts the count again.
    if (this.#chain !== null && this.#chain.length < this.#policy.agreeFixes) this.#chain = null;
    this.#doubt = reason;
    return { kind: "doubted", reason };
  }

  /** The receiver contradicts itself: `next` is what may agree with fixes to come. */
  #broken(fix: Fix, next: Chain | null): TrackOutcome {
    const { maxFixAgeMs } = this.#policy;
    const agoMs = this.#chain === null ? 0 : this.#chain.last.fix.timeMs - fix.timeMs;
    const firstMs = (this.#trail.oldestMs() ?? fix.timeMs) - maxFixAgeMs;
    // The clock went back, unless by little: then two fixes disagree about one time, and both are in question.
    if (!(agoMs > maxFixAgeMs)) this.#trail.forgetFrom(fix.timeMs);
    const trustedUntilMs = this.#trail.newest()?.fix.timeMs ?? firstMs;
    // Times that were known would come again.
    if (agoMs > 0) this.#trail.forgetFrom(-Infinity);
    this.#chain = next;
    this.#doubt = "implausible-fix";
    if (!this.#opened) return { kind: "doubted", reason: this.#doubt };
    this.#opened = false;
    return { kind: "jump", trustedUntilMs };
  }

  /** A fix that agrees with those before it: the next of the chain, or after a long silence the first of a new one. */
  #continued(fix: Fix, stuckM: number): TrackOutcome {
    const policy = this.#policy;
    const before = this.#chain;
    const isNext = before !== null && fix.timeMs - before.last.fix.timeMs <= policy.maxGapMs;
    if (!isNext) this.#doubt ??= "no-fix";
    const chain = isNext ? before : chainOf(loneAnchor(fix, policy));
    const anchor = isNext ? extend(chain, fix, policy) : chain.last;
    chain.stuckM = stuckM;
    this.#chain = chain;
    if (chain.length < policy.agreeFixes) return { kind: "doubted", reason: this.#doubt ?? "no-fix" };
    this.#trail.add(anchor, this.#doubt);
    this.#doubt = null;
    this.#opened = true;
    return TRUSTED;
  }

  /** A second report of one epoch may know of a larger error: it counts, from wherever the two say the place is. */
  #saidAgain(fix: Fix): TrackOutcome {
    const policy = this.#policy;
    const newest = this.#trail.newest();
    if (newest?.fix.timeMs === fix.timeMs && positionErrorM(fix, policy) > newest.errorM) {
      const apartM = distanceFrom(planeAt(newest.fix), fix);
      const wider = { ...newest.fix, accuracyM: (fix.accuracyM ?? policy.assumedAccuracyM) + apartM };
      this.#trail.replaceNewest(anchorAt(wider, newest.heading, policy));
    }
    return { kind: "ignored", why: "duplicate" };
  }

  /** A fix from before the newest one, which must have been on the way to it. */
  #outOfOrder(fix: Fix, last: Fix): TrackOutcome {
    const policy = this.#policy;
    const alone = this.#chainOf(fix);
    if (ownDoubt(fix, policy) !== null || isReachable(alone.last, last, policy)) {
      return { kind: "ignored", why: "out-of-order" };
    }
    return this.#broken(fix, alone);
  }

  #chainOf(fix: Fix): Chain {
    return chainOf(anchorAt(fix, UNKNOWN_HEADING, this.#policy));
  }
}

/** The caller may use its object again. No receiver is perfect: an error of 0 is an unknown one. */
function copyOf({ timeMs, latDeg, lonDeg, accuracyM, speedMps, courseDeg, quality }: Fix): Fix {
  return { timeMs, latDeg, lonDeg, accuracyM: accuracyM || null, speedMps, courseDeg, quality };
}
