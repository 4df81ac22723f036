import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { distanceFrom, planeAt } from "../../src/core/plane.ts";
import { seededRandom } from "../../src/core/random.ts";
import { PositioningPolicy } from "../../src/positioning/policy.ts";
import { createTracker } from "../../src/positioning/tracker.ts";
import type { Tracker } from "../../src/positioning/tracker.ts";
import { createWheels } from "../../src/positioning/wheels.ts";
import type { Fix } from "../../src/sources/fix.ts";
import type { WheelSpeed } from "../../src/sources/live/wheel-speed.ts";
import { fixAt, place } from "../kit/place.ts";

const POLICY = PositioningPolicy.parse({});
const BOUND = PositioningPolicy.parse({ wheels: "bound" });
const RUNS = process.env["SLOW"] === undefined ? 100 : 5000;

interface Moment {
  readonly timeMs: number;
  readonly eastM: number;
  readonly northM: number;
  readonly speedMps: number;
  readonly courseDeg: number;
}

/** A vehicle that speeds up, brakes and turns within the tyres' grip, 100 times a second for 12 s. */
function driven(seed: number): readonly Moment[] {
  const random = seededRandom(seed);
  let [eastM, northM, speedMps, course, push, turn] = [0, 0, 20 * random(), 6 * random(), 0, 0];
  return Array.from({ length: 1200 }, (_, i) => {
    if (i % 50 === 0) [push, turn] = [12 * (random() - 0.5), 10 * (random() - 0.5)];
    if (random() < 0.002) speedMps = Math.max(0, speedMps - 0.05);
    speedMps = Math.max(0, speedMps + push / 100);
    course += speedMps > 1 ? turn / Math.max(4, speedMps) / 100 : 0;
    eastM += (speedMps * Math.sin(course)) / 100;
    northM += (speedMps * Math.cos(course)) / 100;
    return { timeMs: 10 * i, eastM, northM, speedMps, courseDeg: ((course * 180) / Math.PI + 720) % 360 };
  });
}

const fixOf = ({ timeMs, eastM, northM, speedMps, courseDeg }: Moment, changes: Partial<Fix> = {}): Fix =>
  fixAt(timeMs, { eastM, northM, speedMps, courseDeg, ...changes });

/** Fixes once a second and wheels ten times, as they come; the wheels may lie. */
function followed(
  tracker: Tracker,
  moments: readonly Moment[],
  wheelOf: (moment: Moment) => number | null,
  changes: Partial<Fix> = {},
): readonly string[] {
  const kinds: string[] = [];
  for (const moment of moments) {
    const { timeMs } = moment;
    const wheelMps = wheelOf(moment);
    if (timeMs % 100 === 0 && wheelMps !== null) tracker.wheelSpeed({ timeMs, speedMps: wheelMps }, timeMs);
    if (timeMs % 1000 === 0) kinds.push(tracker.report(fixOf(moment, changes), timeMs).kind);
  }
  return kinds;
}

/** Wheels that stand ten times a second until `untilMs`. */
const standing = (tracker: Tracker, fromMs: number, untilMs: number, speedMps = 0): void => {
  for (let timeMs = fromMs; timeMs <= untilMs; timeMs += 100)
    tracker.wheelSpeed({ timeMs, speedMps }, timeMs);
};

/** A tracker that trusts a vehicle that goes east as fast as its wheels turn. */
const trusting = (policy: PositioningPolicy, speedMps = 0): Tracker => {
  const tracker = createTracker(policy);
  standing(tracker, -100, 2000, speedMps);
  for (const s of [0, 1, 2]) tracker.report(fixAt(1000 * s, { eastM: s * speedMps, speedMps }), 1000 * s);
  return tracker;
};

const radiusAt = (tracker: Tracker, timeMs: number): number => {
  const reach = tracker.reachAt(timeMs);
  return reach.known ? reach.radiusM : Infinity;
};

describe("a fix that the wheels contradict", () => {
  it.each<[string, number, Partial<Fix> & { eastM: number }, string]>([
    ["claims to drive while they stand", 0, { eastM: 0, speedMps: 9 }, "jump"],
    ["claims to stand while they turn", 8, { eastM: 24, speedMps: 0 }, "jump"],
    ["moved while they stand", 0, { eastM: 18, speedMps: null }, "jump"],
    ["moved no farther than its error while they stand", 0, { eastM: 12, speedMps: null }, "trusted"],
    ["agrees with them within a tenth and its error", 8, { eastM: 24, speedMps: 9.2 }, "trusted"],
  ])("%s", (_, wheelMps, changes, kind) => {
    const tracker = trusting(POLICY, wheelMps);
    standing(tracker, 2100, 3000, wheelMps);
    expect(tracker.report(fixAt(3000, changes), 3000).kind).toBe(kind);
  });

  it("would have been believed without them", () => {
    for (const changes of [{ speedMps: 9 }, { eastM: 18, speedMps: null }]) {
      const tracker = createTracker(POLICY);
      for (const timeMs of [0, 1000, 2000]) tracker.report(fixAt(timeMs), timeMs);
      expect(tracker.report(fixAt(3000, changes), 3000).kind).toBe("trusted");
    }
  });

  it("is believed when they fell silent half a second before", () => {
    const tracker = trusting(POLICY);
    standing(tracker, 2100, 2400);
    expect(tracker.report(fixAt(3000, { speedMps: 9 }), 3000).kind).toBe("trusted");
  });
});

