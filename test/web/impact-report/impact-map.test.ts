import { describe, expect, test } from "vitest";
import { fleetPlaces } from "../../../src/cli/impact/fleet-places.ts";
import { createImpactTally } from "../../../src/cli/impact/tally.ts";
import type { JobResult } from "../../../src/cli/impact/drive-impact.ts";
import { seededRandom } from "../../../src/core/random.ts";
import type { FleetPlaces } from "../../../src/web/impact-report/impact-map.ts";
import { impactPage } from "../../../src/web/impact-report/page.ts";
import type { Zone } from "../../../src/zones/zone.ts";
import { LAT, LON, square, zoneAt, zoneSetOf } from "../replay-report/fixtures.ts";

const NONE = { dropped: 0, blurred: 0, released: 0, weaker: 0 };
const REPORT = {
  before: { hash: "ab", zones: 1 },
  after: { hash: "cd", zones: 1 },
  frames: 10,
  changes: NONE,
  failed: 0,
  byVehicle: [],
  byZone: [],
  drives: [],
};
const HERE = { latDeg: LAT, lonDeg: LON, widthDeg: 0.0002 };
const ONE: FleetPlaces = { way: [{ ...HERE, more: 0, less: 0 }], changed: [{ ...HERE, more: 7, less: 2 }] };

const pageOf = (before: readonly Zone[], after: readonly Zone[], places: FleetPlaces = ONE) =>
  impactPage(REPORT, { before: zoneSetOf(before), after: zoneSetOf(after), places });
const titles = (page: string) => [...page.matchAll(/<title>([^<]*): military/g)].map(([, id]) => id);

describe("zones of both sets", () => {
  test("one that stays is drawn once; one that is changed, as it was and as it becomes", () => {
    const same = zoneAt("same", 100);
    const page = pageOf([same, zoneAt("a", 200)], [zoneAt("same", 100), zoneAt("a", 200, { standoffM: 99 })]);
    expect(titles(page)).toEqual(["same", "a", "a"]);
    expect(page).toContain("a: military, drop, standoff 99 m, view 250 m; so only in the new set");
    expect(page).toContain("a: military, drop, standoff 25 m, view 250 m; so only in the set of before");
    expect(page).toContain("2 zones drawn");
  });

  test.each<[string, Partial<Zone>]>([
    ["its shape", { shapes: [square(LAT, LON, 51)] }],
    ["its hours", { schedule: { timeZone: "UTC", windows: [{ days: [1], fromMin: 0, toMin: 60 }] } }],
    ["its validity", { validUntilMs: 5e12 }],
    ["its cameras", { cameras: ["front"] }],
    ["what it does", { action: "blur" }],
  ])("a zone differs by %s", (_, changes) => {
    expect(pageOf([zoneAt("a", 200)], [zoneAt("a", 200, changes)])).toContain("so only in the set of before");
  });
});

test("a place that changes says how many frames, more and less", () => {
  const page = pageOf([zoneAt("a", 200)], [zoneAt("a", 200)]);
  expect(
    page.match(/7 frames held back more than before; 2 frames held back less than before/g),
  ).toHaveLength(2);
});

test("without any place there is no map, and without changes there is one of the ways", () => {
  const zones = [zoneAt("a", 200)];
  expect(pageOf(zones, zones, { way: [], changed: [] })).toContain("No map");
  const page = pageOf(zones, zones, { way: ONE.way, changed: [] });
  expect(page).toContain("Nothing changes");
  expect(page).toContain('class="driven"');
});

test("thousands of drives over a whole country make a page of bounded size, and no frame is lost", () => {
  const random = seededRandom(1);
  const drives = Array.from({ length: 40 }, () => driveFrom(48 + 4 * random(), 8 + 6 * random(), random()));
  const results = Array.from({ length: 3000 }, (_, i) => drives[i % drives.length] as JobResult);
  const places = fleetPlaces(results);
  const more = places.changed.reduce((sum, place) => sum + place.more, 0);
  expect(more).toBe(3000 * 1500);
  const page = pageOf([zoneAt("a", 200)], [zoneAt("a", 200)], places);
  expect(page.length).toBeLessThan(900_000);
});

/** 3000 s at 20 m/s in one direction, of which the second half is dropped newly. */
function driveFrom(latDeg: number, lonDeg: number, turn: number): JobResult {
  const tally = createImpactTally();
  const [east, north] = [Math.sin(turn * 2 * Math.PI) / 3500, Math.cos(turn * 2 * Math.PI) / 5500];
  const [pass, drop] = [
    { action: "pass", reason: "clear", zones: [] },
    { action: "drop", reason: "inside", zones: ["a"] },
  ] as const;
  for (let second = 0; second < 3000; second++) {
    const place = { latDeg: latDeg + second * north, lonDeg: lonDeg + second * east };
    tally.add("front", second * 1000, pass, second < 1500 ? pass : drop, place);
  }
  return { outcome: "judged", impact: tally.impact() };
}
