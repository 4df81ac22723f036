import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { replay } from "../../../src/cli/replay.ts";
import type { ImpactReport } from "../../../src/web/impact-report/impact-report.ts";
import { camfence, inProcess, jsonLines, tempDir, writeTemp } from "../../kit/cli.ts";
import { drive, imageAt, squareFile } from "../../kit/filter.ts";
import { kittiFolder } from "../../kit/kitti.ts";
import { recording } from "../../kit/recording.ts";

/* By the commands: what impact counts is what two replays of the drive differ by. */

const BEFORE = squareFile({ cameras: ["front"] });
const AFTER = squareFile({ id: "soft", action: "blur", viewM: 60 }, 80);
const KIND = { drop: "dropped", blur: "blurred", pass: "released" } as const;

async function actionsOf(path: string, zones: string, args: readonly string[]): Promise<Map<string, string>> {
  const out = join(tempDir(), "out");
  const { code, stderr } = await inProcess(replay, path, "--zones", zones, ...args, "--out", out, "--json");
  expect(code, stderr).toBe(0);
  const lines = jsonLines(join(out, "verdicts.jsonl"));
  return new Map(
    lines.map(({ camera, seq, action }) => [`${String(camera)} ${String(seq)}`, String(action)]),
  );
}

async function byReplays(path: string, args: readonly string[]) {
  const [was, becomes] = [await actionsOf(path, BEFORE, args), await actionsOf(path, AFTER, args)];
  const changes = { dropped: 0, blurred: 0, released: 0 };
  for (const [frame, before] of was) {
    const after = becomes.get(frame) as keyof typeof KIND;
    if (before !== after) changes[KIND[after]]++;
  }
  return { frames: was.size, changes };
}

async function byImpact(path: string, args: readonly string[]): Promise<ImpactReport> {
  const run = await camfence("impact", "--before", BEFORE, "--after", AFTER, path, ...args, "--json");
  expect(run.code, run.stderr).toBe(0);
  return JSON.parse(run.stdout) as ImpactReport;
}

async function recorded(): Promise<string> {
  const path = join(tempDir(), "drive.mcap");
  const told = drive("CompressedImage", (at) => [
    imageAt(at),
    imageAt(at, "RawImage", "/rear/image", "rear"),
  ]);
  writeFileSync(path, await recording(told));
  return path;
}

describe("a recording's own images are judged, at their times, as a replay judges them", () => {
  test.each([
    ["by cameras that look all around", []],
    ["by cameras that are named", ["--cameras", "front:0:100,rear:180:100"]],
    ["by a topic that is given", ["--cameras", "back:180:100", "--topics", "back=/rear/image"]],
  ])("%s", async (_, args) => {
    const path = await recorded();
    const expected = await byReplays(path, args);
    expect(await byImpact(path, args)).toMatchObject(expected);
    expect(expected.changes.blurred).toBeGreaterThan(5);
    // Five a second for a minute, and not what --fps would make up.
    expect(expected.frames % 300).toBe(0);
  });

  test("what matches no camera is said", async () => {
    const { drives } = await byImpact(await recorded(), ["--cameras", "front:0:100"]);
    expect(drives).toMatchObject([{ frames: 300, warnings: [expect.stringContaining("/rear/image")] }]);
  });

  test("a topic of no camera is wrong usage", async () => {
    const args = ["--cameras", "front:0:100", "--topics", "back=/rear/image"];
    const run = await camfence("impact", "--before", BEFORE, "--after", AFTER, await recorded(), ...args);
    expect([run.code, run.stderr]).toEqual([2, expect.stringContaining('got camera "back"')]);
  });
});

describe("a folder of KITTI raw", () => {
  test("is found among drives, and judged by its own images", async () => {
    const fleet = tempDir();
    mkdirSync(join(fleet, "car-1"));
    const path = await kittiFolder(join(fleet, "car-1"));
    const expected = await byReplays(path, []);
    expect(expected.frames).toBe(400);
    const report = await byImpact(fleet, []);
    expect(report).toMatchObject({ ...expected, byVehicle: [{ id: "car-1", drives: 1 }] });
    expect(await byImpact(path, [])).toMatchObject(expected);
  });
});

test("frames that are held for the next fix are judged as a replay with that policy judges them", async () => {
  const config = ["--config", writeTemp("held.json", JSON.stringify({ policy: { gate: { holdMs: 200 } } }))];
  const path = await recorded();
  expect(await byImpact(path, config)).toMatchObject(await byReplays(path, config));
});

test("images of a folder are one drive's: they are refused", async () => {
  const run = await camfence(
    "impact",
    "--before",
    BEFORE,
    "--after",
    AFTER,
    await recorded(),
    "--frames",
    "front=x",
  );
  expect([run.code, run.stderr]).toEqual([2, expect.stringContaining("--frames")]);
});
