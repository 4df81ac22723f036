import { describe, expect, it } from "vitest";
import { createGatekeeper } from "../../src/gate/gatekeeper.ts";
import { GatePolicy } from "../../src/gate/policy.ts";
import { UNKNOWN_HEADING } from "../../src/positioning/heading.ts";
import type { DoubtReason, KnownReach } from "../../src/positioning/reach.ts";
import { Camera } from "../../src/sources/camera.ts";
import type { Zone } from "../../src/zones/zone.ts";
import { FAR_AWAY, place, squareZone, zoneSet } from "../kit/place.ts";

const FRONT = Camera.parse({ id: "front", yawDeg: 0, hfovDeg: 100 });
const REAR = Camera.parse({ id: "rear", yawDeg: 180, hfovDeg: 100 });
const BASE = squareZone({ eastM: 100, northM: -50, sideM: 100 });

const at = (eastM: number, changes: Partial<KnownReach> = {}): KnownReach => ({
  known: true,
  ...place(eastM, 0),
  radiusM: 5,
  heading: UNKNOWN_HEADING,
  ...changes,
});

function keeper(zones: readonly Zone[], policy: Partial<GatePolicy> = {}, random = () => 0) {
  const gatekeeper = createGatekeeper([FRONT, REAR], GatePolicy.parse(policy), random, 0);
  if (zones.length > 0) gatekeeper.useZones(zoneSet(zones));
  const verdict = (eastM: number, camera = FRONT, timeMs = 0) =>
    gatekeeper.judge(camera, at(eastM), timeMs).verdict;
  return { gatekeeper, verdict, reason: (...args: Parameters<typeof verdict>) => verdict(...args).reason };
}

describe("not knowing means dropping", () => {
  it("without a zone set, or with one that is empty", () => {
    expect(keeper([]).reason(0)).toBe("no-zones");
    const { gatekeeper, reason } = keeper([FAR_AWAY]);
    expect(reason(0)).toBe("clear");
    gatekeeper.useZones(null);
    expect(reason(0)).toBe("no-zones");
    gatekeeper.useZones(zoneSet([]));
    expect(reason(0)).toBe("no-zones");
  });

  it.each([
    [999, "clear"],
    [1000, "zones-expired"],
    [1001, "zones-expired"],
    [Number.NaN, "zones-expired"],
  ])("with a set that expires at 1000, at %d: %s", (timeMs, expected) => {
    const { gatekeeper, reason } = keeper([]);
    gatekeeper.useZones(zoneSet([FAR_AWAY], { expiresMs: 1000 }));
    expect(reason(0, FRONT, timeMs)).toBe(expected);
  });

  it.each(["no-fix", "stale-fix", "coarse-fix", "implausible-fix", "simulated-fix"] as const)(
    "where the reach is unknown: %s",
    (doubt: DoubtReason) => {
      const { gatekeeper } = keeper([FAR_AWAY]);
      const judged = gatekeeper.judge(FRONT, { known: false, reason: doubt }, 0);
      expect(judged).toMatchObject({
        verdict: { action: "drop", reason: doubt },
        clearanceM: null,
        region: null,
      });
    },
  );

  it.each([
    ["place", { latDeg: Number.NaN }],
    ["radius", { radiusM: Number.NaN }],
    ["radius of its own kind", { radiusM: Infinity }],
  ])("where the reach has no %s, also after a look-up", (_, changes) => {
    const { gatekeeper, reason } = keeper([FAR_AWAY]);
    expect(reason(0)).toBe("clear");
    expect(gatekeeper.judge(FRONT, at(0, changes), 0).verdict.action).toBe("drop");
  });

  it("for a camera that it does not know", () => {
    const { gatekeeper } = keeper([FAR_AWAY]);
    expect(gatekeeper.judge({ ...FRONT }, at(0), 0).verdict.action).toBe("drop");
  });

  it("outside of every coverage, and where the reach sticks out of it", () => {
    const { gatekeeper, reason } = keeper([]);
    const { shapes } = squareZone({ eastM: -500, northM: -500, sideM: 1000 });
    gatekeeper.useZones(zoneSet([FAR_AWAY], { coverage: [{ kind: "coverage", id: "c", shapes }] }));
    expect([0, 494.9, 495.1, 600].map((eastM) => reason(eastM))).toEqual([
      "clear",
      "clear",
      "outside-coverage",
      "outside-coverage",
    ]);
  });
});

