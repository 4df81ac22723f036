import { createReadStream } from "node:fs";
import { basename } from "node:path";
import { createInterface } from "node:readline";
import * as z from "zod";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { parseIsoMs } from "../../core/time.ts";
import type { Reason } from "../../gate/verdict.ts";
import { REASONS } from "../../gate/verdict.ts";
import type { Camera } from "../../sources/camera.ts";
import type { DriveOnMap } from "../../web/map/map-state.ts";
import { createDriveTrack } from "../../web/map/drive-track.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { readReplayConfig } from "../replay/replay-config.ts";
import { replayDrive } from "../replay/replay-drive.ts";
import { openDriveSource } from "../replay/replay-source.ts";

/** Frames a second, where a drive has none of its own. */
const FPS = 10;

export interface DriveJob {
  readonly drives: readonly string[];
  /** null: the drive's own, or one that looks ahead. */
  readonly cameras: readonly Camera[] | null;
  readonly warn: (line: string) => void;
}

/** Judges drives as `camfence replay` does; a verdicts.jsonl was judged already. One that cannot be read says why. */
export async function judgeDrives(job: DriveJob, zones: ZoneSet): Promise<readonly DriveOnMap[]> {
  const drives: DriveOnMap[] = [];
  for (const path of job.drives) {
    try {
      drives.push((await isVerdicts(path)) ? await readVerdicts(path) : await judged(path, job, zones));
    } catch (thrown) {
      const problem = messageOf(thrown);
      job.warn(problem);
      drives.push({ name: basename(path), problem, frames: { pass: 0, blur: 0, drop: 0 }, pieces: [] });
    }
  }
  return drives;
}

async function judged(path: string, { cameras, warn }: DriveJob, zones: ZoneSet): Promise<DriveOnMap> {
  const options = { cameras, topics: new Map<string, string>(), folders: new Map(), fps: FPS };
  const source = await openDriveSource(path, options, warn);
  const track = createDriveTrack();
  await replayDrive({
    lines: source.lines,
    zones,
    cameras: source.cameras,
    framesOf: source.framesOf,
    policy: (await readReplayConfig(undefined)).policy,
    onOutcome: ({ record }) => track.add(record),
    onRevocation: ({ afterMs, untilMs }) => track.revoke(afterMs, untilMs),
    onProgress: () => undefined,
  });
  return track.built(source.drive.name);
}

/** What a line of `verdicts.jsonl` must have; it may have more. */
const VerdictLine = z.object({
  time: z.string(),
  camera: z.string(),
  action: z.enum(["pass", "blur", "drop"]),
  reason: z.string().refine(isReason),
  zones: z.array(z.string()),
  lonDeg: z.number().min(-180).max(180).nullable(),
  latDeg: z.number().min(-90).max(90).nullable(),
});

function isReason(text: string): text is Reason {
  return REASONS.some((reason) => reason === text);
}

async function* linesOf(path: string): AsyncGenerator<string> {
  const input = createReadStream(path, "utf8");
  try {
    yield* createInterface({ input, crlfDelay: Infinity });
  } finally {
    input.destroy();
  }
}

async function isVerdicts(path: string): Promise<boolean> {
  if (!/\.jsonl$/i.test(path)) return false;
  for await (const line of linesOf(path)) return lineOf(line) !== null;
  return false;
}

async function readVerdicts(path: string): Promise<DriveOnMap> {
  const track = createDriveTrack();
  let number = 0;
  for await (const text of linesOf(path)) {
    number += 1;
    const line = lineOf(text);
    if (line === null)
      throw new CamfenceError("malformed", `${path}:${number}: expected a line of a replay's verdicts.jsonl`);
    track.add({ ...line, timeMs: parseIsoMs(line.time) });
  }
  return track.built(basename(path));
}

function lineOf(text: string) {
  try {
    const parsed = VerdictLine.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}
