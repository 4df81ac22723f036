import { execFileSync } from "node:child_process";
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suitesOf } from "./xml.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { impact as impactCommand } from "../../../src/cli/impact.ts";
import type { ImpactReport } from "../../../src/web/impact-report/impact-report.ts";
import type { CliResult } from "../../kit/cli.ts";
import { camfence, inProcess, tempDir } from "../../kit/cli.ts";
import { nmeaEastwards } from "../../kit/drives.ts";
import { box, feature, zoneFile } from "../../kit/zones.ts";

// 60 s east along 50° N at 20 m/s from 11.000°: 0.0167° in all.
const DRIVE = { latDeg: 50, lonDeg: 11, speedMps: 20, seconds: 60 };
const zone = (id: string, west: number, east: number, properties = {}) =>
  feature({ id, category: "military", viewM: 0, ...properties }, box(west, 49.999, east, 50.001));
const BASE = zone("base", 11.006, 11.008);
const OLD = zone("old", 11.002, 11.0025);
const SOFT = zone("soft", 11.013, 11.0135, { action: "blur" });
const BEFORE = zoneFile([BASE, OLD]);
const AFTER = zoneFile([BASE, SOFT], { issued: "2026-01-02T00:00:00Z" });

function fleet(): string {
  const dir = tempDir();
  for (const [vehicle, name, latDeg] of [
    ["car-1", "morning", 50],
    ["car-1", "evening", 50],
    ["car-2", "morning", 51],
  ] as const) {
    mkdirSync(join(dir, vehicle), { recursive: true });
    writeFileSync(join(dir, vehicle, `${name}.nmea`), nmeaEastwards({ ...DRIVE, latDeg }));
  }
  writeFileSync(join(dir, "car-2", "notes.txt"), "no drive");
  return dir;
}

/** By the texts of the map's dots. */
const framesOnMap = (page: string, what: "more" | "less") => {
  const dots = page.split(`class="dots places-${what}"`)[1]?.split('class="dots')[0] ?? "";
  return [...dots.matchAll(new RegExp(`([\\d,]+) frames held back ${what}`, "g"))]
    .map(([, count = ""]) => Number(count.replaceAll(",", "")))
    .reduce((sum, count) => sum + count, 0);
};

const impact = (...args: readonly string[]) =>
  camfence("impact", "--before", BEFORE, "--after", AFTER, ...args);