describe("leaving", () => {
  it("is each camera's own", () => {
    const { gatekeeper, reason } = keeper([{ ...BASE, cameras: ["front"] }]);
    gatekeeper.fixed(at(100), 0);
    expect([reason(0), reason(0, REAR)]).toEqual(["leaving", "clear"]);
  });

  it("goes on through unknown reaches", () => {
    const { gatekeeper, reason } = keeper([BASE]);
    gatekeeper.fixed(at(100), 0);
    for (let i = 0; i < 10; i++) gatekeeper.fixed({ known: false, reason: "no-fix" }, 0);
    expect(reason(0)).toBe("leaving");
  });

  it("takes three fixes out of the margin that was drawn", () => {
    const { gatekeeper, reason } = keeper([BASE], {}, () => 0.5);
    gatekeeper.fixed(at(100), 0);
    // 25 m standoff, 5 m reach and half of the 30 m: 44 m before the edge is still too near, 46 m is not.
    for (let i = 0; i < 5; i++) gatekeeper.fixed(at(100 - 44), 0);
    expect(reason(100 - 44)).toBe("leaving");
    for (let i = 0; i < 3; i++) gatekeeper.fixed(at(100 - 46), 0);
    expect(reason(100 - 46)).toBe("clear");
    // The next crossing begins at the standoff again.
    expect(reason(100 - 31)).toBe("clear");
    expect(reason(100 - 29)).toBe("inside");
  });

  it("a frame alone begins a crossing, however far the fixes are", () => {
    const { gatekeeper, reason } = keeper([BASE]);
    gatekeeper.fixed(at(0), 0);
    expect(reason(90)).toBe("inside");
    expect(reason(0)).toBe("leaving");
  });

  it("ends three fixes after the zone was taken out of the set, or its schedule ended", () => {
    const { gatekeeper, reason } = keeper([BASE]);
    gatekeeper.fixed(at(100), 0);
    gatekeeper.useZones(zoneSet([FAR_AWAY]));
    expect(reason(100)).toBe("leaving");
    for (let i = 0; i < 3; i++) gatekeeper.fixed(at(100), 0);
    expect(reason(100)).toBe("clear");

    const timed = keeper([{ ...BASE, validUntilMs: 1000 }]);
    timed.gatekeeper.fixed(at(100), 999);
    expect(timed.reason(100, FRONT, 1000)).toBe("leaving");
    for (let i = 0; i < 3; i++) timed.gatekeeper.fixed(at(100), 1000 + i);
    expect(timed.reason(100, FRONT, 1003)).toBe("clear");
  });

  it("a blur being left does not soften a drop that is entered, nor the other way round", () => {
    const blur = squareZone({ id: "blur", eastM: -200, northM: -50, sideM: 100, action: "blur" });
    const { gatekeeper, verdict } = keeper([BASE, blur]);
    gatekeeper.fixed(at(-150), 0);
    expect(verdict(150)).toEqual({ action: "drop", reason: "inside", zones: ["base", "blur"] });
    // Now both are being left, and the drop is the worse.
    expect(verdict(0)).toMatchObject({ action: "drop", reason: "leaving" });
    expect(verdict(-150)).toMatchObject({ action: "drop", reason: "leaving" });
  });
});

describe("a new set", () => {
  it("is judged by from the next frame on, wherever the last look-up was", () => {
    const { gatekeeper, reason } = keeper([FAR_AWAY]);
    expect(reason(150)).toBe("clear");
    gatekeeper.useZones(zoneSet([BASE]));
    expect(reason(150)).toBe("inside");
  });
});

describe("clearance", () => {
  it("is never more than what is left to the standoff, from wherever the last look-up was", () => {
    const { gatekeeper } = keeper([BASE]);
    for (let eastM = -600; eastM < 65; eastM += 3) {
      const { clearanceM } = gatekeeper.judge(FRONT, at(eastM), 0);
      expect(clearanceM).toBeLessThanOrEqual(100 - eastM - 25 - 5 + 0.01);
    }
  });
});
