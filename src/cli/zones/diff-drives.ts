import type { Action } from "../../gate/verdict.ts";
import { parseCameras } from "../../sources/camera-option.ts";
import type { ZoneSetContent } from "../../zones/zone.ts";
import { judgeBoth, twoSets } from "../impact/judge-both.ts";
import type { Judgement } from "../impact/judge-drive.ts";
import { readReplayConfig } from "../replay/replay-config.ts";
import { openDriveSource } from "../replay/replay-source.ts";

/** What becomes of one drive's frames. */
export interface DriveChange {
  readonly drive: string;
  readonly frames: number;
  /** Frames that would be released, or released less blurred, than before. */
  readonly weaker: number;
  readonly stricter: number;
  /** The zones of the earlier verdicts of weaker frames, or their reasons, with the numbers of frames. */
  readonly zones: Readonly<Record<string, number>>;
}

export interface DriveOptions {
  readonly cameras: string;
  readonly fps: number;
}

const STRENGTH: Readonly<Record<Action, number>> = { pass: 0, blur: 1, drop: 2 };

/** Judges a drive by both sets and compares the verdicts of each frame. */
export async function compareDrive(
  drive: string,
  [before, after]: readonly [ZoneSetContent, ZoneSetContent],
  { cameras, fps }: DriveOptions,
): Promise<DriveChange> {
  const options = { cameras: parseCameras(cameras), topics: new Map(), folders: new Map(), fps };
  const source = await openDriveSource(drive, options, () => undefined);
  const { policy } = await readReplayConfig(undefined);
  const zones: Record<string, number> = {};
  let [frames, weaker, stricter] = [0, 0, 0];
  await judgeBoth(source, twoSets(before, after), policy, (_camera, _timeMs, was, becomes) => {
    frames++;
    const change = STRENGTH[becomes.action] - STRENGTH[was.action];
    if (change > 0) stricter++;
    if (change >= 0) return;
    weaker++;
    for (const id of blamed(was)) zones[id] = (zones[id] ?? 0) + 1;
  });
  return { drive, frames, weaker, stricter, zones };
}

/** A zone that is only being left is left at a margin that was drawn at random: such a frame says nothing about it. */
const blamed = ({ reason, zones }: Judgement) =>
  reason === "leaving" || zones.length === 0 ? [reason] : zones;
