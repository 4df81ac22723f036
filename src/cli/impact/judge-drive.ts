import type { GuardPolicy } from "../../config.ts";
import type { Position } from "../../core/position.ts";
import { seededByName } from "../../core/random.ts";
import type { Gatekeeper } from "../../gate/gatekeeper.ts";
import { createGatekeeper } from "../../gate/gatekeeper.ts";
import type { VerdictRecord } from "../../gate/record.ts";
import type { Reach } from "../../positioning/reach.ts";
import { createTracker } from "../../positioning/tracker.ts";
import type { Camera } from "../../sources/camera.ts";
import { frameTimes } from "../../sources/frame-times.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { Arrival, TimeLine } from "../replay/time-lines.ts";

export interface SetPair {
  readonly before: ZoneSet;
  readonly after: ZoneSet;
}

export interface DriveToJudge extends SetPair {
  readonly lines: readonly TimeLine[];
  readonly cameras: readonly Camera[];
  /** Of frames that are made up. */
  readonly fps: number;
  /** It holds no frames. */
  readonly policy: GuardPolicy;
}

/** What matters of a verdict. */
export type Judgement = Pick<VerdictRecord, "action" | "reason" | "zones">;

/** Called for every frame; a camera's frames come in order. `place` is null where nobody knew it. */
export type OnFrame = (
  camera: string,
  timeMs: number,
  before: Judgement,
  after: Judgement,
  place: Position | null,
) => void;

/**
 * Judges every made-up frame of a drive by two zone sets at once, as `replay` would by each: the same tracker and
 * gatekeepers, without the queues of the guard, and positioning worked out once for both.
 */
export function judgeDrive(drive: DriveToJudge, onFrame: OnFrame): void {
  const { lines, cameras, fps, policy } = drive;
  const tracker = createTracker(policy.positioning);
  const before = gatekeeperOf(drive, drive.before);
  const after = gatekeeperOf(drive, drive.after);
  let latestMs = -Infinity;
  /** Frames are often taken at the time of a fix: then it is known already. */
  let atFix: { readonly timeMs: number; readonly reach: Reach } | null = null;

  function takeFix({ report, arrivedMs }: Arrival): void {
    atFix = null;
    const track = tracker.report(report, arrivedMs);
    if (track.kind !== "trusted") return;
    const reach = tracker.reachAt(report.timeMs);
    atFix = { timeMs: report.timeMs, reach };
    before.fixed(reach, report.timeMs);
    after.fixed(reach, report.timeMs);
  }

  function judgeFrames(timeMs: number): void {
    const reach = atFix?.timeMs === timeMs ? atFix.reach : tracker.reachAt(timeMs);
    const place = reach.known ? reach : null;
    for (const camera of cameras) {
      const was = before.judge(camera, reach, timeMs).verdict;
      onFrame(camera.id, timeMs, was, after.judge(camera, reach, timeMs).verdict, place);
    }
  }

  for (const { arrivals, startMs, endMs } of lines) {
    if (latestMs - startMs > policy.positioning.clockErrorMs) {
      tracker.restart();
      atFix = null;
    }
    const times = frameTimes({ fps, startMs, endMs });
    let next = 0;
    for (let i = 0; i < times.count; i++) {
      const timeMs = times.timeMs(i);
      for (let at = arrivals[next]; at !== undefined && at.arrivedMs <= timeMs; at = arrivals[++next])
        takeFix(at);
      judgeFrames(timeMs);
    }
    for (const arrival of arrivals.slice(next)) takeFix(arrival);
    latestMs = endMs;
  }
}

/** Both sets meet the same random margins. */
function gatekeeperOf({ cameras, policy: { gate, positioning } }: DriveToJudge, set: ZoneSet): Gatekeeper {
  const gatekeeper = createGatekeeper(cameras, gate, seededByName(gate.seed ?? 1), positioning.clockErrorMs);
  gatekeeper.useZones(set);
  return gatekeeper;
}
