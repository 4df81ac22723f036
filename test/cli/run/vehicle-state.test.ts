import { VirtualTimeScheduler } from "rxjs";
import { expect, it } from "vitest";
import type { Outcome, VerdictRecord } from "../../../src/gate/record.ts";
import { createVehicleState } from "../../../src/cli/run/vehicle-state.ts";

const RECORD = {
  timeMs: 0,
  camera: "front",
  seq: 0,
  zones: [],
  heading: null,
  clearanceM: null,
  region: null,
};
const outcome = (reason: VerdictRecord["reason"], radiusM: number | null): Outcome => ({
  record: { ...RECORD, action: "drop", reason, latDeg: null, lonDeg: null, radiusM },
  released: null,
});

function state() {
  const keeper = createVehicleState(["front"], new VirtualTimeScheduler());
  const radiusM = () => keeper.read(...([{}, {}] as unknown as Parameters<typeof keeper.read>)).reachRadiusM;
  return { ...keeper, radiusM };
}

it("a frame that is dropped for itself says nothing about the reach", () => {
  const { radiusM, ...keeper } = state();
  keeper.outcome(outcome("inside", 7));
  for (const reason of ["overload", "late-frame", "bad-frame"] as const) {
    keeper.outcome(outcome(reason, null));
    expect(radiusM(), reason).toBe(7);
  }
  keeper.outcome(outcome("stale-fix", null));
  expect(radiusM()).toBeNull();
});

it("no fix's time is trusted while the newest frame was not judged by it", () => {
  const keeper = state();
  keeper.report({ timeMs: 5, quality: "autonomous" } as Parameters<typeof keeper.report>[0]);
  expect(keeper.trustedFixMs()).toBeNull();
  keeper.outcome(outcome("inside", 7));
  expect(keeper.trustedFixMs()).toBe(5);
  keeper.outcome(outcome("overload", null));
  expect(keeper.trustedFixMs()).toBeNull();
});
