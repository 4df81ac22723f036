import { describe, expect, it } from "vitest";
import { createCrossings } from "../../src/gate/crossings.ts";
import { GatePolicy } from "../../src/gate/policy.ts";
import { seededRandom } from "../../src/core/random.ts";
import { squareZone } from "../kit/place.ts";

const A = squareZone({ id: "a", eastM: 0, northM: 0, sideM: 10 });
const B = squareZone({ id: "b", eastM: 0, northM: 0, sideM: 10, action: "blur" });
const inside = (...zones: (typeof A)[]) =>
  zones.map(({ id, action }) => ({ id, action, reason: "inside" as const }));
const create = (changes: Partial<GatePolicy> = {}, seed = 1) =>
  createCrossings(GatePolicy.parse(changes), seededRandom(seed));
const leaving = (crossings: ReturnType<typeof create>) => crossings.leaving([]).map(({ id }) => id);

describe("a crossing", () => {
  it("of one zone ends without those of others", () => {
    const crossings = create();
    crossings.fixed(inside(A, B));
    crossings.fixed(inside(B));
    crossings.fixed(inside(B));
    expect(leaving(crossings)).toEqual(["a", "b"]);
    crossings.fixed(inside(B));
    expect(leaving(crossings)).toEqual(["b"]);
    expect(crossings.isClear()).toBe(false);
  });

  it("is no leaving where the zone restricts", () => {
    const crossings = create();
    crossings.enter(inside(A));
    expect(crossings.leaving(inside(A))).toEqual([]);
    expect(crossings.leaving(inside(B))).toEqual([{ id: "a", action: "drop", reason: "leaving" }]);
  });

  it("takes the zone as the newest set has it", () => {
    const crossings = create();
    crossings.enter(inside(A));
    crossings.enter(inside({ ...A, action: "blur" }));
    expect(crossings.leaving([])[0]?.action).toBe("blur");
  });
});

describe("the margin", () => {
  it("is drawn once a crossing, within its bounds, and is 0 where there is none", () => {
    const crossings = create({ exitFixes: 1 });
    const margins = Array.from({ length: 200 }, () => {
      expect(crossings.marginOf("a")).toBe(0);
      crossings.enter(inside(A));
      const marginM = crossings.marginOf("a");
      crossings.fixed(inside(A));
      expect(crossings.marginOf("a")).toBe(marginM);
      crossings.fixed([]);
      return marginM;
    });
    expect(Math.min(...margins)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...margins)).toBeLessThan(3);
    expect(Math.max(...margins)).toBeGreaterThan(27);
    expect(Math.max(...margins)).toBeLessThan(30);
    expect(new Set(margins).size).toBe(200);
  });

  it("repeats with its seed", () => {
    const first = (seed: number) => {
      const crossings = create({}, seed);
      crossings.enter(inside(A));
      return crossings.marginOf("a");
    };
    expect(first(7)).toBe(first(7));
    expect(first(7)).not.toBe(first(8));
  });
});
