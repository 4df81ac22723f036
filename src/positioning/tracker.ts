import { distanceFrom, planeAt } from "../core/plane.ts";
import type { Fix, GnssReport } from "../sources/fix.ts";
import type { WheelSpeed } from "../sources/live/wheel-speed.ts";
import { isSoundFix } from "../sources/sound-fix.ts";
import { UNKNOWN_HEADING, nextHeading } from "./heading.ts";
import type { Heading } from "./heading.ts";
import { STUCK_AFTER_M, claimedM, isReachable, isSamePlace, ownDoubt } from "./plausible.ts";
import type { PositioningPolicy } from "./policy.ts";
import type { Anchor, DoubtReason, Reach } from "./reach.ts";
import { anchorAt, positionErrorM, reachFrom } from "./reach.ts";
import type { Wheels } from "./wheels.ts";
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

/** Trusted fixes that are remembered: frames may be judged late by as much as these span. */
const MAX_ANCHORS = 64;

/** A track that creeps away within each fix's accuracy is caught against a fix from about so long ago. */
const BASELINE_MS = 2000;

interface TrustedAnchor extends Anchor {
  /** The doubt that this fix ended, if there was one since the fix before it. */
  readonly endedDoubt: DoubtReason | null;
}

/** Fixes that agree, one after the other. */
interface Chain {
  /** The newest last, the first about `BASELINE_MS` before it. */
  readonly recent: Fix[];
  readonly last: Fix;
  readonly heading: Heading;
  readonly length: number;
  /** How far the vehicle claims to have moved since the receiver's digits last changed. */
  readonly stuckM: number;
}

/**
 * Rule 2 for positions. A fix is trusted when it can be reached from those before it and so many in a row have
 * been; any other closes the gate with a reason of its own. Starts in doubt.
 */
