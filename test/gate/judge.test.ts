import { describe, expect, it } from "vitest";
import { placeAt, planeAt } from "../../src/core/plane.ts";
import { seededRandom } from "../../src/core/random.ts";
import { createGatekeeper } from "../../src/gate/gatekeeper.ts";
import { hits, worst } from "../../src/gate/judge.ts";
import type { Hit } from "../../src/gate/judge.ts";
import { lookAround } from "../../src/gate/surroundings.ts";
import type { ZoneReason } from "../../src/gate/verdict.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { Shape, Zone } from "../../src/zones/zone.ts";
import { rectangle } from "../zones/random-shapes.ts";
import { cameraOf, coverageOf, policyOf, reachAt, setOf, zoneOf } from "./scene.ts";

const HERE = { latDeg: 48, lonDeg: 11 };
const FRONT = cameraOf();

/** A circle of 50 m whose rim is `metres` east of here. */
function circleEast(metres: number): Shape {
  return { kind: "circle", ...placeAt(planeAt(HERE), metres + 50, 0), radiusM: 50 };
}

function reasonOf(
  options: Partial<Zone>,
  metres: number,
  radiusM: number,
  camera: Camera = FRONT,
  timeMs = 0,
  marginM = 0,
) {
  const set = setOf([zoneOf("z", [circleEast(metres)], options)]);
  const reach = reachAt(HERE, radiusM);
  return hits(lookAround(set, reach, marginM), reach, camera, timeMs, 0, () => marginM)[0]?.reason ?? null;
}

describe("a zone restricts", () => {
  it("when its standoff meets the reach, and at the limit", () => {
    expect(reasonOf({ standoffM: 25 }, 30, 4.999)).toBeNull();
    expect(reasonOf({ standoffM: 25 }, 30, 5)).toBe("inside");
    expect(reasonOf({ standoffM: 25 }, 30, 5.001)).toBe("inside");
  });

  it("a reach of no size that touches it, without a standoff", () => {
    const set = setOf([zoneOf("z", [rectangle(11, 47, 12, 49)], { standoffM: 0 })]);
    const reach = reachAt(HERE, 0);
    expect(hits(lookAround(set, reach, 0), reach, FRONT, 0, 0, () => 0)).toHaveLength(1);
  });

  it("with a margin, as far as that reaches", () => {
    expect(reasonOf({ standoffM: 25 }, 100, 5, FRONT, 0, 69.99)).toBeNull();
    expect(reasonOf({ standoffM: 25 }, 100, 5, FRONT, 0, 70)).toBe("inside");
  });

  it("the cameras it names, or all", () => {
    expect(reasonOf({ cameras: ["rear"] }, 0, 5)).toBeNull();
    expect(reasonOf({ cameras: ["rear", "front"] }, 0, 5)).toBe("inside");
    expect(reasonOf({ cameras: null }, 0, 5)).toBe("inside");
  });

  it("while it is valid, and while its schedule is open", () => {
    expect(reasonOf({ validFromMs: 10, validUntilMs: 20 }, 0, 5, FRONT, 9)).toBeNull();
    expect(reasonOf({ validFromMs: 10, validUntilMs: 20 }, 0, 5, FRONT, 10)).toBe("inside");
    expect(reasonOf({ validFromMs: 10, validUntilMs: 20 }, 0, 5, FRONT, 20)).toBeNull();
    expect(reasonOf({ validFromMs: 10 }, 0, 5, FRONT, 9)).toBeNull();
    expect(reasonOf({ validUntilMs: 20 }, 0, 5, FRONT, 20)).toBeNull();
    const window = { days: [4], fromMin: 60, toMin: 120 };
    const schedule = { timeZone: "UTC", windows: [window] };
    expect(reasonOf({ schedule }, 0, 5, FRONT, 90 * 60_000)).toBe("inside");
    expect(reasonOf({ schedule }, 0, 5, FRONT, 0)).toBeNull();
  });

  it("a camera that looks its way, from as far as the nearer of view protection and the camera's own range", () => {
    const right = cameraOf({ yawDeg: 90 });
    expect(reasonOf({ viewM: 250 }, 200, 5, right)).toBe("in-view");
    expect(reasonOf({ viewM: 250 }, 200, 5, FRONT)).toBeNull();
    expect(reasonOf({ viewM: 0 }, 50, 5, right)).toBeNull();
    expect(reasonOf({ viewM: 250 }, 256, 5, right)).toBeNull();
    expect(reasonOf({ viewM: 250 }, 200, 5, cameraOf({ yawDeg: 90, rangeM: 194 }))).toBeNull();
    expect(reasonOf({ viewM: 250 }, 200, 5, cameraOf({ yawDeg: 90, rangeM: 195 }))).toBe("in-view");
    expect(reasonOf({ viewM: 250 }, 20, 5, FRONT)).toBe("inside");
  });

  it("once, whichever of its shapes is meant, by the worse of the reasons", () => {
    const shapes = [circleEast(200), circleEast(0), circleEast(180)];
    const set = setOf([zoneOf("z", shapes, { viewM: 250 })]);
    const reach = reachAt(HERE, 5);
    const found = hits(lookAround(set, reach, 0), reach, cameraOf({ yawDeg: 90 }), 0, 0, () => 0);
    expect(found.map(({ reason }) => reason)).toEqual(["inside"]);
    const twoInView = setOf([zoneOf("z", [circleEast(200), circleEast(180)], { viewM: 250 })]);
    expect(
      hits(lookAround(twoInView, reach, 0), reach, cameraOf({ yawDeg: 90 }), 0, 0, () => 0),
    ).toHaveLength(1);
  });
});

