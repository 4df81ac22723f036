import { describe, expect, it } from "vitest";
import { AREA_RULES } from "../../../src/zones/check/area-rules.ts";
import { fromWgs84 } from "../../../src/zones/datum.ts";
import { inspectZones } from "../../../src/zones/check/inspect-zones.ts";
import { contentOf, feature, type Json, load, mistakesOf, NOW_MS, written, zoneFile } from "../fixtures.ts";

const box = (west: number, south: number, size = 0.01) => ({
  type: "Polygon",
  coordinates: [
    [
      [west, south],
      [west + size, south],
      [west + size, south + size],
      [west, south + size],
      [west, south],
    ],
  ],
});
const zone = (id: string, geometry: object, properties: Json = {}) =>
  feature({ id, ...properties }, geometry);
const coverage = feature({ id: "c", kind: "coverage", category: undefined }, box(100, 20, 30));

async function adviceOn(now: Json, before: Json | null = null, allowShift: readonly string[] = []) {
  const earlier = before === null ? null : contentOf(await load(before));
  const result = await inspectZones(written(now), { nowMs: NOW_MS, earlier, allowShift });
  return mistakesOf(result).map(({ severity, rule, path, got }) => ({
    severity,
    rule,
    path,
    got,
    outcome: result.outcome,
  }));
}

const rulesOf = async (...args: Parameters<typeof adviceOn>) =>
  (await adviceOn(...args)).map(({ rule }) => rule);

describe("advice on what loads but is probably not meant", () => {
  it.each<[string, Json, Json | null]>([
    ["tiny-area", zoneFile([zone("a", box(11, 48, 0.00001))]), null],
    ["tiny-area", zoneFile([zone("a", { type: "Point", coordinates: [11, 48] }, { radiusM: 2 })]), null],
    ["huge-area", zoneFile([zone("a", box(11, 48, 2))]), null],
    ["zone-outside-coverage", zoneFile([zone("a", box(11, 48)), coverage]), null],
    ["moved-away", zoneFile([zone("a", box(11.1, 48))]), zoneFile([zone("a", box(11, 48))])],
    ["swapped-axes", zoneFile([zone("a", box(48, 11))]), zoneFile([zone("a", box(11, 48))])],
  ])("%s", async (rule, now, before) => {
    const [found] = (await adviceOn(now, before)).filter((each) => each.rule === rule);
    expect(found).toMatchObject({ severity: "warning", path: "features[0].geometry", outcome: "loaded" });
  });

  it("swapped coordinates are known by the coverage, too", async () => {
    const europe = feature({ id: "c", kind: "coverage", category: undefined }, box(0, 40, 20));
    expect(await rulesOf(zoneFile([zone("a", box(48, 11)), zone("b", box(11, 48)), europe]))).toEqual([
      "swapped-axes",
      "zone-outside-coverage",
    ]);
  });

  it.each<[string, Json, Json | null]>([
    ["an ordinary zone", zoneFile([zone("a", box(110, 30)), coverage]), null],
    ["one that grew", zoneFile([zone("a", box(11, 48, 0.02))]), zoneFile([zone("a", box(11, 48))])],
    [
      "one that shrank within",
      zoneFile([zone("a", box(11.004, 48.004, 0.001))]),
      zoneFile([zone("a", box(11, 48))]),
    ],
    [
      "a new one",
      zoneFile([zone("a", box(11, 48)), zone("b", box(12, 48))]),
      zoneFile([zone("a", box(11, 48))]),
    ],
    [
      "a cross over the earlier one, no vertex of either in the other",
      zoneFile([zone("a", strip(0.002, 0.02))]),
      zoneFile([zone("a", strip(0.02, 0.002))]),
    ],
    [
      "a coverage of the world",
      zoneFile([
        zone("a", box(11, 48)),
        feature({ id: "c", kind: "coverage", category: undefined }, box(-180, -80, 150)),
      ]),
      null,
    ],
  ])("nothing about %s", async (_name, now, before) => {
    expect((await rulesOf(now, before)).filter((rule) => rule !== "zone-outside-coverage")).toEqual([]);
  });

  it("a rule per name, each tried above", () => {
    expect(AREA_RULES.map(({ id }) => id).toSorted()).toEqual([
      "datum-shift",
      "huge-area",
      "moved-away",
      "swapped-axes",
      "tiny-area",
      "zone-outside-coverage",
    ]);
  });
});

function strip(width: number, height: number) {
  const [w, e, s, n] = [11 - width / 2, 11 + width / 2, 48 - height / 2, 48 + height / 2];
  return {
    type: "Polygon",
    coordinates: [
      [
        [w, s],
        [e, s],
        [e, n],
        [w, n],
        [w, s],
      ],
    ],
  };
}

describe("a zone that moved as a wrong datum moves it", () => {
  const before = zoneFile([zone("a", box(121.4, 31.1, 0.004))]);
  const shifted = {
    type: "Polygon",
    coordinates: box(121.4, 31.1, 0.004).coordinates.map((ring) =>
      ring.map(([lon = 0, lat = 0]) => [...fromWgs84("gcj02", lon, lat)]),
    ),
  };

  it("refuses the set, and names the likely mistake", async () => {
    const [found] = await adviceOn(zoneFile([zone("a", shifted)]), before);
    expect(found).toMatchObject({ severity: "error", rule: "datum-shift", outcome: "refused" });
    expect(found?.got).toMatch(/moved by \d{3} m, as GCJ-02 coordinates read as WGS 84 do/);
  });

  it("also under another id, as ids made of the geometry are", async () => {
    const [found] = await adviceOn(zoneFile([zone("b", shifted)]), before);
    expect(found?.got).toMatch(/before a, as GCJ-02/);
  });

  it("is none where the earlier zone is still there: that is a new site", async () => {
    expect(await rulesOf(zoneFile([zone("a", box(121.4, 31.1, 0.004)), zone("b", shifted)]), before)).toEqual(
      [],
    );
  });

  it("is right where the file says gcj02", async () => {
    expect(await rulesOf(zoneFile([zone("a", shifted)], { datum: "gcj02" }), before)).toEqual([]);
  });

  it("is found the other way round: WGS 84 in a file that says gcj02", async () => {
    const [found] = await adviceOn(
      zoneFile([zone("a", box(121.4, 31.1, 0.004))], { datum: "gcj02" }),
      before,
    );
    expect(found?.got).toMatch(/as WGS 84 coordinates read as GCJ-02 do/);
  });

  it("is allowed by name, when the earlier version was the wrong one", async () => {
    expect(await rulesOf(zoneFile([zone("a", shifted)]), before, ["b"])).toContain("datum-shift");
    expect(await rulesOf(zoneFile([zone("a", shifted)]), before, ["a"])).not.toContain("datum-shift");
  });
});
