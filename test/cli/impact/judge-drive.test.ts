import { expect, test } from "vitest";
import { GuardPolicy } from "../../../src/config.ts";
import { judgeDrive } from "../../../src/cli/impact/judge-drive.ts";
import { replayDrive } from "../../../src/cli/replay/replay-drive.ts";
import { timeLines } from "../../../src/cli/replay/time-lines.ts";
import type { TimeLine } from "../../../src/cli/replay/time-lines.ts";
import { Camera } from "../../../src/sources/camera.ts";
import { readDrive } from "../../../src/sources/drive.ts";
import { syntheticFrames } from "../../../src/sources/synthetic-frames.ts";
import { loadZones } from "../../../src/zones/load-zones.ts";
import { compileZoneSet } from "../../../src/zones/zone-set.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import { box, feature, zoneFile } from "../../kit/zones.ts";

const CAMERAS = [
  { id: "front", yawDeg: 0, hfovDeg: 100 },
  { id: "rear", yawDeg: 180, hfovDeg: 60, rangeM: 80 },
  { id: "cabin", yawDeg: 0, hfovDeg: 100, kind: "cabin" },
].map((camera) => Camera.parse(camera));
const POLICY = { gate: { seed: 1 } };
const FPS = 5;

async function setOf(paths: readonly string[]): Promise<ZoneSet> {
  const loaded = await loadZones(paths, { nowMs: 0, expired: "accept" });
  if (loaded.outcome === "refused") throw new Error("the test's zones have mistakes");
  return compileZoneSet(loaded.content);
}

async function replayed(lines: readonly TimeLine[], zones: ZoneSet): Promise<readonly string[]> {
  const verdicts: string[] = [];
  await replayDrive({
    lines,
    zones,
    cameras: CAMERAS,
    framesOf: ({ startMs, endMs }) => syntheticFrames(CAMERAS, { fps: FPS, startMs, endMs }),
    policy: POLICY,
    onOutcome({ record: { camera, timeMs, action, reason, zones: ids } }) {
      verdicts.push([camera, timeMs, action, reason, ids.join()].join(" "));
    },
    onRevocation: () => {},
    onProgress: () => {},
  });
  // By camera and time: what is being blurred comes a little later than what is not.
  return verdicts.toSorted();
}

test("each set's verdicts are those of a replay by it, frame by frame", async () => {
  const { reports } = await readDrive("simulator/drives/mountain-view/mountain-view.nmea");
  // The same drive once more, an hour earlier: a clock that goes back.
  const earlier = reports.map((report) => ({ ...report, timeMs: report.timeMs - 3_600_000 }));
  const lines = timeLines([...reports, ...earlier]);
  expect(lines.length).toBe(2);
  const before = await setOf(["geofences"]);
  const after = await setOf([
    zoneFile([
      feature({ id: "wide", category: "military" }, box(-122.085, 37.415, -122.075, 37.42)),
      feature({ id: "soft", category: "other", action: "blur" }, box(-122.1, 37.39, -122.09, 37.42)),
    ]),
  ]);
  const was: string[] = [];
  const becomes: string[] = [];
  judgeDrive(
    { lines, before, after, cameras: CAMERAS, fps: FPS, policy: GuardPolicy.parse(POLICY) },
    ({ id }, timeMs, old, next) => {
      was.push([id, timeMs, old.action, old.reason, old.zones.join()].join(" "));
      becomes.push([id, timeMs, next.action, next.reason, next.zones.join()].join(" "));
    },
  );
  expect(was.toSorted()).toEqual(await replayed(lines, before));
  expect(becomes.toSorted()).toEqual(await replayed(lines, after));
  for (const reason of ["clear", "inside", "in-view", "leaving", "cabin", "stale-fix"])
    expect(was.filter((line) => line.split(" ")[3] === reason).length, reason).toBeGreaterThan(10);
});
