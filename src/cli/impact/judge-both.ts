import { GuardPolicy } from "../../config.ts";
import type { GuardPolicyInput } from "../../config.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { compileZoneSet } from "../../zones/zone-set.ts";
import type { ZoneSetContent } from "../../zones/zone.ts";
import { everyCamera } from "../load-zone-set.ts";
import type { DriveSource } from "../replay/replay-source.ts";
import { judgeByReplay } from "./judge-by-replay.ts";
import type { OnFrame, SetPair } from "./judge-drive.ts";
import { judgeDrive } from "./judge-drive.ts";

/** Two zone sets, also as they are for cameras whose ids nobody knows. */
export interface TwoSets {
  readonly asStated: SetPair;
  forAnyCamera(): SetPair;
}

export function twoSets(before: ZoneSetContent, after: ZoneSetContent): TwoSets {
  let any: SetPair | null = null;
  const compiled = (content: ZoneSetContent): ZoneSet => compileZoneSet(everyCamera(content));
  return {
    asStated: { before: compileZoneSet(before), after: compileZoneSet(after) },
    forAnyCamera: () => (any ??= { before: compiled(before), after: compiled(after) }),
  };
}

/** Judges every frame of a drive by two zone sets, each verdict as `replay` has it. */
export async function judgeBoth(
  source: DriveSource,
  sets: TwoSets,
  policy: GuardPolicyInput,
  onFrame: OnFrame,
): Promise<void> {
  const { lines, cameras, madeUpFps } = source;
  const pair = source.camerasAreNamed ? sets.asStated : sets.forAnyCamera();
  const complete = GuardPolicy.parse(policy);
  if (madeUpFps === null || complete.gate.holdMs > 0) return judgeByReplay(source, pair, policy, onFrame);
  judgeDrive({ lines, ...pair, cameras, fps: madeUpFps, policy: complete }, onFrame);
}
