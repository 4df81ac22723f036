import geodesic from "geographiclib-geodesic";
import pointInPolygon from "point-in-polygon-hao";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/core/random.ts";
import { fromWgs84 } from "../../../src/zones/datum.ts";
import { diffZoneSets } from "../../../src/zones/diff/diff-zone-sets.ts";
import { contentOf, feature, type Json, load, NOW_MS, zoneFile } from "../fixtures.ts";

type Ring = readonly (readonly [number, number])[];
const square = (west: number, south: number, width = 0.01, height = width): Ring => [
  [west, south],
  [west + width, south],
  [west + width, south + height],
  [west, south + height],
  [west, south],
];
const polygon = (...rings: readonly Ring[]) => ({ type: "Polygon", coordinates: rings });
const zone = (id: string, geometry: object = polygon(square(10, 50)), properties: Json = {}) =>
  feature({ id, ...properties }, geometry);
const other = (kind: string, id: string, ring: Ring, more: Json = {}) =>
  feature({ id, kind, category: undefined, ...more }, polygon(ring));

async function diff(before: readonly Json[], after: readonly Json[], toleranceM2 = 1) {
  const [a, b] = [contentOf(await load(zoneFile(before))), contentOf(await load(zoneFile(after)))];
  return diffZoneSets(a, b, { nowMs: NOW_MS, toleranceM2 });
}

const changed = (before: Json, after: Json) =>
  diff([zone("a", undefined, before)], [zone("a", undefined, after)]);
const schedule = (...windows: Json[]) => ({ schedule: { timeZone: "Europe/Berlin", windows } });

describe("rules of a zone", () => {
  it.each<[string, Json, Json]>([
    ["standoff 30 m → 25 m", { standoffM: 30 }, {}],
    ["view 250 m → 200 m", {}, { viewM: 200 }],
    ["view 250 m → 100 m", {}, { category: "other" }],
    ["action drop → blur", {}, { action: "blur" }],
    ["only for cameras front instead of all", {}, { cameras: ["front"] }],
    ["no longer for cameras rear", { cameras: ["front", "rear"] }, { cameras: ["front", "left"] }],
    [
      "restricts 10 of 168 hours a week instead of always",
      {},
      schedule({ days: ["mon"], from: "08:00", to: "18:00" }),
    ],
    [
      "no longer restricts in 1 minutes of the week",
      schedule({ days: ["mon"], from: "08:00", to: "18:00" }),
      schedule({ days: ["mon"], from: "08:00", to: "17:59" }),
    ],
    [
      "follows the clock of UTC instead of Europe/Berlin",
      schedule({ from: "08:00", to: "18:00" }),
      { schedule: { timeZone: "UTC", windows: [{ from: "08:00", to: "18:00" }] } },
    ],
    ["valid only until 2026-12-01T00:00:00.000Z", {}, { validUntil: "2026-12-01T00:00:00Z" }],
    ["valid only from 2026-12-01T00:00:00.000Z", {}, { validFrom: "2026-12-01T00:00:00Z" }],
  ])("%s is weaker, and the way back is not", async (text, before, after) => {
    expect((await changed(before, after)).changes).toMatchObject([
      { id: "a", kind: "changed", weaker: [text] },
    ]);
    const back = await changed(after, before);
    const isBothWays = text.includes("clock of") || text.includes("cameras rear");
    expect(back.weaker).toEqual(isBothWays ? ["a"] : []);
    expect(back.changes).toHaveLength(1);
  });

  it.each<[string, Json, Json]>([
    [
      "the same windows in other words",
      schedule({ from: "22:00", to: "06:00" }),
      schedule({ from: "22:00", to: "24:00" }, { from: "00:00", to: "06:00" }),
    ],
    ["a schedule that never ends, for none", {}, schedule({ from: "00:00", to: "24:00" })],
    ["the default in words", {}, { standoffM: 25, viewM: 250, action: "drop" }],
    ["another name", { name: "A" }, { name: "B" }],
  ])("%s is no change", async (_name, before, after) => {
    expect(await changed(before, after)).toMatchObject({ changes: [], unchanged: 1 });
  });

  it("a night that begins on Saturday counts on Sunday morning", async () => {
    const night = schedule({ days: ["sat"], from: "22:00", to: "06:00" });
    expect(
      (await changed(night, schedule({ days: ["sat"], from: "22:00", to: "24:00" }))).changes[0]?.weaker,
    ).toEqual(["no longer restricts in 360 minutes of the week"]);
  });

  it("a zone whose validity is over protects nothing that could be lost", async () => {
    const over = zone("a", undefined, { validUntil: "2026-02-01T00:00:00Z" });
    expect((await diff([over, zone("b")], [zone("b")])).weaker).toEqual([]);
  });
});