it("an honest vehicle is never doubted for its wheels, worn by up to a tenth", () => {
  fc.assert(
    fc.property(fc.integer(), fc.double({ min: 0.92, max: 1.09, noNaN: true }), (seed, worn) => {
      const kinds = followed(createTracker(POLICY), driven(seed), ({ speedMps }) => speedMps * worn);
      expect(kinds.slice(2)).toEqual(kinds.slice(2).map(() => "trusted"));
    }),
    { numRuns: RUNS },
  );
});

it("wheels that lie never make the reach smaller than it is without them", () => {
  const lies = fc.array(fc.oneof(fc.constant(0), fc.constant(null), fc.double({ min: -10, max: 90 })), {
    minLength: 1,
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.integer(), lies, (seed, said) => {
      const moments = driven(seed);
      const [without, withThem] = [createTracker(POLICY), createTracker(POLICY)];
      followed(without, moments, () => null);
      followed(withThem, moments, ({ timeMs }) => said[(timeMs / 100) % said.length] ?? null);
      for (let timeMs = 0; timeMs < 13_000; timeMs += 130) {
        expect(radiusAt(withThem, timeMs)).toBeGreaterThanOrEqual(radiusAt(without, timeMs));
      }
    }),
    { numRuns: RUNS },
  );
});

describe("with the policy that wheels bound the reach", () => {
  it("a vehicle that stands stays where it is", () => {
    const tracker = trusting(BOUND);
    standing(tracker, 2100, 3400);
    // 1.753 · 4 m, and what it could do between two words of the wheels.
    expect(radiusAt(tracker, 3400)).toBeLessThan(9.5);
    expect(radiusAt(trusting(POLICY), 3400)).toBeGreaterThan(15);
  });

  it("wheels that fell silent bound nothing", () => {
    const tracker = trusting(BOUND);
    standing(tracker, 2100, 2600);
    expect(radiusAt(tracker, 3400)).toBe(radiusAt(trusting(POLICY), 3400));
  });

  it("an honest vehicle is always within its reach", () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ min: 0.92, max: 1.09, noNaN: true }), (seed, worn) => {
        const moments = driven(seed);
        const tracker = createTracker(BOUND);
        for (const moment of moments) {
          // Speeds and courses are not told: all that bounds the vehicle is its wheels.
          followed(tracker, [moment], ({ speedMps }) => speedMps * worn, { speedMps: null, courseDeg: null });
          const reach = tracker.reachAt(moment.timeMs);
          if (!reach.known) continue;
          const truth = place(moment.eastM, moment.northM);
          expect(distanceFrom(planeAt(reach), truth)).toBeLessThanOrEqual(reach.radiusM);
        }
      }),
      { numRuns: Math.min(RUNS, 300) },
    );
  });
});

describe("the way that the wheels allow", () => {
  const at = (policy: PositioningPolicy, ...speeds: readonly (readonly [number, number])[]) => {
    const wheels = createWheels(policy);
    for (const [timeMs, speedMps] of speeds) wheels.add({ timeMs, speedMps }, 1e9);
    return wheels;
  };
  const EXACT = { ...POLICY, clockErrorMs: 0, wheelErrorRatio: 0, maxAccelerationMps2: 1e-9 };

  it.each<[string, readonly (readonly [number, number])[], number]>([
    [
      "is the speed times the time",
      [
        [0, 10],
        [500, 10],
        [1000, 10],
      ],
      10,
    ],
    [
      "takes the higher of two speeds between them",
      [
        [0, 10],
        [500, 20],
        [1000, 20],
      ],
      20,
    ],
    [
      "reaches beyond the last speed",
      [
        [-100, 10],
        [400, 10],
        [800, 10],
      ],
      10,
    ],
    [
      "is unknown before the first speed",
      [
        [100, 10],
        [500, 10],
        [1000, 10],
      ],
      Infinity,
    ],
    [
      "is unknown over a gap",
      [
        [0, 10],
        [501, 10],
        [1000, 10],
      ],
      Infinity,
    ],
    [
      "is unknown long after the last",
      [
        [0, 10],
        [400, 10],
      ],
      Infinity,
    ],
    ["is unknown with none", [], Infinity],
  ])("%s", (_, speeds, expected) => {
    expect(at(EXACT, ...speeds).farthestM(0, 1000)).toBeCloseTo(expected, 4);
  });

  it.each<[string, WheelSpeed]>([
    ["not a number", { timeMs: 600, speedMps: Number.NaN }],
    ["below 0", { timeMs: 600, speedMps: -1 }],
    ["of the future", { timeMs: 2e9, speedMps: 0 }],
    ["of no time", { timeMs: Number.NaN, speedMps: 0 }],
    ["of before the last", { timeMs: 400, speedMps: 0 }],
  ])("a speed that is %s is ignored", (_, speed) => {
    const wheels = at(EXACT, [0, 10], [500, 10]);
    wheels.add(speed, 1e9);
    expect(wheels.farthestM(0, 1000)).toBeCloseTo(10, 4);
  });
});

it("a second report of an epoch with a larger error widens the reach, and is no second fix", () => {
  const tracker = createTracker(POLICY);
  for (const timeMs of [0, 1000, 2000]) tracker.report(fixAt(timeMs), timeMs);
  expect(tracker.report(fixAt(2000, { accuracyM: 20, eastM: 1 }), 2000).kind).toBe("ignored");
  expect(radiusAt(tracker, 2000)).toBeGreaterThan(21 * 1.75);
  expect(tracker.report(fixAt(2000, { accuracyM: 4 }), 2000).kind).toBe("ignored");
  expect(radiusAt(tracker, 2000)).toBeGreaterThan(21 * 1.75);
});
