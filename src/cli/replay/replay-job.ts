import { CamfenceError } from "../../core/errors.ts";
import { parseCameras } from "../../sources/camera-option.ts";
import { isZonePath, numberOption } from "../arguments.ts";
import { parseTopics } from "../filter/camera-match.ts";
import { readReplayConfig } from "./replay-config.ts";
import type { ReplaySettings } from "./replay-config.ts";
import { openFolders } from "./replay-frames.ts";
import type { SourceOptions } from "./replay-source.ts";
import { AHEAD } from "./replay-source.ts";

/** What says which drives are played, past which zones, and what the cameras saw. */
export const JOB_OPTIONS = {
  zones: { type: "string", multiple: true },
  cameras: { type: "string" },
  topics: { type: "string", multiple: true },
  frames: { type: "string", multiple: true },
  fps: { type: "string" },
  accuracy: { type: "string" },
  config: { type: "string" },
} as const;

export const JOB_HELP = `  DRIVE              .gpx, .nmea, .log, gpsd's .json and .jsonl, .mcap, or a folder of KITTI raw
  --zones PATH…      zone files, or folders of .geojson files
  --cameras LIST     id:yaw:hfov of each camera, degrees             [the drive's own, or front:0:100]
  --topics ID=TOPIC  a recording's images of a camera; others are matched by /camera/ID and by frame id
  --frames ID=DIR    a camera's JPEG images, in name order; a timestamps.txt beside them gives their times
  --fps N            frames a second, where images have no times     [10]
  --accuracy M       95 % radius of fixes for which the drive states none
  --config FILE      policy and cameras, YAML or JSON`;

const MAX_FPS = 1000;

export interface Job {
  readonly drives: readonly string[];
  readonly zonePaths: readonly string[];
  readonly source: SourceOptions;
  readonly settings: ReplaySettings;
}

interface JobTexts {
  readonly zones?: readonly string[] | undefined;
  readonly topics?: readonly string[] | undefined;
  readonly frames?: readonly string[] | undefined;
  readonly cameras?: string | undefined;
  readonly fps?: string | undefined;
  readonly accuracy?: string | undefined;
  readonly config?: string | undefined;
}

/** Throws `usage`, or CamfenceError for a file that cannot be used. */
export async function replayJob(texts: JobTexts, positionals: readonly string[]): Promise<Job> {
  const drives = positionals.filter((path) => !isZonePath(path));
  if (drives.length === 0) throw new CamfenceError("usage", "got no drive, expected one or more; see --help");
  const settings = await readReplayConfig(texts.config);
  const zonePaths = [...(texts.zones ?? []), ...positionals.filter(isZonePath)];
  return { drives, zonePaths, settings, source: await sourceOptions(texts, settings) };
}

async function sourceOptions(texts: JobTexts, settings: ReplaySettings): Promise<SourceOptions> {
  const cameras = texts.cameras === undefined ? settings.cameras : parseCameras(texts.cameras);
  const { accuracy } = texts;
  return {
    cameras,
    topics: parseTopics(texts.topics ?? []),
    folders: await openFolders(texts.frames ?? [], cameras ?? [AHEAD]),
    fps: numberOption("fps", texts.fps ?? "10", 0.001, MAX_FPS),
    ...(accuracy !== undefined && { accuracyM: numberOption("accuracy", accuracy, 0.001, 1e6) }),
  };
}
