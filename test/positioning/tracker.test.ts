import { describe, expect, it } from "vitest";
import { PositioningPolicy, confidenceFactor } from "../../src/positioning/policy.ts";
import { createTracker } from "../../src/positioning/tracker.ts";
import { fixAt } from "../kit/place.ts";

const POLICY = PositioningPolicy.parse({});

/** A tracker that trusts fixes at 0, 1 and 2 seconds. */
function trusting(policy = POLICY) {
  const tracker = createTracker(policy);
  for (const timeMs of [0, 1000, 2000]) tracker.report(fixAt(timeMs), timeMs);
  return tracker;
}

const reasonAt = (tracker: ReturnType<typeof trusting>, timeMs: number) => {
  const reach = tracker.reachAt(timeMs);
  return reach.known ? "known" : reach.reason;
};

const radiusAt = (tracker: ReturnType<typeof trusting>, timeMs: number) => {
  const reach = tracker.reachAt(timeMs);
  return reach.known ? reach.radiusM : Infinity;
};

describe("between two trusted fixes", () => {
  it("the smaller reach of both counts", () => {
    const tracker = trusting();
    tracker.report(fixAt(3000, { accuracyM: 1 }), 3000);
    const radii = [2000, 2010, 2500, 2990, 3000].map((timeMs) => radiusAt(tracker, timeMs));
    // 1.753 · 4 m at one fix and 1.753 · 1 m at the other, with little more, and half of a second's growth between.
    const limits = [7.1, 7.15, 3.85, 1.95, 1.85];
    expect(radii.map((radiusM, i) => radiusM < (limits[i] ?? 0))).toEqual(limits.map(() => true));
  });

  it("nothing is known where the receiver was in doubt, but at the fix before it", () => {
    const tracker = trusting();
    tracker.report({ timeMs: 2300, quality: "none" }, 2300);
    tracker.report(fixAt(2600), 2600);
    expect([2000, 2001, 2300, 2599, 2600, 2601].map((timeMs) => reasonAt(tracker, timeMs))).toEqual([
      "known",
      "no-fix",
      "no-fix",
      "no-fix",
      "known",
      "known",
    ]);
  });

  it("nothing is known before the first of all", () => {
    expect([-1, 0, 1999, 2000].map((timeMs) => reasonAt(trusting(), timeMs))).toEqual([
      "no-fix",
      "no-fix",
      "no-fix",
      "known",
    ]);
  });

  it("nothing is known at times that are none", () => {
    const tracker = trusting();
    // So many that the first of all is forgotten.
    for (let timeMs = 3000; timeMs <= 100_000; timeMs += 1000) tracker.report(fixAt(timeMs), timeMs);
    const reasons = [Number.NaN, Infinity, -Infinity].map((timeMs) => reasonAt(tracker, timeMs));
    expect(reasons).toEqual(["stale-fix", "stale-fix", "stale-fix"]);
  });

  it("64 fixes are remembered", () => {
    const tracker = trusting();
    for (let timeMs = 3000; timeMs <= 100_000; timeMs += 1000) tracker.report(fixAt(timeMs), timeMs);
    expect(reasonAt(tracker, 100_000 - 63_000)).toBe("known");
    expect(reasonAt(tracker, 100_000 - 63_000 - 1501)).toBe("stale-fix");
  });
});

describe("when the receiver is gone", () => {
  it("nothing is known after the last fix, and fixes must agree again", () => {
    const tracker = trusting();
    tracker.lost();
    expect([2000, 2001].map((timeMs) => reasonAt(tracker, timeMs))).toEqual(["known", "no-fix"]);
    const outcomes = [2100, 2200, 2300].map((timeMs) => tracker.report(fixAt(timeMs), timeMs).kind);
    expect(outcomes).toEqual(["doubted", "doubted", "trusted"]);
  });
});

