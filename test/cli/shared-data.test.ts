import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { replay } from "../../src/cli/replay.ts";
import { camfence, inProcess, jsonLines, tempDir } from "../kit/cli.ts";
import { nmeaFile } from "../kit/drives.ts";
import { hasSharedData, sharedFiles } from "../kit/shared-data.ts";
import { box, feature, zoneFile } from "../kit/zones.ts";

const zones = zoneFile([feature({ id: "base", category: "military" }, box(11.006, 49.999, 11.008, 50.001))]);

describe.skipIf(!hasSharedData)("drives recorded by others", () => {
  const drives = sharedFiles("drives").filter((path) => /\.(gpx|nmea|log|json|chk)$/.test(path));

  test("each is replayed, or refused with a clear line; nothing hangs and nothing is our fault", async () => {
    const codes = new Map<number | null, number>();
    for (const path of drives) {
      const { code, stderr, stdout } = await inProcess(
        replay,
        path,
        "--zones",
        zones,
        "--fps",
        "1",
        "--json",
      );
      codes.set(code, (codes.get(code) ?? 0) + 1);
      expect([0, 1], `${path}: ${stderr}`).toContain(code);
      if (code !== 0) expect(JSON.parse(stdout).error.message).toContain(basename(path));
      else {
        const { frames } = JSON.parse(stdout);
        expect(frames.in, path).toBe(frames.passed + frames.blurred + frames.dropped);
      }
    }
    expect(codes.get(0)).toBeGreaterThan(80);
  });
});

describe.skipIf(!hasSharedData)("images made by others, odd and damaged", () => {
  const images = [...sharedFiles("suites/jpeg-js"), ...sharedFiles("suites/pillow")].filter((path) =>
    /\.(jpg|mpo)$/.test(path),
  );
  // The drive stands in the zone's view and standoff all the time: every frame that is released must be a mosaic.
  const blurZone = zoneFile([
    feature({ id: "homes", category: "housing-compound", action: "blur" }, box(10.99, 49.99, 11.01, 50.01)),
  ]);
  const clearZone = zoneFile([feature({ id: "far", category: "other" }, box(20, 20, 21, 21))]);
  const drive = nmeaFile({ latDeg: 50, lonDeg: 11, speedMps: 0, seconds: images.length });

  function folder(): string {
    const dir = join(tempDir(), "front");
    mkdirSync(dir);
    for (const [i, path] of images.entries()) cpSync(path, join(dir, `${String(i).padStart(3, "0")}.jpg`));
    return dir;
  }

  async function replayed(zonePath: string) {
    const out = tempDir();
    const frames = `front=${folder()}`;
    const result = await camfence(
      "replay",
      drive,
      "--zones",
      zonePath,
      "--frames",
      frames,
      "--fps",
      "1",
      "--out",
      out,
    );
    expect(result.code).toBe(0);
    return {
      lines: jsonLines(join(out, "verdicts.jsonl")),
      released: readFileSync(join(out, "released.mcap")),
    };
  }

  /** Runs of an original's coded pixels: from the middle of its bytes, where no header or table is. */
  function canaries(path: string): Buffer[] {
    const bytes = readFileSync(path);
    const at = [0.4, 0.5, 0.6, 0.7, 0.8].map((share) => Math.floor(bytes.length * share));
    return at.map((start) => bytes.subarray(start, start + 24)).filter((run) => new Set(run).size > 12);
  }

  test("blurred, no run of an original's bytes is released", async () => {
    const { lines, released } = await replayed(blurZone);
    expect(lines.every((line) => line["action"] !== "pass")).toBe(true);
    expect(lines.filter((line) => line["action"] === "blur").length).toBeGreaterThan(images.length / 2);
    const leaking = images.filter((path) => canaries(path).some((run) => released.includes(run)));
    expect(leaking).toEqual([]);
  });

  test("passed, no metadata is released", async () => {
    const { lines, released } = await replayed(clearZone);
    expect(lines.filter((line) => line["action"] === "pass").length).toBeGreaterThan(images.length / 2);
    for (const mark of ["Exif\0", "http://ns.adobe.com/xap", "Photoshop 3.0", "ICC_PROFILE", "MPF\0"]) {
      expect(released.includes(mark), mark).toBe(false);
    }
  });
});
