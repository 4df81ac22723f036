import { expect, it } from "vitest";
import { seededRandom } from "../src/core/random.ts";
import type { Random } from "../src/core/random.ts";
import { PositioningPolicy, confidenceFactor } from "../src/positioning/policy.ts";
import type { Fix } from "../src/sources/fix.ts";
import { distanceToPolygon } from "./kit/flat.ts";
import type { Point } from "./kit/flat.ts";
import { squareZone, zoneSet } from "./kit/place.ts";
import { projection } from "./kit/projection.ts";
import { createStage } from "./kit/stage.ts";

/**
 * The worst that the policy allows, all at once: fixes that err away from a zone as far as they may, in place, speed and
 * time; then silence, in which the vehicle goes for the zone as hard as it can. Each bound must hold, and none may hold by
 * much: a frame just outside does pass.
 */
const RUNS = process.env["SLOW"] === "1" ? 20_000 : 400;
const POLICY = PositioningPolicy.parse({});
const K = confidenceFactor(POLICY);
const CLOCK_S = POLICY.clockErrorMs / 1000;
const START_MS = 1_000_000;
/** The tests' vehicle keeps within the bounds by so much. */
const WITHIN = 0.9999;
const SLACK_M = 0.02;
const EARTH = projection({ latDeg: 52, lonDeg: -180 });

interface Ambush {
  /** True place and heading, seconds from the last fix. */
  readonly truth: (t: number) => { readonly at: Point; readonly headingRad: number };
  /** What the receiver says at a time. */
  readonly fix: (t: number) => Partial<Fix>;
  readonly corners: readonly Point[];
  readonly standoffM: number;
  readonly viewM: number;
  readonly hfovDeg: number;
}

/** Metres or degrees by which each released frame was outside; the guard's frames are stamped with clocks apart. */
function outsideBy(ambush: Ambush, skewS: number, measure: (t: number) => number): number[] {
  const { corners, fix, standoffM, viewM, hfovDeg } = ambush;
  const zone = { ...squareZone({ eastM: 0, northM: 0, sideM: 1 }), standoffM, viewM };
  const stage = createStage({
    cameras: [{ hfovDeg, rangeM: 1e6 }],
    zones: zoneSet([{ ...zone, shapes: [{ kind: "polygon", rings: [EARTH.ring(corners)] }] }]),
  });
  stage.setClock(START_MS);
  for (const t of [-0.4, -0.2, 0]) {
    stage.passNow(START_MS + 1000 * t + 400 - stage.nowMs());
    stage.fix({ timeMs: START_MS + 400 + 1000 * t, ...fix(t) });
  }
  const taken: number[] = [];
  for (let ms = 0; ms <= POLICY.maxFixAgeMs; ms += 10) {
    stage.passNow(10);
    taken.push(ms / 1000 + skewS);
    stage.frame({ seq: taken.length - 1, timeMs: START_MS + 400 + ms });
  }
  const passed = stage.outcomes.filter(({ record }) => record.action === "pass");
  return passed.map(({ record }) => measure(taken[record.seq] ?? Number.NaN));
}

/** Goes straight for the edge of a large zone. */
function rush(random: Random): Ambush {
  const knows = { speed: random() < 0.7, course: random() < 0.7 };
  const towards = random() * 2 * Math.PI;
  const u: Point = [Math.sin(towards), Math.cos(towards)];
  const fastest = POLICY.maxSpeedMps * WITHIN;
  const v0 = knows.speed ? random() * 40 : fastest;
  const bearing = knows.speed && knows.course ? random() * 7 : towards;
  const [vx, vy] = [v0 * Math.sin(bearing), v0 * Math.cos(bearing)];
  const push = knows.speed ? POLICY.maxAccelerationMps2 * WITHIN : 0;
  const gone = (t: number): Point => {
    const pushedM = t > 0 ? (push * t * t) / 2 : 0;
    return [vx * t + pushedM * u[0], vy * t + pushedM * u[1]];
  };
  const accuracyM = random() < 0.2 ? null : 1 + random() * 20;
  const errorM = K * (accuracyM ?? POLICY.assumedAccuracyM) * WITHIN;
  const slower = POLICY.speedErrorMps * WITHIN;
  const [sx, sy] = [vx - slower * u[0], vy - slower * u[1]];
  const standoffM = 5 + random() * 30;
  const last = gone(random() * (POLICY.maxFixAgeMs / 1000));
  const edgeM = last[0] * u[0] + last[1] * u[1] + standoffM;
  const inZone = (alongM: number, acrossM: number): Point => [
    (edgeM + alongM) * u[0] - acrossM * u[1],
    (edgeM + alongM) * u[1] + acrossM * u[0],
  ];
  return {
    truth: (t) => ({ at: gone(t), headingRad: Number.NaN }),
    fix(t) {
      const [x, y] = gone(t);
      const at: Point = [x - errorM * u[0], y - errorM * u[1]];
      return {
        ...EARTH.at(at),
        accuracyM,
        speedMps: knows.speed ? Math.hypot(sx, sy) : null,
        courseDeg: knows.course ? EARTH.bearingDeg(at, Math.atan2(sx, sy)) : null,
      };
    },
    corners: [inZone(0, -150), inZone(0, 150), inZone(100, 150), inZone(100, -150)],
    standoffM,
    viewM: 0,
    hfovDeg: 90,
  };
}