describe("areas", () => {
  it("one that is gone is weaker, one that is new is not", async () => {
    const two = [zone("a"), zone("b", polygon(square(11, 50)))];
    expect(await diff(two, two.slice(0, 1))).toMatchObject({
      weaker: ["b"],
      changes: [{ id: "b", kind: "removed" }],
      unchanged: 1,
    });
    const added = await diff(two.slice(0, 1), two);
    expect(added).toMatchObject({ weaker: [], openedM2: 0, changes: [{ id: "b", kind: "added" }] });
    expect(added.closedM2).toBeCloseTo((await diff(two, two.slice(0, 1))).openedM2, 3);
  });

  it("one that another id protects as much is replaced; as little is not", async () => {
    const wide = polygon(square(9.99, 49.99, 0.03));
    expect(await diff([zone("a")], [zone("b", wide)])).toMatchObject({
      weaker: [],
      changes: [{ id: "a", kind: "replaced" }, { id: "b" }],
    });
    expect((await diff([zone("a")], [zone("b", wide, { action: "blur" })])).weaker).toEqual(["a"]);
    expect((await diff([zone("a")], [zone("b", wide, { standoffM: 10 })])).weaker).toEqual(["a"]);
  });

  it("two that together cover it are heirs enough, a gap between them is not", async () => {
    const halves = [
      zone("w", polygon(square(10, 50, 0.005, 0.01))),
      zone("e", polygon(square(10.005, 50, 0.005, 0.01))),
    ];
    expect((await diff([zone("a")], halves)).weaker).toEqual([]);
    const apart = [halves[0] ?? {}, zone("e", polygon(square(10.00501, 50, 0.005, 0.01)))];
    expect((await diff([zone("a")], apart)).weaker).toEqual(["a"]);
  });

  it("a hole that opens is weaker, one that closes is not", async () => {
    const holed = zone("a", polygon(square(10, 50), square(10.004, 50.004, 0.002).toReversed()));
    expect((await diff([zone("a")], [holed])).weaker).toEqual(["a"]);
    expect(await diff([holed], [zone("a")])).toMatchObject({ weaker: [], openedM2: 0 });
  });

  it("a smaller circle is weaker, a larger one is not", async () => {
    const circle = (radiusM: number) => [zone("a", { type: "Point", coordinates: [10, 50] }, { radiusM })];
    expect((await diff(circle(100), circle(99))).weaker).toEqual(["a"]);
    expect((await diff(circle(100), circle(101))).weaker).toEqual([]);
  });

  it("rounding up to the tolerance is none", async () => {
    const rounded = zone("a", polygon(square(10.0000001, 50, 0.01)));
    expect((await diff([zone("a")], [rounded], 1)).weaker).toEqual(["a"]);
    expect((await diff([zone("a")], [rounded], 100)).weaker).toEqual([]);
  });

  it("over the antimeridian, whichever way it is written", async () => {
    const east = zone("a", polygon(square(179.995, 10).map(([x, y]) => [x > 180 ? x - 360 : x, y] as const)));
    const wide = zone(
      "a",
      polygon(square(-180.02, 9.99, 0.05, 0.05).map(([x, y]) => [x < -180 ? x + 360 : x, y] as const)),
    );
    expect(await diff([east], [wide])).toMatchObject({ weaker: [], openedM2: 0 });
    expect((await diff([wide], [east])).weaker).toEqual(["a"]);
  });

  it("a move as of a wrong datum is named", async () => {
    const at = (ring: Ring) => [zone("a", polygon(ring))];
    const here = square(121.4, 31.1, 0.004);
    const shifted = here.map(([lon, lat]) => fromWgs84("gcj02", lon, lat));
    expect((await diff(at(here), at(shifted))).changes[0]?.what[0]).toBe(
      "moved as gcj02 coordinates read as wgs84 do: is the datum right?",
    );
  });
});