it("what a lost receiver said is forgotten where it speaks of that time again", () => {
  const tracker = trusting();
  tracker.report(fixAt(3000), 3000);
  tracker.lost();
  for (const timeMs of [2300, 2400, 2500]) tracker.report(fixAt(timeMs), 3100);
  expect([2400, 2500, 2600].map((timeMs) => reasonAt(tracker, timeMs))).toEqual(["no-fix", "known", "known"]);
});

it("a place that creeps away at 40 m/s is found out within two seconds, however long it stood", () => {
  const tracker = trusting();
  for (let timeMs = 2100; timeMs <= 20_000; timeMs += 100) tracker.report(fixAt(timeMs), timeMs);
  const kinds = Array.from({ length: 20 }, (_, i) => {
    const timeMs = 20_100 + 100 * i;
    return tracker.report(fixAt(timeMs, { eastM: 4 * i }), timeMs).kind;
  });
  expect(kinds).toContain("jump");
});

describe("when the clock went back", () => {
  it("nothing of before is known any more", () => {
    const tracker = trusting();
    tracker.restart();
    expect([1999, 2000, 2001].map((timeMs) => reasonAt(tracker, timeMs))).toEqual(
      Array.from({ length: 3 }, () => "implausible-fix"),
    );
    expect(tracker.newestMs()).toBe(-Infinity);
    // Nothing is revoked: the old times were right in their own time.
    expect(tracker.report(fixAt(500), 500)).toEqual({ kind: "doubted", reason: "implausible-fix" });
  });

  it("by the receiver's times alone, times of before do not come again as known", () => {
    const tracker = trusting();
    for (let timeMs = 2100; timeMs <= 8000; timeMs += 100) tracker.report(fixAt(timeMs), timeMs);
    tracker.report(fixAt(4000), 8100);
    expect([3900, 4000, 4100, 7900].map((timeMs) => reasonAt(tracker, timeMs))).not.toContain("known");
  });
});

describe("what a caller does with its objects afterwards", () => {
  it("changes nothing", () => {
    const tracker = createTracker(POLICY);
    const fixes = [0, 1000, 2000].map((timeMs) => ({ ...fixAt(timeMs) }));
    for (const fix of fixes) tracker.report(fix, fix.timeMs);
    for (const fix of fixes) Object.assign(fix, { timeMs: 9000, latDeg: 50 });
    expect(reasonAt(tracker, 9000)).toBe("stale-fix");
    expect(tracker.reachAt(2000)).toMatchObject({ latDeg: 48 });
  });
});

describe("a receiver's clock", () => {
  it.each([
    [Number.NaN, "ignored"],
    [2949, "ignored"],
    [2950, "trusted"],
  ])("a fix of 3000 that comes at %d is %s", (nowMs, kind) => {
    expect(trusting().report(fixAt(3000), nowMs).kind).toBe(kind);
  });
});

describe("limits of trust", () => {
  it.each([
    [4, 4, "trusted"],
    [4, 5, "doubted"],
    [1, 1, "trusted"],
  ])("the %ith fix of %i that must agree is %s", (fixes, agreeFixes, kind) => {
    const tracker = createTracker({ ...POLICY, agreeFixes });
    const kinds = Array.from({ length: fixes }, (_, i) => tracker.report(fixAt(1000 * i), 1000 * i).kind);
    expect(kinds.at(-1)).toBe(kind);
    expect(kinds.slice(0, -1)).not.toContain("trusted");
  });
});

describe("the policy", () => {
  it("scales 95 % to 99.99 % by 1.75", () => {
    expect(confidenceFactor(POLICY)).toBeCloseTo(1.7534, 4);
    expect(confidenceFactor({ ...POLICY, confidence: 0.95 })).toBeCloseTo(1, 12);
  });

  it.each(Object.keys(POLICY).filter((name) => name !== "allowSimulated"))(
    "refuses a %s that is none",
    (name) => {
      for (const value of [Number.NaN, Infinity, -1, "1", null]) {
        expect(PositioningPolicy.safeParse({ [name]: value }).success).toBe(false);
      }
    },
  );

  it("refuses what it does not know", () => {
    expect(PositioningPolicy.safeParse({ maxFixAge: 1 }).success).toBe(false);
  });
});
