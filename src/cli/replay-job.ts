import { CamfenceError } from "../core/errors.ts";
import { parseCameras } from "../sources/camera-option.ts";
import type { Camera } from "../sources/camera.ts";
import { isZonePath, numberOption } from "./arguments.ts";
import { readReplayConfig } from "./replay-config.ts";
import type { ReplaySettings } from "./replay-config.ts";
import type { Folders } from "./replay-frames.ts";
import { openFolders } from "./replay-frames.ts";

/** What says which drives are played, past which zones, and what the cameras saw. */
export const JOB_OPTIONS = {
  zones: { type: "string", multiple: true },
  cameras: { type: "string" },
  frames: { type: "string", multiple: true },
  fps: { type: "string" },
  accuracy: { type: "string" },
  config: { type: "string" },
} as const;

export const JOB_HELP = `  DRIVE              .gpx, .nmea, .log, or gpsd's .json and .jsonl
  --zones PATH…      zone files, or folders of .geojson files
  --cameras LIST     id:yaw:hfov of each camera, degrees             [front:0:100]
  --frames ID=DIR    a camera's JPEG images, in name order; a timestamps.txt beside them gives their times
  --fps N            frames a second, where images have no times     [10]
  --accuracy M       95 % radius of fixes for which the drive states none
  --config FILE      policy and cameras, YAML or JSON`;

const DEFAULT_CAMERAS = "front:0:100";
const MAX_FPS = 1000;

export interface Job {
  readonly drives: readonly string[];
  readonly zonePaths: readonly string[];
  readonly cameras: readonly Camera[];
  readonly folders: Folders;
  readonly settings: ReplaySettings;
  readonly fps: number;
  readonly accuracyM: number | null;
}

interface JobTexts {
  readonly zones?: readonly string[] | undefined;
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
  const cameras =
    texts.cameras === undefined && settings.cameras !== null
      ? settings.cameras
      : parseCameras(texts.cameras ?? DEFAULT_CAMERAS);
  return {
    drives,
    zonePaths: [...(texts.zones ?? []), ...positionals.filter(isZonePath)],
    cameras,
    folders: await openFolders(texts.frames ?? [], cameras),
    settings,
    fps: numberOption("fps", texts.fps ?? "10", 0.001, MAX_FPS),
    accuracyM: texts.accuracy === undefined ? null : numberOption("accuracy", texts.accuracy, 0.001, 1e6),
  };
}
