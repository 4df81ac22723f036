import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { run as build } from "../../../src/cli/zones/zones-build.ts";
import { verdict } from "../../../src/cli/verdict.ts";
import { run as check } from "../../../src/cli/zones/zones-check.ts";
import { loadCompiled } from "../../../src/zones/compiled/load-compiled.ts";
import { loadZones } from "../../../src/zones/load-zones.ts";
import { compileZoneSet } from "../../../src/zones/zone-set.ts";
import type { CliResult } from "../../kit/cli.ts";
import { camfence, inProcess, tempDir } from "../../kit/cli.ts";
import { SHARED_DATA, hasSharedData } from "../../kit/shared-data.ts";
import { box, feature, zoneFile, zoneText } from "../../kit/zones.ts";
import { judgedAt } from "./sets.ts";

const NOW_MS = Date.parse("2026-03-01T12:00:00Z");
const GEOFENCES = readdirSync("geofences")
  .filter((name) => name.endsWith(".geojson"))
  .map((name) => join("geofences", name));
let compiled = "";
let built: CliResult | undefined;

beforeAll(async () => {
  compiled = join(tempDir(), "new", "geofences.zoneset");
  built = await inProcess(build, ...GEOFENCES, "--out", compiled);
});

const contentOf = async (paths: readonly string[]) => {
  const load = await loadZones(paths, { nowMs: NOW_MS });
  if (load.outcome !== "loaded") throw new Error("refused");
  return load.content;
};

test("a build says what it built", () => {
  expect(built).toMatchObject({ code: 0, stdout: expect.stringContaining(compiled) as string });
});

test("the samples, built, judge as their files do and are called alike", async () => {
  const [set, content] = [await loadCompiled(compiled), await contentOf(GEOFENCES)];
  const places = Array.from({ length: 2000 }, (_, i) => ({
    latDeg: 37.38 + (i % 50) / 600,
    lonDeg: -122.12 + Math.floor(i / 50) / 400,
  }));
  const [judged, expected] = [
    judgedAt(set, places, NOW_MS),
    judgedAt(compileZoneSet(content), places, NOW_MS),
  ];
  expect(judged).toEqual(expected);
  expect(JSON.stringify(expected)).toContain('"drop"');
  expect(set.hash).toBe(content.hash);
});

test("builds of the same files are equal to the byte, whatever their order", async () => {
  const again = join(tempDir(), "again.zoneset");
  await inProcess(build, ...GEOFENCES.toReversed(), "--out", again);
  expect(readFileSync(again).equals(readFileSync(compiled))).toBe(true);
});

describe("a compiled set is accepted wherever zone files are:", () => {
  const AT = ["--at", "37.4187,-122.0830", "--heading", "180", "--time", "2026-03-01T12:00:00Z", "--json"];

  test("by verdict", async () => {
    const [a, b] = [
      await inProcess(verdict, "--zones", compiled, ...AT),
      await inProcess(verdict, "--zones", "geofences", ...AT),
    ];
    expect([a.code, JSON.parse(a.stdout)]).toEqual([0, JSON.parse(b.stdout)]);
  });

  test("by zones check", async () => {
    const { code, stdout } = await inProcess(check, compiled, "--at", "2026-03-01T12:00:00Z", "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: "loaded",
      files: [{ file: compiled, errorCount: 0 }],
    });
  });

  test("by replay, with the same report, as a process", async () => {
    const [a, b] = [tempDir(), tempDir()];
    const replay = async (zones: string, out: string) =>
      camfence(
        "replay",
        "simulator/drives/mountain-view/mountain-view.nmea",
        "--zones",
        zones,
        "--fps",
        "1",
        "--out",
        out,
      );
    const results = await Promise.all([replay(compiled, a), replay("geofences", b)]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    const lines = (out: string) =>
      readFileSync(join(out, "verdicts.jsonl"), "utf8").replaceAll(/"zones":\[[^\]]*\]/g, (list) =>
        JSON.stringify(
          (JSON.parse(`{${list}}`) as { zones: string[] }).zones.toSorted((x, y) => (x < y ? -1 : 1)),
        ),
      );
    expect(lines(a)).toBe(lines(b));
    expect(existsSync(join(a, "report.html"))).toBe(true);
  });

  test("by loadZones, without a second compilation", async () => {
    const content = await contentOf([compiled]);
    expect(compileZoneSet(content)).toBe(content);
  });
});

