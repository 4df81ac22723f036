import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { replay } from "../../../src/cli/replay.ts";
import { readDrive } from "../../../src/sources/drive.ts";
import { inProcess, jsonLines, tempDir } from "../../kit/cli.ts";
import { START_MS, drive, imageAt, isRestricted, squareFile } from "../../kit/filter.ts";
import { kittiFolder } from "../../kit/kitti.ts";
import type { RecordingOptions, Told } from "../../kit/recording.ts";
import { recording } from "../../kit/recording.ts";

const CAMERAS = ["--cameras", "front:0:100"];

async function recordingFile(told: readonly Told[], options: RecordingOptions = {}): Promise<string> {
  const path = join(tempDir(), "drive.mcap");
  writeFileSync(path, await recording(told, options));
  return path;
}

interface Line {
  readonly time: string;
  readonly camera: string;
  readonly action: string;
  readonly reason: string;
}

async function verdictsOf(path: string, args: readonly string[]): Promise<readonly Line[]> {
  const out = join(tempDir(), "out");
  const { code, stderr } = await inProcess(replay, path, ...args, "--out", out, "--json");
  expect(code, stderr).toBe(0);
  return jsonLines(join(out, "verdicts.jsonl")) as unknown as readonly Line[];
}

describe("an MCAP recording", () => {
  it.each(["json", "protobuf", "ros1", "ros2"] as const)(
    "in %s is replayed with its own images and positions",
    async (encoding) => {
      const lines = await verdictsOf(await recordingFile(drive(), { encoding }), [
        "--zones",
        squareFile(),
        ...CAMERAS,
      ]);
      expect(lines.length).toBe(300);
      const passed = lines.filter(({ action }) => action === "pass");
      expect(passed.length).toBeGreaterThan(180);
      expect(passed.filter(({ time }) => isRestricted(Date.parse(time)))).toEqual([]);
    },
  );

  it("without cameras has one that looks all around for each image topic", async () => {
    const told = drive("CompressedImage", (at) => [
      imageAt(at),
      imageAt(at, "RawImage", "/rear/image", "rear"),
    ]);
    const lines = await verdictsOf(await recordingFile(told), [
      "--zones",
      squareFile({ cameras: ["front"] }),
    ]);
    expect(new Set(lines.map(({ camera }) => camera))).toEqual(new Set(["_cam_image", "_rear_image"]));
    const passed = lines.filter(({ action }) => action === "pass");
    expect(passed.filter(({ time }) => isRestricted(Date.parse(time)))).toEqual([]);
  });

  it("without images has made-up ones, without positions no pass", async () => {
    const positions = drive().filter(({ kind }) => kind === "LocationFix");
    const madeUp = await verdictsOf(await recordingFile(positions), ["--zones", squareFile()]);
    expect(madeUp.length).toBe(600);
    const images = drive().filter(({ kind }) => kind === "CompressedImage");
    const blind = await verdictsOf(await recordingFile(images), ["--zones", squareFile(), ...CAMERAS]);
    expect(new Set(blind.map(({ reason }) => reason))).toEqual(new Set(["no-fix"]));
  });

  it("that is damaged is replayed as far as it goes, and that is said", async () => {
    const path = join(tempDir(), "cut.mcap");
    const bytes = await recording(drive(), { chunkSize: 20_000 });
    writeFileSync(path, bytes.subarray(0, bytes.length / 2));
    const { code, stderr } = await inProcess(replay, path, "--zones", squareFile(), ...CAMERAS);
    expect(code).toBe(0);
    expect(stderr).toMatch(/lost: the recording is cut off/);
  });

  it("of nothing that can be judged is refused with one line", async () => {
    const path = await recordingFile([
      { topic: "/notes", kind: "Text", timeMs: START_MS, fields: { text: "x" } },
    ]);
    const { code, stderr } = await inProcess(replay, path, "--zones", squareFile());
    expect([code, stderr]).toEqual([
      1,
      `camfence: ${path}: has neither positions nor images that can be read\n`,
    ]);
  });
});

describe("a folder of KITTI raw", () => {
  it("is read as its makers describe it", async () => {
    const folder = await kittiFolder();
    const { name, reports, imageFolders } = await readDrive(folder);
    expect([name, reports.length]).toEqual(["2011_09_26_drive_0001_sync", 200]);
    expect([...(imageFolders?.keys() ?? [])]).toEqual(["image_00", "image_02"]);
    expect(reports[0]).toMatchObject({
      timeMs: START_MS + 20_000,
      speedMps: 10,
      courseDeg: 90,
      quality: "rtk-fixed",
    });
    // 5 cm of one sigma: 95 % lie within 2.45 of them.
    expect((reports[0] as { readonly accuracyM: number }).accuracyM).toBeCloseTo(0.1224, 3);
  });

  it("is replayed with the images of its cameras", async () => {
    const folder = await kittiFolder();
    const lines = await verdictsOf(folder, ["--zones", squareFile()]);
    expect(lines.length).toBe(400);
    const passed = lines.filter(({ action }) => action === "pass");
    expect(passed.length).toBeGreaterThan(20);
    expect(passed.filter(({ time }) => isRestricted(Date.parse(time)))).toEqual([]);
    const one = await verdictsOf(folder, ["--zones", squareFile(), "--cameras", "image_02:0:90"]);
    expect(new Set(one.map(({ camera }) => camera))).toEqual(new Set(["image_02"]));
  });

  it("with a time too few, or a line that is no measurement, is refused with the file's name", async () => {
    const folder = await kittiFolder();
    writeFileSync(join(folder, "oxts", "data", "0000000007.txt"), "48.1 11.1 500\n");
    await expect(readDrive(folder)).rejects.toThrow(/0000000007\.txt: has 3 columns/);
    writeFileSync(join(folder, "oxts", "timestamps.txt"), "2011-09-26 13:02:25.594360375\n");
    await expect(readDrive(folder)).rejects.toThrow(/has 1 times for 200 positions/);
  });
});