describe("a fleet's drives under a set with one zone less and one more", () => {
  const out = tempDir();
  const drives = fleet();
  let first: CliResult;
  let report: ImpactReport;
  beforeAll(async () => {
    first = await impact(drives, "--out", out, "--json", "--workers", "2");
    report = JSON.parse(first.stdout) as ImpactReport;
  }, 60_000);

  test("it ends well, and says which file is no drive", () => {
    expect(first.stderr).toBe(
      `camfence: warning: left out, no drives by their names: ${join(drives, "car-2", "notes.txt")}\n`,
    );
    expect(first.code).toBe(0);
  });

  test("frames are counted as dropped, blurred or released, and no frame that stays as it was", () => {
    expect(report).toMatchObject({ frames: 3 * 601, failed: 0, before: { zones: 2 }, after: { zones: 2 } });
    const { dropped, blurred, released } = report.changes;
    expect(dropped).toBe(0);
    // The way through a zone of 36 m and its standoffs, at 2 m a frame: at least 43 frames a drive, in two drives.
    expect(blurred).toBeGreaterThan(2 * 40);
    expect(released).toBeGreaterThan(2 * 40);
    expect(blurred).toBeLessThan(2 * 120);
  });

  test("each zone and each vehicle has its share", () => {
    expect(report.byZone).toEqual([
      { id: expect.any(String), drives: 2, changes: expect.anything() },
      { id: expect.any(String), drives: 2, changes: expect.anything() },
    ]);
    const zones = Object.fromEntries(report.byZone.map((row) => [row.id, row.changes]));
    const changes = report.changes;
    expect(zones["soft"]).toEqual({ dropped: 0, blurred: changes.blurred, released: 0, weaker: 0 });
    expect(zones["old"]).toEqual({
      dropped: 0,
      blurred: 0,
      released: changes.released,
      weaker: changes.released,
    });
    expect(report.byVehicle).toEqual([
      { id: "car-1", drives: 2, frames: 1202, changes },
      { id: "car-2", drives: 1, frames: 601, changes: { dropped: 0, blurred: 0, released: 0, weaker: 0 } },
    ]);
  });

  test("each stretch that changes is named, with the zone that makes the difference", () => {
    expect(report.drives[0]).toMatchObject({
      spans: [
        { camera: "front", was: "drop", becomes: "pass", zones: ["old"] },
        { camera: "front", was: "pass", becomes: "blur", zones: ["soft"] },
      ],
      spansLeftOut: 0,
    });
  });

  test("the files say the same: JSON, JUnit and a page that loads nothing", () => {
    expect(JSON.parse(readFileSync(join(out, "impact.json"), "utf8"))).toEqual(report);
    const suites = suitesOf(readFileSync(join(out, "junit.xml"), "utf8"));
    expect(suites).toMatchObject([
      { name: "car-1", tests: "2", failures: "2", errors: "0", cases: 2 },
      { name: "car-2", tests: "1", failures: "0", errors: "0", cases: 1 },
    ]);
    const page = readFileSync(join(out, "impact.html"), "utf8");
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/src=|href="(?!#)/);
    expect(page).toContain("soft");
  });

  test("the map has every frame that changes, by whether more or less is held back", () => {
    const page = readFileSync(join(out, "impact.html"), "utf8");
    const { blurred, released, weaker } = report.changes;
    expect(framesOnMap(page, "more")).toBe(blurred);
    expect(framesOnMap(page, "less")).toBe(released);
    expect(weaker).toBe(released);
    expect(page).toContain("old: military, drop, standoff 25 m; so only in the set of before");
    expect(page).toContain("soft: military, blur, standoff 25 m; so only in the new set");
    expect(page).toContain("<title>base: military, drop, standoff 25 m</title>");
  });

  test("only the page and what it is made of name places", () => {
    const texts = [
      first.stdout,
      first.stderr,
      ...["impact.json", "junit.xml"].map((name) => readFileSync(join(out, name), "utf8")),
    ];
    expect(texts.join()).not.toMatch(/places|steps|latDeg|lonDeg|\b50\.0|\b11\.0/);
    expect(readFileSync(join(out, "results.jsonl"), "utf8")).toContain("places");
  });

  test("what has a result is not judged again, what was cut off or changed is", async () => {
    const results = join(out, "results.jsonl");
    const lines = readFileSync(results, "utf8").trimEnd().split("\n");
    expect(lines).toHaveLength(3);
    // The last result was cut off when the run was killed, and one drive is gone that was judged already.
    writeFileSync(results, `${lines.slice(0, 2).join("\n")}\n${lines[2]?.slice(0, 40)}`);
    const again = await impact(drives, "--out", out, "--json");
    expect(JSON.parse(again.stdout)).toEqual(report);
    expect(readFileSync(results, "utf8").trimEnd().split("\n")).toHaveLength(4);
    appendFileSync(join(drives, "car-2", "morning.nmea"), "\r\n");
    const third = await impact(drives, "--out", out, "--json");
    expect(third.code).toBe(0);
    expect(readFileSync(results, "utf8").trimEnd().split("\n")).toHaveLength(5);
  });
});

test("a drive that cannot be read is named, and the others are judged", async () => {
  const drives = fleet();
  writeFileSync(join(drives, "car-1", "bad.nmea"), "no receiver wrote this\n");
  symlinkSync(join(drives, "nowhere"), join(drives, "car-2", "gone.nmea"));
  mkdirSync(join(drives, "car-2", "folder.nmea"));
  execFileSync("mkfifo", [join(drives, "car-2", "pipe.log")]);
  const out = tempDir();
  const run = await impact(drives, "--out", out, "--json");
  expect(run.code).toBe(1);
  expect(run.stderr).toMatch(/was not judged: .*gone\.nmea: cannot be read/);
  expect(run.stderr).toMatch(/was not judged: .*pipe\.log: is no regular file/);
  expect(run.stderr).toMatch(/was not judged: .*bad\.nmea: no usable/);
  expect(JSON.parse(run.stdout)).toMatchObject({ failed: 3, frames: 3 * 601 });
  expect(suitesOf(readFileSync(join(out, "junit.xml"), "utf8"))[0]).toMatchObject({
    name: "car-1",
    errors: "1",
  });
});

