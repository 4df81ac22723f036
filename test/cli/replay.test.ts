import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { McapStreamReader } from "@mcap/core";
import { beforeAll, describe, expect, test } from "vitest";
import { camfence, jsonLines, tempDir } from "../kit/cli.ts";
import { T0_MS, nmeaFile } from "../kit/drives.ts";
import { box, feature, zoneFile } from "../kit/zones.ts";

// 60 s east at 20 m/s along 50° N: 1,434 m a hundredth of a degree… the base lies between 11.006° and 11.008°.
const DRIVE = { latDeg: 50, lonDeg: 11, speedMps: 20, seconds: 60 };
const BASE = feature(
  { id: "base", category: "military", action: "drop", viewM: 0 },
  box(11.006, 49.999, 11.008, 50.001),
);
const REGION = feature({ id: "land", kind: "region", region: "de" }, box(10, 49, 12, 51));
const METRES_PER_LON_DEG = 71_695; // on WGS 84 at 50° N

async function replayed(...more: readonly string[]) {
  const out = tempDir();
  const zones = zoneFile([BASE, REGION]);
  const result = await camfence("replay", nmeaFile(DRIVE), "--zones", zones, "--out", out, ...more);
  return { ...result, out, lines: jsonLines(join(out, "verdicts.jsonl")) };
}

function countMessages(path: string): Map<string, bigint[]> {
  const reader = new McapStreamReader();
  reader.append(readFileSync(path));
  const topics = new Map<number, string>();
  const times = new Map<string, bigint[]>();
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
    if (record.type === "Channel") topics.set(record.id, record.topic);
    if (record.type !== "Message") continue;
    const topic = topics.get(record.channelId) ?? "?";
    times.set(topic, [...(times.get(topic) ?? []), record.logTime]);
  }
  return times;
}

describe("a drive that crosses a base", () => {
  let run: Awaited<ReturnType<typeof replayed>>;
  beforeAll(async () => {
    run = await replayed();
  });

  test("ends well and writes the files of the contract", () => {
    expect(run.stderr).toBe("");
    expect(run.code).toBe(0);
    const files = readdirSync(run.out);
    for (const name of ["verdicts.jsonl", "summary.json", "released.mcap"]) expect(files).toContain(name);
  });

  test("there is one line per frame, in order, with exactly the members of the contract", () => {
    expect(run.lines).toHaveLength(601); // 60 s at 10 frames a second, both ends included
    const members = [
      "time",
      "camera",
      "seq",
      "action",
      "reason",
      "zones",
      "lonDeg",
      "latDeg",
      "radiusM",
      "clearanceM",
      "region",
    ];
    for (const [i, line] of run.lines.entries()) {
      expect(Object.keys(line)).toEqual(members);
      expect(line["seq"]).toBe(i);
      expect(line["time"]).toBe(new Date(T0_MS + 100 * i).toISOString());
    }
  });

  test("the first frames are dropped: nothing is known yet", () => {
    expect(run.lines[0]).toMatchObject({
      action: "drop",
      reason: "no-fix",
      lonDeg: null,
      latDeg: null,
      radiusM: null,
    });
  });

  test("no frame passes within the standoff of the base, and frames far from it do pass", () => {
    const truth = (i: number) => 11 + (0.1 * i * DRIVE.speedMps) / METRES_PER_LON_DEG;
    const nearM = (lon: number) => Math.max(0, 11.006 - lon, lon - 11.008) * METRES_PER_LON_DEG;
    const passes = run.lines
      .map((line, i) => ({ line, m: nearM(truth(i)) }))
      .filter(({ line }) => line["action"] === "pass");
    expect(Math.min(...passes.map(({ m }) => m))).toBeGreaterThan(25);
    const farFrames = run.lines.filter((_, i) => i > 30 && nearM(truth(i)) > 100);
    expect(farFrames.every((line) => line["action"] === "pass" && line["region"] === "de")).toBe(true);
  });

  test("inside, the zone is named; leaving is late", () => {
    const reasons = run.lines.map((line) => line["reason"]);
    const inside = run.lines[reasons.indexOf("inside")];
    expect(inside).toMatchObject({ action: "drop", zones: ["base"], clearanceM: null });
    expect(reasons.indexOf("leaving")).toBeGreaterThan(reasons.lastIndexOf("inside"));
  });

  test("clearance is what is left to the standoff", () => {
    const pass = run.lines.find((line) => line["action"] === "pass" && Number(line["clearanceM"]) < 200);
    const toBaseM = (11.006 - Number(pass?.["lonDeg"])) * METRES_PER_LON_DEG;
    expect(Number(pass?.["clearanceM"])).toBeCloseTo(toBaseM - 25 - Number(pass?.["radiusM"]), 0);
  });

  test("the recording holds exactly the frames that passed, at their times", () => {
    const passed = run.lines.filter((line) => line["action"] === "pass");
    const times = countMessages(join(run.out, "released.mcap")).get("/camera/front");
    expect(times).toEqual(passed.map((line) => BigInt(Date.parse(String(line["time"]))) * 1_000_000n));
  });

  test("every frame is accounted for, in the table and in the summary", () => {
    const summary = JSON.parse(readFileSync(join(run.out, "summary.json"), "utf8"));
    const { frames } = summary;
    expect(frames.in).toBe(601);
    expect(frames.passed + frames.blurred + frames.dropped).toBe(frames.in);
    expect(run.stdout).toContain(
      `frames in ${frames.in} = passed ${frames.passed} + blurred ${frames.blurred} + dropped ${frames.dropped}`,
    );
    expect(summary.distanceM).toBeGreaterThan(1190);
    expect(summary.distanceM).toBeLessThan(1210);
    expect(summary.zonesTouched).toEqual([{ id: "base", dropped: expect.any(Number), blurred: 0 }]);
  });

  test("the same drive gives the same verdicts", async () => {
    const again = await replayed();
    expect(again.lines).toEqual(run.lines);
  });
});

