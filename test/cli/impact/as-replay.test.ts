import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import type { GuardPolicyInput } from "../../../src/config.ts";
import { judgeBoth, twoSets } from "../../../src/cli/impact/judge-both.ts";
import type { Judgement } from "../../../src/cli/impact/judge-drive.ts";
import { replayDrive } from "../../../src/cli/replay/replay-drive.ts";
import type { DriveSource } from "../../../src/cli/replay/replay-source.ts";
import { openDriveSource } from "../../../src/cli/replay/replay-source.ts";
import { timeLines } from "../../../src/cli/replay/time-lines.ts";
import { Camera } from "../../../src/sources/camera.ts";
import type { GnssReport } from "../../../src/sources/fix.ts";
import { loadZones } from "../../../src/zones/load-zones.ts";
import { compileZoneSet } from "../../../src/zones/zone-set.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import type { ZoneSetContent } from "../../../src/zones/zone.ts";
import { hasSharedData, sharedFiles } from "../../kit/shared-data.ts";
import { box, feature, zoneFile } from "../../kit/zones.ts";

/* What impact says of a frame is what replay says of it, with each set: on made-up frames, by its quick way. */

const CAMERAS = [
  { id: "front", yawDeg: 0, hfovDeg: 100 },
  { id: "rear", yawDeg: 180, hfovDeg: 60, rangeM: 80 },
  { id: "cabin", yawDeg: 0, hfovDeg: 100, kind: "cabin" },
].map((camera) => Camera.parse(camera));
const POLICY = { gate: { seed: 1 } };
const MOUNTAIN_VIEW = "simulator/drives/mountain-view/mountain-view.nmea";

async function contentOf(paths: readonly string[]): Promise<ZoneSetContent> {
  const loaded = await loadZones(paths, { nowMs: 0, expired: "accept" });
  if (loaded.outcome === "refused") throw new Error("the test's zones have mistakes");
  return loaded.content;
}

const sourceOf = (path: string, fps: number): Promise<DriveSource> =>
  openDriveSource(path, { cameras: CAMERAS, topics: new Map(), folders: new Map(), fps }, () => {});

const lineOf = (camera: string, timeMs: number, { action, reason, zones }: Judgement) =>
  [camera, timeMs, action, reason, zones.join()].join(" ");

async function replayed(source: DriveSource, zones: ZoneSet, policy: GuardPolicyInput) {
  const verdicts: string[] = [];
  await replayDrive({
    ...source,
    zones,
    policy,
    onOutcome: ({ record }) => void verdicts.push(lineOf(record.camera, record.timeMs, record)),
    onRevocation: () => {},
    onProgress: () => {},
  });
  // By camera and time: what is being blurred comes a little later than what is not.
  return verdicts.toSorted();
}

/** Answers the verdicts by the first set, once both are found to be those of replays. */
async function compared(
  source: DriveSource,
  [before, after]: readonly [ZoneSetContent, ZoneSetContent],
  policy: GuardPolicyInput = POLICY,
): Promise<readonly string[]> {
  const [was, becomes]: [string[], string[]] = [[], []];
  await judgeBoth(source, twoSets(before, after), policy, (id, timeMs, old, next) => {
    was.push(lineOf(id, timeMs, old));
    becomes.push(lineOf(id, timeMs, next));
  });
  expect(was.toSorted()).toEqual(await replayed(source, compileZoneSet(before), policy));
  expect(becomes.toSorted()).toEqual(await replayed(source, compileZoneSet(after), policy));
  return was;
}

const reasonsOf = (lines: readonly string[]) => {
  const counts = new Map<string, number>();
  for (const line of lines) {
    const [, , , reason = ""] = line.split(" ");
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  return counts;
};

const aroundMountainView = async () =>
  [
    await contentOf(["geofences"]),
    await contentOf([
      zoneFile([
        feature({ id: "wide", category: "military" }, box(-122.085, 37.415, -122.075, 37.42)),
        feature({ id: "soft", category: "other", action: "blur" }, box(-122.1, 37.39, -122.09, 37.42)),
      ]),
    ]),
  ] as const;

test("each set's verdicts are those of a replay by it, frame by frame, also when the clock goes back", async () => {
  const source = await sourceOf(MOUNTAIN_VIEW, 5);
  const { reports } = source.drive;
  // The same drive once more, an hour earlier.
  const earlier = reports.map((report) => ({ ...report, timeMs: report.timeMs - 3_600_000 }));
  const lines = timeLines([...reports, ...earlier]);
  expect(lines.length).toBe(2);
  const madeUp = await sourceOf(MOUNTAIN_VIEW, 5);
  const was = reasonsOf(await compared({ ...madeUp, lines }, await aroundMountainView()));
  for (const reason of ["clear", "inside", "in-view", "leaving", "cabin", "stale-fix"])
    expect(was.get(reason), reason).toBeGreaterThan(10);
});

test("a policy that holds frames for the next fix judges them as a replay with it", async () => {
  const sets = await aroundMountainView();
  const source = await sourceOf(MOUNTAIN_VIEW, 5);
  const held = await compared(source, sets, { gate: { seed: 1, holdMs: 1100 } });
  const atOnce = await compared(source, sets);
  expect(held.toSorted()).not.toEqual(atOnce.toSorted());
  const overload = await compared(source, sets, { gate: { seed: 1, holdMs: 1100, maxQueuedFrames: 2 } });
  expect(reasonsOf(overload).get("overload")).toBeGreaterThan(10);
});

describe.skipIf(!hasSharedData)("drives recorded by others, jumpy ones among them", () => {
  const drives = sharedFiles("drives").filter((path) => /\.(gpx|nmea|log|json|chk)$/.test(path));

  test("each set's verdicts are those of a replay by it, frame by frame", async () => {
    const all = new Map<string, number>();
    let judged = 0;
    for (const path of drives) {
      const source = await sourceOf(path, 2).catch(() => null);
      if (source === null) continue;
      const reasons = reasonsOf(await compared(source, await setsAlong(source.drive.reports), POLICY));
      for (const [reason, count] of reasons) all.set(reason, (all.get(reason) ?? 0) + count);
      judged++;
      expect([...reasons.values()].length, basename(path)).toBeGreaterThan(0);
    }
    expect(judged).toBeGreaterThan(80);
    for (const reason of [
      "clear",
      "inside",
      "in-view",
      "leaving",
      "implausible-fix",
      "no-fix",
      "stale-fix",
      "coarse-fix",
    ])
      expect(all.get(reason), reason).toBeGreaterThan(10);
  });
});

/** Sites at a quarter, the half and three quarters of the way; the sets have one in common. */
async function setsAlong(reports: readonly GnssReport[]): Promise<readonly [ZoneSetContent, ZoneSetContent]> {
  const places = reports.flatMap((report) => (report.quality === "none" ? [] : [report]));
  const site = (id: string, share: number, properties: object) => {
    const { lonDeg, latDeg } = places[Math.floor(places.length * share)] ?? { lonDeg: 0, latDeg: 0 };
    const [west, south] = [Math.max(-179, Math.min(179, lonDeg)), Math.max(-80, Math.min(80, latDeg))];
    return feature(
      { id, category: "military", ...properties },
      box(west, south, west + 0.0015, south + 0.001),
    );
  };
  const common = site("common", 0.5, {});
  const before = [common, site("old", 0.25, { action: "blur" })];
  const after = [common, site("new", 0.75, { viewM: 0 })];
  return [await contentOf([zoneFile(before)]), await contentOf([zoneFile(after)])];
}