test("a zone that both sets have changes nothing, whatever new ones lie on the way to it", async () => {
  const drive = join(tempDir(), "slow.nmea");
  writeFileSync(drive, nmeaEastwards({ latDeg: 50, lonDeg: 11, speedMps: 3, seconds: 600 }));
  const sites = Array.from({ length: 12 }, (_, i) =>
    zone(`${i % 2 === 0 ? "new" : "kept"}-${i}`, 11 + i / 500, 11.0003 + i / 500),
  );
  const before = zoneFile(sites.filter((_, i) => i % 2 === 1));
  const run = await camfence(
    "impact",
    "--before",
    before,
    "--after",
    zoneFile(sites),
    drive,
    "--fps",
    "5",
    "--json",
  );
  const { changes, byZone } = JSON.parse(run.stdout) as ImpactReport;
  expect(changes.dropped).toBeGreaterThan(500);
  expect(changes.released).toBe(0);
  expect(byZone.map(({ id }) => id).filter((id) => id.startsWith("kept"))).toEqual([]);
});

test("a frame that is blurred and was dropped is held back less than before", async () => {
  const softer = zoneFile([zone("base", 11.006, 11.008, { action: "blur" }), OLD]);
  const run = await camfence("impact", "--before", BEFORE, "--after", softer, fleet(), "--json");
  const { changes } = JSON.parse(run.stdout) as ImpactReport;
  expect(changes.blurred).toBeGreaterThan(100);
  expect(changes).toEqual({ dropped: 0, blurred: changes.blurred, released: 0, weaker: changes.blurred });
});

test("a drive that is given twice counts once", async () => {
  const drives = fleet();
  const twice = await impact(drives, join(drives, "car-1"), join(drives, "car-1", "morning.nmea"), "--json");
  expect(JSON.parse(twice.stdout)).toEqual(JSON.parse((await impact(drives, "--json")).stdout));
});

test("a link to a folder is not followed, and that is said", async () => {
  const drives = fleet();
  symlinkSync(join(drives, "car-1"), join(drives, "car-3"));
  const run = await impact(drives, "--json");
  expect(run.stderr).toContain("car-3");
  expect(JSON.parse(run.stdout)).toMatchObject({ frames: 3 * 601 });
});

test("results that others wrote are taken for none", async () => {
  const drives = fleet();
  const out = tempDir();
  const expected = (await impact(drives, "--out", out, "--json")).stdout;
  const results = join(out, "results.jsonl");
  const odd = readFileSync(results, "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => ({ id: JSON.parse(line).id as string, result: { outcome: "judged" } }));
  writeFileSync(results, odd.map((line) => `${JSON.stringify(line)}\n`).join(""));
  const again = await impact(drives, "--out", out, "--json");
  expect([again.code, again.stdout]).toEqual([0, expected]);
});

test("released frames fail a CI that asks for it", async () => {
  const drives = fleet();
  expect((await impact(drives)).code).toBe(0);
  const run = await impact(drives, "--fail-on-released");
  expect(run.code).toBe(1);
  expect(run.stdout).toMatch(/old +2 +0 +0 +\d+/);
  const back = await camfence("impact", "--before", AFTER, "--after", AFTER, drives, "--fail-on-released");
  expect(back.code).toBe(0);
  expect(back.stdout).toContain("no zone's frames change");
});

test("names of drives and zones break neither XML nor HTML", async () => {
  const dir = join(tempDir(), `a&b "<i>`);
  mkdirSync(dir);
  cpSync(join(fleet(), "car-1", "morning.nmea"), join(dir, "d'1.nmea"));
  const out = tempDir();
  expect((await impact(dir, "--out", out)).code).toBe(0);
  expect(suitesOf(readFileSync(join(out, "junit.xml"), "utf8"))[0]).toMatchObject({ cases: 1 });
  expect(readFileSync(join(out, "impact.html"), "utf8")).not.toContain("<i>");
});

test.each([
  [["drive.nmea"], "expected --before ZONES and --after ZONES"],
  [["--before", BEFORE, "--after", AFTER], "got no drive"],
  [["--before", BEFORE, "--after", AFTER, AFTER], "is a zone file, expected drives"],
  [["--before", BEFORE, "--after", AFTER, "absent.nmea"], "cannot be read"],
  [["--before", BEFORE, "--after", AFTER, "drive.nmea", "--workers", "0"], "expected a number from 1"],
  [["work"], "expected --redis URL"],
  [["work", "--redis", "http://127.0.0.1"], "expected redis://HOST:PORT"],
])("wrong usage is one clear line: %j", async (args, message) => {
  const run = await inProcess((given, io) => impactCommand(given, io, () => AbortSignal.abort()), ...args);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(message);
  expect(run.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test("a folder without drives is wrong usage, too", async () => {
  const run = await impact(tempDir());
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("holds no drive");
});