describe("worst wins", () => {
  const hit = (id: string, action: "drop" | "blur", reason: ZoneReason): Hit => ({ id, action, reason });

  it("nothing is clear", () => {
    expect(worst([])).toEqual({ action: "pass", reason: "clear", zones: [] });
  });

  it.each([
    [[hit("a", "blur", "inside")], "blur", "inside"],
    [[hit("a", "blur", "inside"), hit("b", "drop", "leaving")], "drop", "leaving"],
    [[hit("a", "drop", "leaving"), hit("b", "drop", "in-view")], "drop", "in-view"],
    [[hit("a", "drop", "in-view"), hit("b", "drop", "inside")], "drop", "inside"],
    [[hit("a", "blur", "leaving"), hit("b", "blur", "in-view")], "blur", "in-view"],
  ] as const)("%#: %j", (all, action, reason) => {
    expect(worst(all)).toEqual({ action, reason, zones: all.map(({ id }) => id) });
  });
});

describe("the gatekeeper", () => {
  const inZone = setOf([zoneOf("z", [circleEast(0)])]);
  const keeper = (set = inZone, policy = {}) => {
    const made = createGatekeeper([FRONT], policyOf(policy), seededRandom(1), 0);
    made.useZones(set);
    return made;
  };
  const judged = (at: ReturnType<typeof keeper>, eastM: number, radiusM = 5, timeMs = 0) =>
    at.judge(FRONT, reachAt(placeAt(planeAt(HERE), eastM, 0), radiusM), timeMs);

  it("passes what is clear, and says by how much", () => {
    const { verdict, clearanceM } = judged(keeper(), -120);
    expect(verdict.action).toBe("pass");
    expect(clearanceM).toBeCloseTo(120 - 25 - 5, 2);
  });

  it("looks again as soon as a reach is not within the clearance: the zone is met on the metre", () => {
    const at = keeper();
    for (let eastM = -400; eastM <= 100; eastM += 1) {
      // The circle's rim is here: a reach of 5 m and a standoff of 25 m end 30 m west.
      expect(judged(at, eastM + 0.5).verdict.action).toBe(eastM + 0.5 < -30 ? "pass" : "drop");
    }
  });

  it("a reach of no size outside the coverage is dropped, however often it is judged", () => {
    const at = keeper(setOf([zoneOf("z", [circleEast(0)])], [coverageOf(rectangle(20, 40, 21, 41))]));
    for (let n = 0; n < 3; n++) expect(judged(at, -500, 0).verdict.reason).toBe("outside-coverage");
  });

  it("another set in force means another look", () => {
    const at = keeper(setOf([zoneOf("far", [circleEast(5000)])]));
    expect(judged(at, 0).verdict.action).toBe("pass");
    at.useZones(inZone);
    expect(judged(at, 0).verdict.action).toBe("drop");
    at.useZones(null);
    expect(judged(at, 0).verdict.reason).toBe("no-zones");
  });

  it("no zones, an expired set, an unknown time and an unknown reach are drops with their reasons (rule 2)", () => {
    expect(judged(keeper(setOf([])), 0).verdict.reason).toBe("no-zones");
    expect(judged(keeper({ ...inZone, expiresMs: 10 }), -500, 5, 9).verdict.action).toBe("pass");
    expect(judged(keeper({ ...inZone, expiresMs: 10 }), -500, 5, 10).verdict.reason).toBe("zones-expired");
    expect(judged(keeper(), -500, 5, Number.NaN).verdict.reason).toBe("zones-expired");
    const unknown = { known: false, reason: "stale-fix" } as const;
    expect(keeper().judge(FRONT, unknown, 0)).toMatchObject({
      verdict: { action: "drop", reason: "stale-fix" },
    });
    const stranger = cameraOf({ id: "stranger" });
    expect(keeper().judge(stranger, reachAt(HERE, 5), 0).verdict.action).toBe("drop");
  });

  it("a cabin camera is dropped everywhere, unless the policy judges it", () => {
    const cabin = cameraOf({ id: "cabin", kind: "cabin" });
    for (const [policy, reason] of [
      ["drop", "cabin"],
      ["judge", "clear"],
    ] as const) {
      const at = createGatekeeper([cabin], policyOf({ cabin: policy }), seededRandom(1), 0);
      at.useZones(inZone);
      expect(at.judge(cabin, reachAt(placeAt(planeAt(HERE), -500, 0), 5), 0).verdict.reason).toBe(reason);
    }
  });

  it("a place that is no place is outside the coverage, also after a clear one", () => {
    const at = keeper();
    expect(judged(at, -500).verdict.action).toBe("pass");
    for (const [latDeg, lonDeg, radiusM] of [
      [Number.NaN, 11, 5],
      [48, Number.NaN, 5],
      [48, 11, Number.NaN],
    ] as const)
      expect(at.judge(FRONT, reachAt({ latDeg, lonDeg }, radiusM), 0).verdict.reason).toBe(
        "outside-coverage",
      );
  });

  it("a frame taken in a zone begins a crossing, whether or not a fix does", () => {
    const at = keeper();
    expect(judged(at, 0).verdict.reason).toBe("inside");
    expect(judged(at, -500).verdict.reason).toBe("leaving");
  });

  it("a zone is left only after as many clear fixes as the policy wants, judged at once when entered", () => {
    const at = keeper(inZone, { exitFixes: 2, marginM: 10 });
    const fixAt = (eastM: number) => at.fixed(reachAt(placeAt(planeAt(HERE), eastM, 0), 5), 0);
    fixAt(0);
    expect(judged(at, -500).verdict).toMatchObject({ action: "drop", reason: "leaving", zones: ["z"] });
    fixAt(-500);
    expect(judged(at, -500).verdict.reason).toBe("leaving");
    fixAt(-500);
    expect(judged(at, -500).verdict.action).toBe("pass");
  });
});
