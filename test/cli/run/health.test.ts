import { VirtualTimeScheduler } from "rxjs";
import { expect, it } from "vitest";
import { healthOf } from "../../../src/cli/run/health.ts";
import { createVehicleState } from "../../../src/cli/run/vehicle-state.ts";

type Given = Parameters<ReturnType<typeof createVehicleState>["read"]>;

/** All is well but for the age of the newest fix. */
function healthAt(fixAgeMs: number, maxFixAgeMs: number) {
  const keeper = createVehicleState(["front"], new VirtualTimeScheduler());
  keeper.feed("front", { kind: "running" });
  keeper.zonesInForce({ hash: "1", issuedMs: 0, expiresMs: 1e12 } as Parameters<
    typeof keeper.zonesInForce
  >[0]);
  keeper.report({ timeMs: 5000, quality: "autonomous" } as Parameters<typeof keeper.report>[0]);
  const receiver = { state: "fix", what: "", lagMs: 0 } as Given[0];
  const pipeline = { ledger: { state: "sound", eventsLost: 0 } } as Given[1];
  return healthOf(keeper.read(receiver, pipeline, null), 5000 + fixAgeMs, maxFixAgeMs);
}

it.each([
  [1500, 1500, "well"],
  [1501, 1500, "impaired"],
  [1501, 3000, "well"],
  [3001, 3000, "impaired"],
  [600, 500, "impaired"],
])("with a fix of %s ms and a policy of %s ms a vehicle is %s", (fixAgeMs, maxFixAgeMs, status) => {
  const health = healthAt(fixAgeMs, maxFixAgeMs);
  expect(health.status).toBe(status);
  expect(health.why).toEqual(status === "well" ? [] : ["receiver: no fresh fix; every frame is dropped"]);
});