/** Comes round a bend as sharp as tyres hold, and goes on with it or reverses it, until a far mast comes into view. */
function swing(random: Random): Ambush {
  const v = 10 + random() * 40;
  const leadM = POLICY.axleToAntennaM * WITHIN;
  const spin = Math.min(v / POLICY.minTurnRadiusM, POLICY.maxAccelerationMps2 / v) * WITHIN;
  const side = random() < 0.5 ? 1 : -1;
  // The axle's own speed; the antenna moves sideways, too.
  const axleMps = Math.sqrt(v * v - (spin * leadM) ** 2);
  const slip = side * Math.asin((spin * leadM) / v);
  const radiusM = axleMps / spin;
  const first = random() * 7;
  /** Keeps turning to `side` up to the last fix, then to the other. */
  const heading = (t: number) => first + side * spin * (t > 0 ? -t : t);
  const from = (h: number, s: number): Point => [-s * radiusM * Math.cos(h), s * radiusM * Math.sin(h)];
  const axle = (t: number): Point => {
    const sign = t > 0 ? -side : side;
    const [ax, ay] = from(heading(t), sign);
    const [bx, by] = from(heading(0), sign);
    return [ax - bx, ay - by];
  };
  const antenna = (t: number): Point => {
    const [x, y] = axle(t);
    return [x + leadM * Math.sin(heading(t)), y + leadM * Math.cos(heading(t))];
  };
  const hfovDeg = 20 + random() * 60;
  const offCourse = Math.asin((POLICY.speedErrorMps * WITHIN) / v);
  // The mast stands at the edge of the view, on the side to which the vehicle turns unseen.
  const seenAt = random() * 1.4;
  const mastRad = heading(seenAt) - (side * hfovDeg * Math.PI) / 360;
  const [mx, my] = [8000 * Math.sin(mastRad), 8000 * Math.cos(mastRad)];
  return {
    truth: (t) => ({ at: antenna(t), headingRad: heading(t) }),
    fix(t) {
      const at = antenna(t);
      const courseRad = heading(t) + slip + side * offCourse;
      const speedMps = v * Math.cos(offCourse);
      return { ...EARTH.at(at), accuracyM: 0.5, speedMps, courseDeg: EARTH.bearingDeg(at, courseRad) };
    },
    corners: [
      [mx - 0.5, my - 0.5],
      [mx + 0.5, my - 0.5],
      [mx + 0.5, my + 0.5],
      [mx - 0.5, my + 0.5],
    ],
    standoffM: 0,
    viewM: 9000,
    hfovDeg,
  };
}

it("no frame passes within a standoff, however the vehicle rushes at it, and one just outside does", () => {
  const random = seededRandom(5);
  const outside = Array.from({ length: RUNS }, () => {
    const ambush = rush(random);
    const distanceM = (t: number) => distanceToPolygon(ambush.truth(t).at, ambush.corners) - ambush.standoffM;
    return Math.min(...outsideBy(ambush, CLOCK_S * WITHIN, distanceM));
  });
  const least = Math.min(...outside);
  process.stdout.write(
    `rush: passed at least ${least.toFixed(3)} m outside, in the median ${median(outside).toFixed(3)} m\n`,
  );
  expect(least).toBeGreaterThan(-SLACK_M);
  expect(least).toBeLessThan(0.5);
});

it("no frame passes that shows a mast, however the vehicle turns, and one beside it does", () => {
  const random = seededRandom(6);
  const outside = Array.from({ length: RUNS }, () => {
    const ambush = swing(random);
    /** Between the nearest corner of the mast and the edge of the view. */
    const besideDeg = (t: number): number => {
      const { at, headingRad } = ambush.truth(t);
      const offRad = ambush.corners.map(([x, y]) => Math.atan2(x - at[0], y - at[1]) - headingRad);
      const off = offRad.map((rad) => Math.abs(Math.atan2(Math.sin(rad), Math.cos(rad))));
      return (Math.min(...off) * 180) / Math.PI - ambush.hfovDeg / 2;
    };
    return Math.min(...outsideBy(ambush, CLOCK_S * WITHIN, besideDeg));
  });
  const least = Math.min(...outside);
  process.stdout.write(
    `swing: passed at least ${least.toFixed(3)}° outside, in the median ${median(outside).toFixed(3)}°\n`,
  );
  expect(least).toBeGreaterThan(0);
  expect(least).toBeLessThan(1);
});

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
