import { readFileSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import * as fc from "fast-check";
import gcoordModule from "gcoord";
import { describe, expect, test } from "vitest";
import type { ScenarioInput } from "../../simulator/index.ts";
import { loadScenario, simulateDrive, zoneFilesOf } from "../../simulator/index.ts";
import { intoChinese, outOfChinese } from "../../simulator/zones/chinese-datum.ts";
import { readTrueZones } from "../../simulator/zones/read-zone-file.ts";
import { isInForce } from "../../simulator/truth/times.ts";
import { distanceM } from "../../simulator/truth/distance.ts";
import { planeAt } from "../../src/core/plane.ts";
import { simulateOne } from "../../src/cli/simulate/simulate-one.ts";
import { compiledZones } from "../../src/cli/simulate/simulate-zones.ts";
import { isActive } from "../../src/zones/schedule.ts";
import { box, feature, zoneText } from "../kit/zones.ts";
import { writeTemp } from "../kit/cli.ts";
import { scenario } from "./kit.ts";

const gcoord = gcoordModule as unknown as typeof gcoordModule.default;

describe("the truth's own Chinese datums", () => {
  const inChina = fc.tuple(
    fc.double({ min: 75, max: 130, noNaN: true }),
    fc.double({ min: 20, max: 50, noNaN: true }),
  );
  test("are those of another library, and back is where it came from", () => {
    fc.assert(
      fc.property(inChina, fc.constantFrom("gcj02", "bd09"), (place, datum) => {
        const theirs = datum === "gcj02" ? gcoord.GCJ02 : gcoord.BD09;
        const [lon, lat] = gcoord.transform<[number, number]>([...place], gcoord.WGS84, theirs);
        const there = intoChinese(datum, place);
        expect(there[0]).toBeCloseTo(lon, 8);
        expect(there[1]).toBeCloseTo(lat, 8);
        const back = outOfChinese(datum, there);
        expect(back[0]).toBeCloseTo(place[0], 9);
        expect(back[1]).toBeCloseTo(place[1], 9);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  test("a file in one is where the guard has it, to within the margin that the guard adds", () => {
    const text = readFileSync("geofences/china/gcj02-sample.geojson", "utf8");
    const [lotus] = readTrueZones("sample", text).zones;
    const drive = simulateDrive(scenario({ zones: { inline: [{ file: "sample.geojson", text }] } }));
    const guards = compiledZones(drive.zones, drive.startMs).zones.find(({ id }) => id === lotus?.id);
    const [shape] = lotus?.shapes ?? [];
    const ring = guards?.shapes[0]?.kind === "polygon" ? guards.shapes[0].rings[0] : undefined;
    if (shape === undefined || ring === undefined) throw new Error("no polygon");
    for (let at = 0; at < ring.length; at += 2) {
      const [lonDeg = 0, latDeg = 0] = [ring[at], ring[at + 1]];
      expect(distanceM(shape, planeAt({ latDeg, lonDeg }))).toBeLessThan(0.2);
    }
  });
});

test("the truth says of any hours what the guard's clock says", () => {
  const minutes = fc.integer({ min: 0, max: 1439 });
  const zones = ["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"];
  const clock = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
  const names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
  const days = fc.option(fc.uniqueArray(fc.integer({ min: 0, max: 6 }), { minLength: 1 }));
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      minutes,
      minutes,
      days,
      fc.integer({ min: 0, max: 366 * 1440 }),
      (timeZone, fromMin, toMin, on, atMin) => {
        if (fromMin === toMin) return;
        const timeMs = Date.UTC(2026, 0, 1) + 60_000 * atMin + 30_000;
        const always = { validFromMs: -Infinity, validUntilMs: Infinity };
        const window = {
          days: on?.map((day) => names[day] ?? "") ?? null,
          from: clock(fromMin),
          to: clock(toMin),
        };
        const times = { ...always, schedule: { timeZone, windows: [window] } };
        const guards = { timeZone, windows: [{ days: on ?? [0, 1, 2, 3, 4, 5, 6], fromMin, toMin }] };
        const expected = isActive({ ...always, schedule: guards }, timeMs, 0);
        expect(isInForce({ times }, timeMs)).toBe(expected);
      },
    ),
    { numRuns: 3000, seed: 2 },
  );
});

describe("what the truth cannot know is refused", () => {
  const good = zoneText([feature({ id: "a", category: "military" }, box(11, 48, 11.01, 48.01))]);
  test.each([
    ["another datum", good.replace("wgs84", "nad27"), /camfence\.datum/],
    ["another version", good.replace('"version": 1', '"version": 2'), /camfence\.version/],
    ["another kind", good.replace('"id": "a"', '"id":"a","kind":"corridor"'), /kind/],
    [
      "a clock that nobody knows",
      good.replace(
        '"id": "a"',
        '"id":"a","schedule":{"timeZone":"Mars/Here","windows":[{"from":"01:00","to":"02:00"}]}',
      ),
      /timeZone/,
    ],
    [
      "a schedule with more to it",
      good.replace(
        '"id": "a"',
        '"id":"a","schedule":{"timeZone":"UTC","windows":[{"from":"01:00","to":"02:00"}],"holidays":true}',
      ),
      /holidays/,
    ],
    ["no JSON", "{", /malformed|JSON|Expected/],
  ])("%s", async (_what, text, said) => {
    expect(text).not.toBe(good);
    const zones = writeTemp("zones.geojson", text);
    const file = writeTemp(
      "bad.yaml",
      `camfence: { scenario: 1 }
title: "A file that the truth cannot know"
route: { generated: { lengthM: 300 } }
zones: { files: ["${zones}"] }
`,
    );
    await expect(loadScenario(file)).rejects.toThrow(said);
  });
});

describe("a zone file comes to the guard as it stands", () => {
  const text = zoneText([
    feature({ id: "a", category: "military", viewM: 0 }, box(11.499, 48.0995, 11.501, 48.1005)),
    feature({ id: "b", category: "military", viewM: 0 }, box(11.503, 48.0995, 11.504, 48.1005)),
  ]);
  const zones = (given: "text" | "files" | "compiled"): ScenarioInput["zones"] => ({
    given,
    inline: [{ file: "own.geojson", text }],
    features: [{ id: "c", shapes: [{ circle: { at: { eastM: 400, northM: 20 }, radiusM: 20 } }] }],
  });

  test("its very text, beside a file of the simulator's own zones", () => {
    const { files, zones: all } = simulateDrive(scenario({ zones: zones("text") })).zones;
    expect(files).toEqual([{ file: "own.geojson", text, ids: ["a", "b"] }]);
    expect(all.map(({ id }) => id)).toEqual(["c", "a", "b"]);
    const told = zoneFilesOf(simulateDrive(scenario({ zones: zones("text") })).zones);
    expect(told.map((each) => each.file)).toEqual(["simulated.geojson", "own.geojson"]);
    expect(told[1]?.text).toBe(text);
  });

  test("as texts, as files on the disk, and compiled: the verdicts are the same, and nothing stays on the disk", async () => {
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("camfence-simulated-")).length;
    const before = left();
    const faults: ScenarioInput["faults"] = [{ kind: "zones-replaced", atS: 30, without: ["b"] }];
    const runs = await Promise.all(
      (["text", "files", "compiled"] as const).map(async (given) =>
        simulateOne(scenario({ zones: zones(given), faults }), 1),
      ),
    );
    const touched = runs[0]?.zonesTouched.map(({ id }) => id);
    expect(touched).toContain("a");
    expect(touched).not.toContain("b");
    expect(runs[1]).toEqual(runs[0]);
    expect(runs[2]).toEqual(runs[0]);
    expect(left()).toBeLessThanOrEqual(before);
  });
});
