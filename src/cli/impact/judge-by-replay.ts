import type { GuardPolicyInput } from "../../config.ts";
import { CamfenceError } from "../../core/errors.ts";
import type { Position } from "../../core/position.ts";
import type { VerdictRecord } from "../../gate/record.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { replayDrive } from "../replay/replay-drive.ts";
import type { DriveSource } from "../replay/replay-source.ts";
import type { Judgement, OnFrame, SetPair } from "./judge-drive.ts";

/** Frames of one camera in a row that are judged alike. */
interface Run {
  readonly judged: Judgement;
  frames: number;
}

/**
 * Judges every frame of a drive by two zone sets by replaying it with each: its own images, in the order of their
 * arrival, are checked, held and redacted as in the vehicle. The frames of a camera come out in the order in which they
 * came in, whatever the zones: so they are joined.
 */
export async function judgeByReplay(
  source: DriveSource,
  { before, after }: SetPair,
  policy: GuardPolicyInput,
  onFrame: OnFrame,
): Promise<void> {
  const was = new Map<string, Run[]>();
  await play(source, before, policy, (camera, _, judged) => remember(was, camera, judged));
  const reading = new Map([...was].map(([camera, runs]) => [camera, readerOf(runs)]));
  await play(source, after, policy, (camera, timeMs, becomes) => {
    const earlier = reading.get(camera)?.() ?? null;
    if (earlier === null)
      throw new CamfenceError(
        "fault",
        `${source.drive.name}: camera ${camera} gave other frames when played again`,
      );
    onFrame(camera, timeMs, earlier, becomes, placeOf(becomes));
  });
}

type OnJudged = (camera: string, timeMs: number, record: VerdictRecord) => void;

function placeOf({ latDeg, lonDeg }: VerdictRecord): Position | null {
  return latDeg === null || lonDeg === null ? null : { latDeg, lonDeg };
}

async function play(source: DriveSource, zones: ZoneSet, policy: GuardPolicyInput, onJudged: OnJudged) {
  await replayDrive({
    lines: source.lines,
    zones,
    cameras: source.cameras,
    framesOf: source.framesOf,
    policy,
    onOutcome: ({ record }) => onJudged(record.camera, record.timeMs, record),
    onRevocation: () => {},
    onProgress: () => {},
  });
}

function remember(all: Map<string, Run[]>, camera: string, { action, reason, zones }: Judgement): void {
  const runs = all.get(camera) ?? [];
  all.set(camera, runs);
  const last = runs.at(-1);
  const isSame =
    last?.judged.action === action &&
    last.judged.reason === reason &&
    last.judged.zones.join() === zones.join();
  if (isSame) last.frames++;
  else runs.push({ judged: { action, reason, zones }, frames: 1 });
}

/** The judgements one by one; null after the last. */
function readerOf(runs: readonly Run[]): () => Judgement | null {
  let [next, read] = [0, 0];
  return () => {
    const run = runs[next];
    if (run === undefined) return null;
    read++;
    if (read === run.frames) [next, read] = [next + 1, 0];
    return run.judged;
  };
}
