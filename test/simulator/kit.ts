import { readdirSync } from "node:fs";
import type { FrameFact, Scenario, ScenarioInput, SimulatedDrive } from "../../simulator/index.ts";
import {
  Scenario as ScenarioSchema,
  createExpectations,
  createOracle,
  gapM,
  simulateDrive,
} from "../../simulator/index.ts";
import type { Fix } from "../../src/sources/fix.ts";
import { isBroken } from "../../src/sources/frame.ts";

export const SCENARIOS = "simulator/scenarios";
export const SCENARIO_FILES = readdirSync(SCENARIOS)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => `${SCENARIOS}/${name}`);

export const ROAD = {
  waypoints: [
    { eastM: -600, northM: 0 },
    { eastM: 600, northM: 0 },
  ],
  speedMps: 20,
};
export const BASE = {
  id: "base",
  shapes: [{ box: { at: { eastM: 0, northM: 60 }, eastM: 100, northM: 80 } }],
};

/** A straight road past a base, and what the test changes about it. */
export function scenario(changes: Partial<ScenarioInput> = {}): Scenario {
  return ScenarioSchema.parse({
    camfence: { scenario: 1 },
    title: "a test",
    route: ROAD,
    zones: { features: [BASE] },
    ...changes,
  });
}

export function drive(changes: Partial<ScenarioInput> = {}, seed = 1): SimulatedDrive {
  return simulateDrive(scenario(changes), seed);
}

/** What a guard makes of a frame, by what has reached it when the frame arrives. */
export type OtherGuard = (
  lastFix: Fix | null,
  arrival: { readonly camera: string; readonly isBroken: boolean },
  drive: SimulatedDrive,
  nowMs: number,
) => Pick<FrameFact, "action" | "reason" | "zones">;

/** For each of these guards, the expectations of a scenario that it does not meet. */
export function unmetBy(guards: readonly OtherGuard[], given: Scenario): readonly (readonly string[])[] {
  const simulated = simulateDrive(given);
  const judged = guards.map((guard) => ({
    guard,
    expectations: createExpectations(given.expect, simulated.startMs),
    oracle: createOracle(),
  }));
  let next = 0;
  let lastFix: Fix | null = null;
  for (const { arrivedMs, exposedMs, frame } of simulated.frames(() => new Uint8Array())) {
    for (; (simulated.reports[next]?.arrivedMs ?? Infinity) <= arrivedMs; next++) {
      const report = simulated.reports[next]?.report;
      if (report !== undefined && report.quality !== "none") lastFix = report;
    }
    const camera = simulated.cameras.find(({ id }) => id === frame.camera);
    if (camera === undefined) continue;
    const truth = simulated.truthAt(exposedMs);
    const set = simulated.zonesAt(arrivedMs);
    for (const { guard, expectations, oracle } of judged) {
      const made = guard(lastFix, { camera: camera.id, isBroken: isBroken(frame) }, simulated, arrivedMs);
      const leak = made.action === "drop" ? null : oracle.leak(set, truth, camera, made.action);
      const gapOf = (id: string): number | null => {
        const zone = set.zones.find((each) => each.id === id);
        return zone === undefined ? null : gapM(zone, truth, camera);
      };
      const ids = { camera: camera.id, atMs: exposedMs, timeMs: frame.timeMs };
      expectations.frame({
        ...made,
        ...ids,
        place: () => truth,
        truth: { leak, broken: false, gapM: gapOf },
      });
    }
  }
  return judged.map(({ expectations }) => {
    const unmet = expectations.results().filter(({ met }) => !met);
    return unmet.map(({ name }) => name);
  });
}