describe("second opinions on areas", () => {
  /** m² on the ellipsoid, by Karney's algorithm. */
  function geodesicM2(ring: Ring): number {
    const area = geodesic.Geodesic.WGS84.Polygon(false);
    for (const [lon, lat] of ring.slice(0, -1)) area.AddPoint(lat, lon);
    return Math.abs(area.Compute(false, true).area ?? Number.NaN);
  }

  it.each([0, 30, 50, 65])(
    "what a removed zone opens is its area on the ellipsoid to within a hundredth (latitude %d)",
    async (lat) => {
      const ring = square(10, lat);
      const { openedM2 } = await diff(
        [zone("a", polygon(ring)), zone("b", polygon(square(20, 0)))],
        [zone("b", polygon(square(20, 0)))],
      );
      expect(Math.abs(openedM2 / geodesicM2(ring) - 1)).toBeLessThan(0.01);
    },
  );

  it("what random changes open and close is what a grid of points says", async () => {
    const random = seededRandom(2);
    const star = (lon: number, lat: number): Ring => {
      const corners = Array.from({ length: 9 }, (_, i) => {
        const [angle, reach] = [(2 * Math.PI * i) / 9, 0.004 * (0.4 + random())];
        return [lon + reach * Math.cos(angle), lat + reach * Math.sin(angle)] as const;
      });
      return [...corners, corners[0] ?? [0, 0]];
    };
    for (let turn = 0; turn < 10; turn++) {
      const before = [star(10, 50), star(10.003, 50.001)];
      const after = [star(10, 50), star(10.003, 50.001)];
      const named = (rings: readonly Ring[]) => rings.map((ring, i) => zone(`z${i}`, polygon(ring)));
      const { changes } = await diff(named(before), named(after));
      const steps = 300;
      let [opened, closed] = [0, 0];
      for (let i = 0; i < steps * steps; i++) {
        const at: [number, number] = [
          9.99 + (0.024 * (i % steps)) / steps,
          49.99 + (0.024 * Math.floor(i / steps)) / steps,
        ];
        const isIn = (ring: Ring) => pointInPolygon(at, [ring.map(([x, y]) => [x, y])]) !== false;
        if (isIn(before[0] ?? []) && !after.some(isIn)) opened += 1;
        if (isIn(after[0] ?? []) && !before.some(isIn)) closed += 1;
      }
      const cellM2 = geodesicM2(square(10, 50, 0.024 / steps));
      const first = changes.find(({ id }) => id === "z0");
      expect(Math.abs((first?.openedM2 ?? 0) - opened * cellM2)).toBeLessThan(
        0.03 * geodesicM2(before[0] ?? []),
      );
      expect(Math.abs((first?.closedM2 ?? 0) - closed * cellM2)).toBeLessThan(
        0.03 * geodesicM2(before[0] ?? []),
      );
    }
  });
});

describe("coverage and regions", () => {
  const fort = zone("a");
  const cover = (id: string, ring: Ring) => other("coverage", id, ring);
  const region = (id: string, code: string, ring: Ring) => other("region", id, ring, { region: code });
  const wide = square(0, 40, 20);

  it.each([
    ["a larger coverage", [cover("c", wide)], [cover("c", square(0, 40, 21))], ["c"]],
    ["a second coverage", [cover("c", wide)], [cover("c", wide), cover("d", square(30, 40, 5))], ["d"]],
    ["no coverage at all, which is everything", [cover("c", wide)], [], ["coverage"]],
    ["a smaller coverage", [cover("c", wide)], [cover("c", square(0, 40, 19))], []],
    [
      "one coverage for two",
      [cover("c", square(0, 40, 10, 20)), cover("d", square(10, 40, 10, 20))],
      [cover("e", wide)],
      [],
    ],
    ["a coverage where it was everything", [], [cover("c", wide)], []],
    ["a region that gets another code", [region("r", "de", wide)], [region("r", "us", wide)], ["r"]],
    ["a region that grows", [region("r", "de", wide)], [region("r", "de", square(0, 40, 21))], ["r"]],
    ["a new region", [], [region("r", "de", wide)], ["r"]],
    ["a region that is gone", [region("r", "de", wide)], [], ["r"]],
    ["the same region", [region("r", "de", wide)], [region("r", "de", wide)], []],
  ])("%s", async (_name, before, after, weaker) => {
    expect((await diff([fort, ...before], [fort, ...after])).weaker).toEqual(weaker);
  });
});