describe("refused with one clear line", () => {
  const broken = (name: string, change: (bytes: Buffer) => Uint8Array): string => {
    const path = join(tempDir(), name);
    writeFileSync(path, change(readFileSync(compiled)));
    return path;
  };

  test.each<[string, string, () => readonly string[]]>([
    ["a changed set", "was changed", () => [broken("a", (bytes) => bytes.fill(7, 3000, 3001))]],
    ["half a set", "ends after", () => [broken("b", (bytes) => bytes.subarray(0, bytes.length / 2))]],
    ["a set with another file beside it", "expected no other", () => [compiled, ...GEOFENCES]],
  ])("%s", async (_, what, paths) => {
    const { code, stderr } = await inProcess(check, ...paths());
    expect([code, stderr]).toEqual([1, expect.stringContaining(what)]);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  });

  test("a set that expired, unless that is accepted", async () => {
    const source = zoneFile([feature({ id: "a", category: "other" }, box(11, 48, 11.01, 48.01))]);
    const out = join(dirname(source), "zones.zoneset");
    expect((await inProcess(build, source, "--out", out)).code).toBe(0);
    const nowMs = Date.parse("2037-01-01T00:00:00Z");
    const refused = await loadZones([out], { nowMs });
    expect(refused.reports[0]?.mistakes).toMatchObject([{ rule: "expired", severity: "error" }]);
    expect(refused.outcome).toBe("refused");
    expect((await loadZones([out], { nowMs, expired: "accept" })).outcome).toBe("loaded");
  });

  test("zone files with mistakes: nothing is written", async () => {
    const source = zoneFile([feature({ id: "a b", category: "other" }, box(11, 48, 11.01, 48.01))]);
    const out = join(dirname(source), "zones.zoneset");
    const { code, stderr } = await inProcess(build, source, "--out", out);
    expect([code, existsSync(out)]).toEqual([1, false]);
    expect(stderr).toContain("an id");
    expect(readdirSync(dirname(source))).toHaveLength(1);
  });

  test.each([[[]], [["geofences"]], [["--out", "x"]]])("%j is no call", async (args) => {
    expect((await inProcess(build, ...args)).code).toBe(2);
  });
});

test.skipIf(!hasSharedData)("Europe's military areas, built, judge as their file does", async () => {
  const text = readFileSync(join(SHARED_DATA, "zones/eur_military.geojson"), "utf8");
  const { features } = JSON.parse(text) as {
    features: { geometry: { type: string; coordinates: unknown } }[];
  };
  const zones = features.map(({ geometry }, i) =>
    feature({ id: `m${i}`, category: "military" }, geometry.coordinates, geometry.type),
  );
  const folder = tempDir();
  const [source, out] = [join(folder, "europe.geojson"), join(folder, "europe.zoneset")];
  writeFileSync(source, zoneText(zones));
  expect((await inProcess(build, source, "--out", out)).code).toBe(0);
  const [set, content] = [await loadCompiled(out), await contentOf([source])];
  expect(set.zones).toHaveLength(20_532);
  // Beside vertices of every fifth area, and all over.
  const near = content.zones.flatMap(({ shapes: [shape] }, i) => {
    const ring = shape?.kind === "polygon" ? shape.rings[0] : undefined;
    if (ring === undefined || i % 5 > 0) return [];
    return [
      {
        latDeg: (ring[1] ?? 0) + ((i % 40) - 20) / 20_000,
        lonDeg: (ring[0] ?? 0) + ((i % 60) - 30) / 20_000,
      },
    ];
  });
  const judged = judgedAt(set, near, NOW_MS);
  expect(judged).toEqual(judgedAt(compileZoneSet(content), near, NOW_MS));
  expect(new Set(judged.map((each) => (each as { action: string }).action))).toEqual(
    new Set(["pass", "drop"]),
  );
});
