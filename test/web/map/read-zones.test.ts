import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { readZones } from "../../../src/web/map/read-zones.ts";
import { inspectZones } from "../../../src/zones/check/inspect-zones.ts";
import { geodesicM } from "../../zones/geodesic.ts";
import { camfence, tempDir, writeTemp } from "../../kit/cli.ts";
import { box, feature, zoneFile, zoneText } from "../../kit/zones.ts";

const NOW_MS = Date.UTC(2026, 6, 1);
const read = (...paths: readonly string[]) => readZones(paths, NOW_MS);

it("areas come with their properties, file and feature", async () => {
  const { state } = await read("geofences");
  const fort = state.areas.find(({ id }) => id === "sample/fort-example");
  expect(fort).toMatchObject({
    kind: "zone",
    category: "military",
    action: "drop",
    standoffM: 25,
    viewM: 250,
    feature: 0,
  });
  expect(state.files[fort?.file ?? -1]).toMatchObject({
    file: "geofences/mountain-view.geojson",
    datum: "wgs84",
    readOnly: null,
  });
  expect(state.set).toMatchObject({ zones: 5, isExpired: false });
  expect(new Set(state.areas.map(({ kind }) => kind))).toEqual(new Set(["zone", "coverage", "region"]));
});

it("a file in a Chinese datum stands at its WGS 84 place, as the guard reads it, and is read-only", async () => {
  const { state } = await read("geofences/china");
  const [barracks] = state.areas;
  const [lonDeg = 0, latDeg = 0] = barracks?.geometry.coordinates[0]?.[0]?.[0] ?? [];
  const movedM = geodesicM({ lonDeg, latDeg }, { lonDeg: 121.4012, latDeg: 31.1201 });
  expect(movedM).toBeGreaterThan(300);
  expect(movedM).toBeLessThan(700);
  expect(barracks).toMatchObject({ standoffM: 27, viewM: 252 });
  expect(state.files[0]?.readOnly).toMatch(/gcj02/);
});

it("findings are those of zones check, and good features of a bad file are shown all the same", async () => {
  const bowtie = [
    [
      [11, 50],
      [11.1, 50.1],
      [11.1, 50],
      [11, 50.1],
      [11, 50],
    ],
  ];
  const path = zoneFile([
    feature({ id: "crossed", category: "other" }, bowtie),
    feature({ id: "good", category: "other" }, box(12, 50, 12.1, 50.1)),
    feature({ id: "no-category" }, box(13, 50, 13.1, 50.1)),
  ]);
  const { state, zones } = await read(path);
  const check = await inspectZones([path], { nowMs: NOW_MS, earlier: null, allowShift: [] });
  expect(state.files[0]?.mistakes).toEqual(check.reports[0]?.mistakes);
  expect(state.files[0]?.errorCount).toBe(2);
  expect(state.areas.map(({ id, feature: number }) => [id, number])).toEqual([["good", 1]]);
  expect(state.broken.map(({ id, feature: number, lines }) => [id, number, lines[0]?.length])).toEqual([
    ["crossed", 0, 5],
    ["no-category", 2, 5],
  ]);
  expect(state.set).toBeNull();
  expect(zones).toBeNull();
});

it.each([
  ["no JSON", '{"type":"FeatureCollection",'],
  ["no features", "[]"],
  [
    "a header without a datum",
    zoneText([feature({ id: "a", category: "other" }, box(1, 1, 2, 2))], { datum: undefined }),
  ],
])("%s is shown with its mistakes", async (_, text) => {
  const { state } = await read(writeTemp("bad.geojson", text));
  expect(state.files[0]?.errorCount).toBeGreaterThan(0);
  expect(state.files[0]?.readOnly).toMatch(/mistakes/);
  expect(state.areas).toEqual([]);
});

it("an expired set is shown and still judges: everything is dropped", async () => {
  const { state, zones } = await read(
    zoneFile([feature({ id: "a", category: "other" }, box(1, 1, 2, 2))], {
      issued: "2025-01-01T00:00:00Z",
      expires: "2026-01-01T00:00:00Z",
    }),
  );
  expect(state.set?.isExpired).toBe(true);
  expect(zones).not.toBeNull();
});

it("a ring over the antimeridian runs on, and its box is narrow", async () => {
  const { state } = await read(zoneFile([feature({ id: "a", category: "other" }, box(179, -1, -179, 1))]));
  const [west = 0, , east = 0] = state.areas[0]?.box ?? [];
  expect(east - west).toBeCloseTo(2, 9);
});

it("a compiled set is shown, read-only", async () => {
  const out = `${tempDir()}/set.zoneset`;
  expect((await camfence("zones", "build", "geofences", "--out", out)).code).toBe(0);
  const { state } = await read(out);
  expect(state.areas.filter(({ kind }) => kind === "zone")).toHaveLength(5);
  expect(state.files[0]?.readOnly).toMatch(/compiled/);
  expect(state.areas[0]?.feature).toBeNull();
});

it("hashes are of the bytes that were read", async () => {
  const { files, state } = await read("geofences/mountain-view.geojson");
  expect(files[0]?.bytes).toEqual(readFileSync("geofences/mountain-view.geojson"));
  expect(state.files[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
});
