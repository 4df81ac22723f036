import { CamfenceError } from "../../core/errors.ts";
import { parseCameras } from "../../sources/camera-option.ts";
import { checkCameras } from "../../sources/camera.ts";
import { isZonePath, numberOption } from "../arguments.ts";
import { matchCameras, parseTopics } from "../filter/camera-match.ts";
import type { Io } from "../io.ts";
import { loadZoneSet } from "../load-zone-set.ts";
import { readReplayConfig } from "../replay/replay-config.ts";
import type { ImpactTask } from "./job.ts";
import type { Values } from "./options.ts";

/* What a command asks of which drives. */

export async function loadBoth({ before, after }: Values, io: Io) {
  if (before === undefined || after === undefined)
    throw new CamfenceError("usage", "expected --before ZONES and --after ZONES; see --help");
  return {
    before: await loadZoneSet(before, io.nowMs(), io),
    after: await loadZoneSet(after, io.nowMs(), io),
  };
}

export function drivesOf(positionals: readonly string[]): readonly string[] {
  if (positionals.length === 0)
    throw new CamfenceError("usage", "got no drive, expected one or more; see --help");
  const zones = positionals.find(isZonePath);
  if (zones === undefined) return positionals;
  throw new CamfenceError(
    "usage",
    `${zones}: is a zone file, expected drives; give --before or --after for each`,
  );
}

export async function taskOf(values: Values, beforeHash: string, afterHash: string): Promise<ImpactTask> {
  const settings = await readReplayConfig(values.config);
  const cameras = values.cameras === undefined ? settings.cameras : parseCameras(values.cameras);
  const topics = parseTopics(values.topics ?? []);
  // Not once for each drive: a camera that is not there is a mistake of the command.
  matchCameras(cameras, topics);
  return {
    before: { paths: values.before ?? [], hash: beforeHash },
    after: { paths: values.after ?? [], hash: afterHash },
    cameras: cameras === null ? null : checkCameras(cameras),
    topics: Object.fromEntries(topics),
    fps: numberOption("fps", values.fps ?? "10", 0.001, 1000),
    accuracyM: values.accuracy === undefined ? null : numberOption("accuracy", values.accuracy, 0.001, 1e6),
    policy: settings.policy,
  };
}
