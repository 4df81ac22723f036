import type { PositioningPolicy } from "./policy.ts";
import type { Anchor, DoubtReason, Reach } from "./reach.ts";
import { reachFrom } from "./reach.ts";

/** Trusted fixes that are remembered: frames may be judged late by as much as these span. */
const MAX_ANCHORS = 64;

/** The trusted fixes in the order of their times, and what is known between and after them. */
export interface Trail {
  oldestMs(): number | undefined;
  newest(): Anchor | undefined;
  /** `endedDoubt`: what was doubted since the fix before it. Fixes that are not older give way. */
  add(anchor: Anchor, endedDoubt: DoubtReason | null): void;
  /** Puts another in the place of the newest. */
  replaceNewest(anchor: Anchor): void;
  /** Forgets the fixes of this time and after it. */
  forgetFrom(timeMs: number): void;
  /** Where the vehicle may have been; `doubt` is what is doubted since the newest fix. */
  reachAt(timeMs: number, doubt: DoubtReason | null): Reach;
  /** The newest fix that is not of a later time. */
  before(timeMs: number): Anchor | undefined;
}

interface TrustedFix {
  readonly anchor: Anchor;
  readonly endedDoubt: DoubtReason | null;
}

export function createTrail(policy: PositioningPolicy): Trail {
  let fixes: TrustedFix[] = [];
  /** Those in front of it are forgotten; they go many at once, since each time costs the same. */
  let from = 0;

  /** The place of the first fix after `timeMs`; written so that NaN is before all. */
  function placeOf(timeMs: number): number {
    let next = fixes.length;
    while (next > from && !((fixes[next - 1]?.anchor.fix.timeMs ?? 0) <= timeMs)) next--;
    return next;
  }

  function forgetFrom(timeMs: number): void {
    while (fixes.length > from && !((fixes.at(-1)?.anchor.fix.timeMs ?? -Infinity) < timeMs)) fixes.pop();
  }

  function remembered(place: number): TrustedFix | undefined {
    return place < from ? undefined : fixes[place];
  }

  return {
    oldestMs: () => remembered(from)?.anchor.fix.timeMs,
    newest: () => remembered(fixes.length - 1)?.anchor,
    forgetFrom,
    before: (timeMs) => remembered(placeOf(timeMs) - 1)?.anchor,

    add(anchor, endedDoubt) {
      forgetFrom(anchor.fix.timeMs);
      fixes.push({ anchor, endedDoubt });
      if (fixes.length - from > MAX_ANCHORS) from++;
      if (from < MAX_ANCHORS) return;
      fixes = fixes.slice(from);
      from = 0;
    },

    replaceNewest(anchor) {
      const { endedDoubt = null } = fixes.pop() ?? {};
      fixes.push({ anchor, endedDoubt });
    },

    reachAt(timeMs, doubt) {
      const next = placeOf(timeMs);
      const before = remembered(next - 1)?.anchor;
      const after = remembered(next);
      // A doubt reaches back to the last trusted fix: what the receiver said since then is in question.
      const reason = after === undefined ? doubt : after.endedDoubt;
      if (reason !== null && before?.fix.timeMs !== timeMs) return { known: false, reason };
      return closer(reachNear(before, timeMs, policy), reachNear(after?.anchor, timeMs, policy));
    },
  };
}

export function reachNear(anchor: Anchor | undefined, timeMs: number, policy: PositioningPolicy): Reach {
  // Rule 2: an old fix closes the gate. Written so that NaN closes it too.
  if (anchor !== undefined && Math.abs(timeMs - anchor.fix.timeMs) <= policy.maxFixAgeMs) {
    return reachFrom(anchor, timeMs, policy);
  }
  return STALE;
}

const STALE: Reach = { known: false, reason: "stale-fix" };

/** Both reaches hold the vehicle: the smaller one says more. */
export function closer(a: Reach, b: Reach): Reach {
  if (!a.known) return b;
  return b.known && b.radiusM < a.radiusM ? b : a;
}
