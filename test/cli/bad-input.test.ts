import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { camfence, tempDir, writeTemp } from "../kit/cli.ts";
import { nmeaFile } from "../kit/drives.ts";
import { box, feature, zoneFile } from "../kit/zones.ts";

const drive = nmeaFile({ latDeg: 50, lonDeg: 11, speedMps: 20, seconds: 5 });
const zones = zoneFile([feature({ id: "base", category: "military" }, box(11.006, 49.999, 11.008, 50.001))]);
const broken = writeTemp("broken.geojson", '{"type":"FeatureCollection","features":[NaN]}');
const noDatum = zoneFile([feature({ id: "base", category: "military" }, box(0, 0, 1, 1))], {
  datum: undefined,
});
const garbage = writeTemp("garbage.nmea", Buffer.from([0, 1, 2, 3, 255, 254, 10, 10]));
const badGpx = writeTemp(
  "bad.gpx",
  '<gpx><trk><trkseg>\n<trkpt lat="1" lon="x"><time>2026-01-01T00:00:00Z</time></trkpt>',
);
const badConfig = writeTemp(
  "bad.yaml",
  "policy:\n  positioning:\n    maxFixAgeMs: -1\n  gate: { exitFixes: 0.5 }\n",
);
const emptyDir = tempDir();

/** What was typed, the exit code, and what the one line must say. */
const CASES: readonly (readonly [name: string, args: readonly string[], code: number, says: RegExp])[] = [
  ["no command", [], 2, /^$/],
  ["an unknown command", ["replai"], 2, /got command "replai", expected one of/],
  ["no drive", ["replay", "--zones", zones], 2, /got no drive/],
  ["no zones", ["replay", drive], 2, /got no --zones/],
  ["an unknown option", ["replay", drive, "--zones", zones, "--zone", "x"], 2, /Unknown option '--zone'/],
  ["a missing drive", ["replay", "nowhere.nmea", "--zones", zones], 2, /nowhere\.nmea/],
  ["missing zones", ["replay", drive, "--zones", "nowhere.geojson"], 2, /nowhere\.geojson/],
  ["a folder without zones", ["replay", drive, "--zones", emptyDir], 2, /zones|geojson/],
  ["a drive of garbage", ["replay", garbage, "--zones", zones], 1, /garbage\.nmea/],
  ["a GPX with a wrong longitude", ["replay", badGpx, "--zones", zones], 1, /bad\.gpx:2/],
  ["a zone file that is no JSON", ["replay", drive, "--zones", broken], 1, /broken\.geojson:1/],
  ["a zone file without datum", ["replay", drive, "--zones", noDatum], 1, /datum/],
  ["a camera that is none", ["replay", drive, "--zones", zones, "--cameras", "front:x"], 2, /camera/],
  ["no frames a second", ["replay", drive, "--zones", zones, "--fps", "0"], 2, /--fps: got "0"/],
  ["a negative accuracy", ["replay", drive, "--zones", zones, "--accuracy=-1"], 2, /--accuracy/],
  [
    "images of no camera",
    ["replay", drive, "--zones", zones, "--frames", `rear=${emptyDir}`],
    2,
    /--frames: got/,
  ],
  [
    "a folder without images",
    ["replay", drive, "--zones", zones, "--frames", `front=${emptyDir}`],
    1,
    /holds no .jpg/,
  ],
  [
    "a configuration with mistakes",
    ["replay", drive, "--zones", zones, "--config", badConfig],
    1,
    /maxFixAgeMs.*exitFixes/,
  ],
  ["an output that is a file", ["replay", drive, "--zones", zones, "--out", drive], 2, /--out/],
  ["a verdict nowhere", ["verdict", "--zones", zones], 2, /--at/],
  ["a verdict off the earth", ["verdict", "--zones", zones, "--at", "91,0"], 2, /--at: got "91"/],
  ["a verdict at NaN", ["verdict", "--zones", zones, "--at", "NaN,0"], 2, /--at: got "NaN"/],
  [
    "a verdict at no time",
    ["verdict", "--zones", zones, "--at", "1,1", "--time", "noon"],
    2,
    /--time: got "noon"/,
  ],
  ["zones check of nothing", ["zones", "check"], 2, /got no path/],
  ["zones check of a missing file", ["zones", "check", "nowhere.geojson"], 2, /nowhere\.geojson/],
];

describe("bad input gets one clear line and the right exit code", () => {
  test.each(CASES)("%s", async (_name, args, code, says) => {
    const result = await camfence(...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(says);
    expect(result.stderr).not.toMatch(/our fault|\n\s+at /);
  });
});

test("with --json the error is an object on stdout", async () => {
  const { code, stdout } = await camfence("replay", badGpx, "--zones", zones, "--json");
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({
    error: { code: "malformed", file: badGpx, line: 2, message: expect.any(String) },
  });
});

test("an image that cannot be read is a dropped frame and a warning that names it; the others go on", async () => {
  const dir = tempDir();
  mkdirSync(join(dir, "front"));
  writeFileSync(join(dir, "front", "000.jpg"), "no image");
  const { code, stderr, stdout } = await camfence(
    "replay",
    drive,
    "--zones",
    zones,
    "--frames",
    `front=${join(dir, "front")}`,
    "--json",
  );
  expect(code).toBe(0);
  expect(stderr).toContain("000.jpg");
  expect(JSON.parse(stdout)).toMatchObject({ byReason: { "bad-frame": { dropped: 51, passed: 0 } } });
});

test("every command explains itself with an example", async () => {
  for (const command of [["replay"], ["verdict"], ["zones", "check"]]) {
    const { code, stdout } = await camfence(...command, "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/Example: camfence/);
  }
});