test("several cameras are judged each by its own view", async () => {
  const beside = feature(
    { id: "beside", category: "military", viewM: 250 },
    box(11.006, 50.001, 11.008, 50.0015),
  );
  const out = tempDir();
  await camfence(
    "replay",
    nmeaFile(DRIVE),
    "--zones",
    zoneFile([beside]),
    "--out",
    out,
    "--cameras",
    "left:270:60,right:90:60",
  );
  const lines = jsonLines(join(out, "verdicts.jsonl"));
  const inView = (camera: string) =>
    lines.filter((line) => line["camera"] === camera && line["reason"] === "in-view");
  expect(inView("left").length).toBeGreaterThan(50);
  expect(inView("right")).toHaveLength(0);
});

test("an expired set drops every frame and says so", async () => {
  const out = tempDir();
  const zones = zoneFile([BASE], { expires: "2026-02-01T00:00:00Z" });
  const { code } = await camfence("replay", nmeaFile(DRIVE), "--zones", zones, "--out", out);
  expect(code).toBe(0);
  const reasons = new Set(jsonLines(join(out, "verdicts.jsonl")).map((line) => line["reason"]));
  expect([...reasons]).toEqual(["zones-expired"]);
});

test("outside the coverage every frame is dropped", async () => {
  const out = tempDir();
  const coverage = feature({ id: "known", kind: "coverage" }, box(11.004, 49.9, 11.02, 50.1));
  await camfence("replay", nmeaFile(DRIVE), "--zones", zoneFile([BASE, coverage]), "--out", out);
  const lines = jsonLines(join(out, "verdicts.jsonl"));
  expect(lines[60]).toMatchObject({ action: "drop", reason: "outside-coverage", zones: [] });
  expect(lines[180]).toMatchObject({ action: "pass", reason: "clear" });
});

test("--json prints the summary, and only that, on stdout", async () => {
  const { code, stdout } = await camfence("replay", nmeaFile(DRIVE), "--zones", zoneFile([BASE]), "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ drive: "drive", frames: { in: 601 } });
});