export function createTracker(policy: PositioningPolicy): Tracker {
  /** In the order of their times. */
  let anchors: TrustedAnchor[] = [];
  let doubt: DoubtReason | null = "no-fix";
  let chain: Chain | null = null;
  /** Whether a fix was trusted since the last jump: only then may something have been released. */
  let opened = false;
  const wheels = createWheels(policy);

  function doubted(reason: DoubtReason): TrackOutcome {
    // Only consecutive fixes agree: a doubt among them starts the count again.
    if (chain !== null && chain.length < policy.agreeFixes) chain = null;
    doubt = reason;
    return { kind: "doubted", reason };
  }

  /** The receiver contradicts itself: `next` is what may agree with fixes to come. */
  function broken(fix: Fix, next: Chain | null): TrackOutcome {
    const agoMs = chain === null ? 0 : chain.last.timeMs - fix.timeMs;
    // The clock went back, unless by little: then two fixes disagree about one time, and both are in question.
    const undisputed =
      agoMs > policy.maxFixAgeMs ? anchors : anchors.filter((anchor) => anchor.fix.timeMs < fix.timeMs);
    const firstMs = (anchors[0]?.fix.timeMs ?? fix.timeMs) - policy.maxFixAgeMs;
    const trustedUntilMs = undisputed.at(-1)?.fix.timeMs ?? firstMs;
    // Times that were known would come again.
    anchors = agoMs > 0 ? [] : undisputed;
    chain = next;
    doubt = "implausible-fix";
    if (!opened) return { kind: "doubted", reason: doubt };
    opened = false;
    return { kind: "jump", trustedUntilMs };
  }

  function continued(fix: Fix, stuckM: number): TrackOutcome {
    const before = chain !== null && fix.timeMs - chain.last.timeMs <= policy.maxGapMs ? chain : null;
    if (before === null) doubt ??= "no-fix";
    const sinceMs = fix.timeMs - (before?.last.timeMs ?? fix.timeMs);
    const heading = nextHeading(before?.heading ?? UNKNOWN_HEADING, sinceMs, fix, policy);
    const recent = before?.recent ?? [];
    recent.push(fix);
    while (recent.length > 2 && fix.timeMs - (recent[1]?.timeMs ?? NaN) >= BASELINE_MS) recent.shift();
    chain = { recent, last: fix, heading, length: (before?.length ?? 0) + 1, stuckM };
    if (chain.length < policy.agreeFixes) return { kind: "doubted", reason: doubt ?? "no-fix" };
    while (!((anchors.at(-1)?.fix.timeMs ?? -Infinity) < fix.timeMs)) anchors.pop();
    // In place: a copy for each fix costs more than all the rest of it.
    anchors.push({ ...anchorAt(fix, heading, policy), endedDoubt: doubt });
    if (anchors.length > MAX_ANCHORS) anchors.shift();
    doubt = null;
    opened = true;
    return { kind: "trusted" };
  }

  /** A second report of one epoch may know of a larger error: it counts, from wherever the two say the place is. */
  function saidAgain(fix: Fix): TrackOutcome {
    const newest = anchors.at(-1);
    if (
      newest?.fix.timeMs === fix.timeMs &&
      positionErrorM(fix, policy) > positionErrorM(newest.fix, policy)
    ) {
      const apartM = distanceFrom(planeAt(newest.fix), fix);
      const wider = { ...newest.fix, accuracyM: (fix.accuracyM ?? policy.assumedAccuracyM) + apartM };
      anchors = [...anchors.slice(0, -1), { ...newest, ...anchorAt(wider, newest.heading, policy) }];
    }
    return { kind: "ignored", why: "duplicate" };
  }

  /** A fix from before the newest one, which must have been on the way to it. */
  function outOfOrder(fix: Fix, last: Fix): TrackOutcome {
    if (ownDoubt(fix, policy) !== null || isReachable(fix, last, policy)) {
      return { kind: "ignored", why: "out-of-order" };
    }
    return broken(fix, chainOf(fix));
  }

  function takeFix(fix: Fix): TrackOutcome {
    const agoMs = chain === null ? -Infinity : chain.last.timeMs - fix.timeMs;
    if (chain !== null && agoMs > 0 && agoMs <= policy.maxFixAgeMs) return outOfOrder(fix, chain.last);
    const own = ownDoubt(fix, policy);
    if (own === "implausible-fix") return broken(fix, null);
    if (own !== null) return doubted(own);
    if (chain === null) return continued(fix, 0);
    const stuckM = isSamePlace(chain.last, fix) ? chain.stuckM + claimedM(chain.last, fix, policy) : 0;
    // A place that never changes agrees with none that does.
    if (stuckM > STUCK_AFTER_M) return broken(fix, { ...chainOf(fix), length: 0, stuckM });
    const reachable = [chain.recent[0] ?? chain.last, chain.last].every(
      (from) => isReachable(from, fix, policy) && !wheels.contradict(from, fix),
    );
    // A place that cannot be reached, two at one time, or a clock that went back.
    if (agoMs > 0 || !reachable) return broken(fix, chainOf(fix));
    if (agoMs === 0) return saidAgain(fix);
    return continued(fix, stuckM);
  }

  return {
    report(report, nowMs) {
      // NaN, infinities, nothing at all: the receiver speaks, but says nothing.
      if (!Number.isFinite(report?.timeMs)) return doubted("no-fix");
      // Written so that a clock of NaN is refused.
      if (!(report.timeMs <= nowMs + policy.clockErrorMs)) return { kind: "ignored", why: "future" };
      // A copy: the caller may use its object again. No receiver is perfect: an error of 0 is an unknown one.
      if (isSoundFix(report)) return takeFix({ ...report, accuracyM: report.accuracyM || null });
      const agoMs = (chain?.last.timeMs ?? -Infinity) - report.timeMs;
      return agoMs > 0 && agoMs <= policy.maxFixAgeMs
        ? { kind: "ignored", why: "out-of-order" }
        : doubted("no-fix");
    },

    lost() {
      doubt = "no-fix";
      chain = null;
    },

    restart() {
      anchors = [];
      chain = null;
      doubt = "implausible-fix";
      opened = false;
      wheels.forget();
    },

    wheelSpeed: (speed, nowMs) => wheels.add(speed, nowMs),

    newestMs: () => anchors.at(-1)?.fix.timeMs ?? -Infinity,

    reachAt(timeMs) {
      let next = anchors.length;
      while (next > 0 && !((anchors[next - 1]?.fix.timeMs ?? 0) <= timeMs)) next--;
      const before = anchors[next - 1];
      const after = anchors[next];
      // A doubt reaches back to the last trusted fix: what the receiver said since then is in question.
      const reason = after === undefined ? doubt : after.endedDoubt;
      if (reason !== null && before?.fix.timeMs !== timeMs) return { known: false, reason };
      const reach = closer(reached(before, timeMs, policy), reached(after, timeMs, policy));
      return policy.wheels === "bound" ? closer(reach, rolled(before, timeMs, wheels, policy)) : reach;
    },
  };
}

function chainOf(fix: Fix): Chain {
  return { recent: [fix], last: fix, heading: UNKNOWN_HEADING, length: 1, stuckM: 0 };
}

function reached(anchor: Anchor | undefined, timeMs: number, policy: PositioningPolicy): Reach {
  // Rule 2: an old fix closes the gate. Written so that NaN closes it too.
  if (anchor !== undefined && Math.abs(timeMs - anchor.fix.timeMs) <= policy.maxFixAgeMs) {
    return reachFrom(anchor, timeMs, policy);
  }
  return STALE;
}

/** The vehicle is no farther from the fix than its wheels turned since. */
function rolled(
  anchor: Anchor | undefined,
  timeMs: number,
  wheels: Wheels,
  policy: PositioningPolicy,
): Reach {
  const reach = reached(anchor, timeMs, policy);
  if (!reach.known || anchor === undefined) return reach;
  const radiusM = positionErrorM(anchor.fix, policy) + wheels.farthestM(anchor.fix.timeMs, timeMs);
  const { latDeg, lonDeg } = anchor.fix;
  return { ...reach, latDeg, lonDeg, radiusM };
}

const STALE: Reach = { known: false, reason: "stale-fix" };

/** Both reaches hold the vehicle: the smaller one says more. */
function closer(a: Reach, b: Reach): Reach {
  if (!a.known) return b;
  return b.known && b.radiusM < a.radiusM ? b : a;
}
