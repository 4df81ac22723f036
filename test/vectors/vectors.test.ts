import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createCrossings } from "../../src/gate/crossings.ts";
import { createGatekeeper } from "../../src/gate/gatekeeper.ts";
import { GatePolicy } from "../../src/gate/policy.ts";
import type { Verdict } from "../../src/gate/verdict.ts";
import { nextHeading } from "../../src/positioning/heading.ts";
import type { Heading } from "../../src/positioning/heading.ts";
import { PositioningPolicy } from "../../src/positioning/policy.ts";
import type { KnownReach, Reach } from "../../src/positioning/reach.ts";
import { createTracker } from "../../src/positioning/tracker.ts";
import type { TrackOutcome } from "../../src/positioning/tracker.ts";
import { Camera } from "../../src/sources/camera.ts";
import type { Fix, GnssReport } from "../../src/sources/fix.ts";
import { isActive } from "../../src/zones/schedule.ts";
import type { Schedule } from "../../src/zones/zone.ts";
import { fixAt, place, squareZone, zoneSet } from "../kit/place.ts";

/** Rules as data: each file says what goes in and what must come out, for this implementation or another. */
function casesOf(file: string): readonly (readonly [string, unknown])[] {
  const text = readFileSync(new URL(`${file}.json`, import.meta.url), "utf8");
  const { cases } = JSON.parse(text) as { cases: { name: string }[] };
  return cases.map((each) => [each.name, each]);
}

const POLICY = PositioningPolicy.parse({});

interface ReachCase {
  readonly fix: Fix;
  readonly atMs: number;
  readonly expected: Reach;
}

/** To a millimetre, and a tenth of a metre in degrees. */
const near = ({ latDeg, lonDeg, radiusM }: KnownReach) => ({
  known: true,
  latDeg: expect.closeTo(latDeg, 6) as number,
  lonDeg: expect.closeTo(lonDeg, 6) as number,
  radiusM: expect.closeTo(radiusM, 3) as number,
});

describe("reach.json", () => {
  it.each(casesOf("reach") as readonly [string, ReachCase][])("%s", (_, { fix, atMs, expected }) => {
    const tracker = createTracker({ ...POLICY, agreeFixes: 1 });
    // Nothing is known before the first fix: one of long ago makes the one under test the second.
    tracker.report({ ...fix, timeMs: fix.timeMs - 20_000, speedMps: null, courseDeg: null }, fix.timeMs);
    tracker.report(fix, fix.timeMs);
    const reach = tracker.reachAt(atMs);
    expect(reach).toMatchObject(expected.known ? near(expected) : expected);
  });
});

interface TrustCase {
  readonly reports: readonly ({ readonly atMs: number; readonly arrivedMs?: number } & Readonly<
    Record<string, unknown>
  >)[];
  readonly outcomes: readonly string[];
}

describe("trust.json", () => {
  it.each(casesOf("trust") as readonly [string, TrustCase][])("%s", (_, { reports, outcomes }) => {
    const tracker = createTracker(POLICY);
    const said = reports.map(({ atMs, arrivedMs = atMs, ...changes }) =>
      sayingOf(tracker.report(reportOf(atMs, changes), arrivedMs)),
    );
    expect(said).toEqual(outcomes);
  });
});

function reportOf(timeMs: number, changes: Readonly<Record<string, unknown>>): GnssReport {
  if (changes["quality"] === "none") return { timeMs, quality: "none" };
  const numbers = Object.entries(changes).map(([name, value]) => [
    name,
    value === "NaN" ? Number.NaN : value,
  ]);
  return fixAt(timeMs, Object.fromEntries(numbers));
}

function sayingOf(outcome: TrackOutcome): string {
  switch (outcome.kind) {
    case "trusted":
      return "trusted";
    case "ignored":
      return outcome.why;
    case "doubted":
      return outcome.reason;
    case "jump":
      return `jump, trusted until ${outcome.trustedUntilMs}`;
    default:
      return outcome satisfies never;
  }
}

interface HeadingCase {
  readonly before: Heading;
  readonly dtMs: number;
  readonly speedMps: number | null;
  readonly courseDeg: number | null;
  readonly expected: Heading;
}

describe("heading.json", () => {
  it.each(casesOf("heading") as readonly [string, HeadingCase][])(
    "%s",
    (_, { before, dtMs, speedMps, courseDeg, expected }) => {
      const after = nextHeading(before, dtMs, fixAt(0, { speedMps, courseDeg }), POLICY);
      expect(after.deg).toBeCloseTo(expected.deg, 3);
      expect(after.errorDeg).toBeCloseTo(expected.errorDeg, 2);
    },
  );
});

interface LeavingCase {
  readonly exitFixes: number;
  readonly steps: string;
  readonly leaving: string;
}

describe("leaving.json", () => {
  it.each(casesOf("leaving") as readonly [string, LeavingCase][])(
    "%s",
    (_, { exitFixes, steps, leaving }) => {
      const crossings = createCrossings({ ...GatePolicy.parse({}), exitFixes }, () => 0);
      const hit = [{ id: "zone", action: "drop", reason: "inside" } as const];
      const states = Array.from(steps, (step) => {
        if (step === "F") crossings.enter(hit);
        else crossings.fixed(step === "f" ? hit : []);
        if (step !== "c") return step;
        return crossings.leaving([]).length > 0 ? "l" : ".";
      });
      expect(states.join("")).toBe(leaving);
    },
  );
});

interface ScheduleCase {
  readonly schedule: Schedule | null;
  readonly validFrom?: string;
  readonly validUntil?: string;
  readonly active: readonly string[];
  readonly inactive: readonly string[];
}

describe("schedule.json", () => {
  it.each(casesOf("schedule") as readonly [string, ScheduleCase][])(
    "%s",
    (_, { schedule, validFrom, validUntil, active, inactive }) => {
      const zone = {
        schedule,
        validFromMs: validFrom === undefined ? -Infinity : Date.parse(validFrom),
        validUntilMs: validUntil === undefined ? Infinity : Date.parse(validUntil),
      };
      expect(active.filter((time) => !isActive(zone, Date.parse(time), 0))).toEqual([]);
      expect(inactive.filter((time) => isActive(zone, Date.parse(time), 0))).toEqual([]);
    },
  );
});

interface JudgeCase {
  readonly reach: {
    readonly eastM: number;
    readonly northM: number;
    readonly radiusM: number;
    readonly headingDeg?: number;
    readonly headingErrorDeg?: number;
  };
  readonly camera?: Partial<Camera>;
  readonly atMs?: number;
  readonly zones: readonly Parameters<typeof squareZone>[0][];
  readonly expected: Verdict;
}

describe("judge.json", () => {
  it.each(casesOf("judge") as readonly [string, JudgeCase][])(
    "%s",
    (_, { reach, camera, atMs = 0, zones, expected }) => {
      const { eastM, northM, radiusM, headingDeg: deg = 0, headingErrorDeg: errorDeg = 180 } = reach;
      const front = Camera.parse({ id: "front", yawDeg: 0, hfovDeg: 100, rangeM: 1000, ...camera });
      const gatekeeper = createGatekeeper([front], GatePolicy.parse({}), () => 0, 0);
      gatekeeper.useZones(zoneSet(zones.map(squareZone)));
      const known = { known: true, ...place(eastM, northM), radiusM, heading: { deg, errorDeg } } as const;
      expect(gatekeeper.judge(front, known, atMs).verdict).toEqual(expected);
    },
  );
});
