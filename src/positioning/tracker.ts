import type { Fix, GnssReport } from "../sources/fix.ts";
import { isPosition } from "../core/position.ts";
import { UNKNOWN_HEADING, nextHeading } from "./heading.ts";
import type { Heading } from "./heading.ts";
import { isReachable, ownDoubt } from "./plausible.ts";
import type { PositioningPolicy } from "./policy.ts";
import type { Anchor, DoubtReason, Reach } from "./reach.ts";
import { anchorAt, reachFrom } from "./reach.ts";

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
  reachAt(timeMs: number): Reach;
  /** Time of the newest trusted fix; −Infinity before the first. */
  newestMs(): number;
}

/** Trusted fixes that are remembered: frames may be judged late by as much as these span. */
const MAX_ANCHORS = 64;

interface TrustedAnchor extends Anchor {
  /** The doubt that this fix ended, if there was one since the fix before it. */
  readonly endedDoubt: DoubtReason | null;
}

/**
 * Rule 2 for positions. A fix is trusted when it can be reached from the one before it and so many in a row have
 * been; any other closes the gate with a reason of its own. Starts in doubt.
 */
export function createTracker(policy: PositioningPolicy): Tracker {
  let anchors: readonly TrustedAnchor[] = [];
  let doubt: DoubtReason | null = "no-fix";
  let chain: { readonly last: Fix; readonly heading: Heading; readonly length: number } | null = null;

  function doubted(reason: DoubtReason): TrackOutcome {
    doubt = reason;
    return { kind: "doubted", reason };
  }

  function broken(fix: Fix): TrackOutcome {
    chain = { last: fix, heading: UNKNOWN_HEADING, length: 1 };
    doubt = "implausible-fix";
    const trusted = anchors.at(-1);
    return trusted === undefined
      ? { kind: "doubted", reason: doubt }
      : { kind: "jump", trustedUntilMs: trusted.fix.timeMs };
  }

  function continued(fix: Fix): TrackOutcome {
    const before = chain !== null && fix.timeMs - chain.last.timeMs <= policy.maxGapMs ? chain : null;
    if (before === null) doubt = doubt ?? "no-fix";
    const heading = nextHeading(
      before?.heading ?? UNKNOWN_HEADING,
      fix.timeMs - (before?.last.timeMs ?? fix.timeMs),
      fix,
      policy,
    );
    chain = { last: fix, heading, length: (before?.length ?? 0) + 1 };
    if (chain.length < policy.agreeFixes) return { kind: "doubted", reason: doubt ?? "no-fix" };
    // After a clock that went back the older anchors are of another time line.
    const kept = anchors.filter((anchor) => anchor.fix.timeMs < fix.timeMs).slice(1 - MAX_ANCHORS);
    anchors = [...kept, { ...anchorAt(fix, heading, policy), endedDoubt: doubt }];
    doubt = null;
    return { kind: "trusted" };
  }

  return {
    report(report, nowMs) {
      // NaN, infinities, nothing at all: the receiver speaks, but says nothing.
      if (!Number.isFinite(report?.timeMs)) return doubted("no-fix");
      if (!(report.timeMs <= nowMs + policy.clockErrorMs)) return { kind: "ignored", why: "future" };
      const agoMs = chain === null ? -1 : chain.last.timeMs - report.timeMs;
      if (agoMs > 0 && agoMs <= policy.maxFixAgeMs) return { kind: "ignored", why: "out-of-order" };
      if (report.quality === "none" || !isSound(report)) return doubted("no-fix");
      if (chain !== null && agoMs === 0 && samePlace(chain.last, report))
        return { kind: "ignored", why: "duplicate" };
      const own = ownDoubt(report, policy);
      if (own !== null) return doubted(own);
      // Two places at one time, a clock that went back, or a place that cannot be reached.
      if (chain !== null && (agoMs >= 0 || !isReachable(chain.last, report, policy))) return broken(report);
      return continued(report);
    },

    lost() {
      doubt = "no-fix";
      chain = null;
    },

    newestMs: () => anchors.at(-1)?.fix.timeMs ?? -Infinity,

    reachAt(timeMs) {
      let next = anchors.length;
      while (next > 0 && !((anchors[next - 1]?.fix.timeMs ?? 0) <= timeMs)) next--;
      const before = anchors[next - 1];
      const after = anchors[next];
      // A doubt reaches back to the last trusted fix: what the receiver said since then is in question.
      const reason = after === undefined ? doubt : after.endedDoubt;
      if (reason !== null && before?.fix.timeMs !== timeMs) return { known: false, reason };
      return closer(reached(before, timeMs, policy), reached(after, timeMs, policy));
    },
  };
}

function reached(anchor: Anchor | undefined, timeMs: number, policy: PositioningPolicy): Reach {
  // Rule 2: an old fix closes the gate. Written so that NaN closes it too.
  if (anchor !== undefined && Math.abs(timeMs - anchor.fix.timeMs) <= policy.maxFixAgeMs) {
    return reachFrom(anchor, timeMs, policy);
  }
  return STALE;
}

const STALE: Reach = { known: false, reason: "stale-fix" };

/** Both reaches hold the vehicle: the smaller one says more. */
function closer(a: Reach, b: Reach): Reach {
  if (!a.known) return b;
  return b.known && b.radiusM < a.radiusM ? b : a;
}

function samePlace(a: Fix, b: Fix): boolean {
  return a.latDeg === b.latDeg && a.lonDeg === b.lonDeg;
}

function isSound(fix: Fix): boolean {
  const { accuracyM, speedMps, courseDeg } = fix;
  return isPosition(fix) && isAmount(accuracyM) && isAmount(speedMps) && isAmount(courseDeg);
}

function isAmount(value: number | null): boolean {
  return value === null || (value >= 0 && value < Infinity);
}
