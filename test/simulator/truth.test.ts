import { Geodesic } from "geographiclib-geodesic";
import { describe, expect, test } from "vitest";
import { planeAt, wrapDeg } from "../../src/core/plane.ts";
import type { SimulatedDrive, Truth } from "../../simulator/index.ts";
import { drive } from "./kit.ts";

const WAYS = {
  town: {
    route: {
      generated: { lengthM: 1500, style: "town" },
      speedVariation: 0.5,
      stops: [{ atM: 400, forS: 3 }],
    },
  },
  reversing: { route: { generated: { lengthM: 900, style: "town" }, reverses: [{ atM: 500, byM: 60 }] } },
  "u-turn": {
    route: {
      waypoints: [
        { eastM: 0, northM: 0 },
        { eastM: 200, northM: 0 },
        { eastM: 0, northM: 0 },
      ],
    },
  },
  motorway: { route: { generated: { lengthM: 6000, style: "motorway" }, speedMps: 60 } },
  "far north": {
    origin: { latDeg: 68, lonDeg: 20 },
    route: {
      waypoints: [
        { eastM: 0, northM: 0 },
        { eastM: 500, northM: 9000 },
      ],
      speedMps: 30,
    },
  },
  "over the antimeridian": {
    origin: { latDeg: -17, lonDeg: 179.999 },
    route: {
      waypoints: [
        { eastM: -400, northM: 0 },
        { eastM: 700, northM: 100 },
      ],
    },
  },
} as const;
const STEP_MS = 40;

/** Distance and direction on the ellipsoid by another's code. */
function between(a: Truth, b: Truth): { metres: number; deg: number } {
  const { s12, azi1 } = Geodesic.WGS84.Inverse(a.latDeg, a.lonDeg, b.latDeg, b.lonDeg);
  return { metres: s12 ?? Number.NaN, deg: azi1 ?? Number.NaN };
}

function* steps({ startMs, endMs, truthAt }: SimulatedDrive): Generator<readonly [Truth, Truth]> {
  for (let timeMs = startMs; timeMs + STEP_MS <= endMs; timeMs += STEP_MS) {
    yield [truthAt(timeMs), truthAt(timeMs + STEP_MS)];
  }
}

describe.each(Object.entries(WAYS))("%s", (_name, changes) => {
  const simulated = drive(structuredClone(changes) as Parameters<typeof drive>[0], 4);

  test("the vehicle goes as fast as it says, in the direction that it says", () => {
    for (const [a, b] of steps(simulated)) {
      const { metres, deg } = between(a, b);
      const saidM = ((a.speedMps + b.speedMps) / 2) * (STEP_MS / 1000);
      // Where it turns round within the step there is no one speed.
      if (Math.abs(wrapDeg(a.courseDeg - b.courseDeg)) > 90) continue;
      expect(Math.abs(metres - saidM)).toBeLessThan(0.006);
      if (saidM < 0.2) continue;
      const courseDeg = a.courseDeg + wrapDeg(b.courseDeg - a.courseDeg) / 2;
      expect(Math.abs(wrapDeg(deg - courseDeg))).toBeLessThan(1.5);
    }
  });

  test("no acceleration and no curve is beyond what the vehicle can do", () => {
    for (const [a, b] of steps(simulated)) {
      const seconds = STEP_MS / 1000;
      const turnRad = (Math.abs(wrapDeg(b.headingDeg - a.headingDeg)) * Math.PI) / 180;
      const speedMps = (a.speedMps + b.speedMps) / 2;
      expect(Math.abs(b.speedMps - a.speedMps) / seconds).toBeLessThan(4.1);
      expect((turnRad / seconds) * speedMps).toBeLessThan(3.3);
      if (speedMps > 0.5) expect(turnRad / (speedMps * seconds)).toBeLessThan(1 / 5.5);
    }
    expect(simulated.breaks).toEqual([]);
  });

  test("the vehicle starts and ends at a standstill, and gets there", () => {
    expect(simulated.truthAt(simulated.startMs).speedMps).toBe(0);
    expect(simulated.truthAt(simulated.endMs).speedMps).toBe(0);
    expect(simulated.truthAt(simulated.endMs).drivenM).toBeGreaterThan(300);
  });
});

test("in reverse the vehicle points where it came from, and forth again comes back to its place", () => {
  const { startMs, endMs, truthAt } = drive({
    route: {
      waypoints: [
        { eastM: 0, northM: 0 },
        { eastM: 300, northM: 0 },
      ],
      reverses: [{ atM: 200, byM: 50 }],
    },
  });
  const truths = Array.from({ length: (endMs - startMs) / 100 }, (_, i) => truthAt(startMs + 100 * i));
  const back = truths.filter(({ headingDeg, courseDeg }) => Math.abs(wrapDeg(headingDeg - courseDeg)) > 179);
  expect(back.length).toBeGreaterThan(100);
  expect(truths.at(-1)?.drivenM).toBeCloseTo(300 + 2 * 50, 3);
});

test("every waypoint is reached, however near and however sharp the turn", () => {
  const waypoints = [
    [0, 0],
    [50, 0],
    [50, 3],
    [0, 60],
    [-200, 60],
    [200, 61],
    [200, 40],
  ].map(([eastM = 0, northM = 0]) => {
    return { eastM, northM };
  });
  const { startMs, endMs, truthAt } = drive({ route: { waypoints }, vehicle: { turnRadiusM: 9 } });
  const plane = planeAt({ latDeg: 48.1, lonDeg: 11.5 });
  const missedM = waypoints.map(() => Infinity);
  for (let timeMs = startMs; timeMs <= endMs; timeMs += 20) {
    const { latDeg, lonDeg } = truthAt(timeMs);
    const [x, y] = [(lonDeg - plane.lonDeg) * plane.xPerDeg, (latDeg - plane.latDeg) * plane.yPerDeg];
    for (const [i, { eastM, northM }] of waypoints.entries()) {
      missedM[i] = Math.min(missedM[i] ?? Infinity, Math.hypot(x - eastM, y - northM));
    }
  }
  // A step of 20 ms is 0.3 m.
  expect(Math.max(...missedM)).toBeLessThan(0.2);
});

test("a drive is a function of its scenario and seed", () => {
  const changes = {
    route: { generated: { lengthM: 800, style: "town" as const } },
    zones: { generated: { count: 5 } },
  };
  const said = (seed: number) => {
    const { reports, zones, frames, breaks } = drive(changes, seed);
    return JSON.stringify([
      reports,
      zones,
      [...frames(() => new Uint8Array())].map(({ arrivedMs }) => arrivedMs),
      breaks,
    ]);
  };
  expect(said(3)).toBe(said(3));
  expect(said(3)).not.toBe(said(4));
});
