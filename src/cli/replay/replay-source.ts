import { Camera } from "../../sources/camera.ts";
import type { Drive, DriveOptions } from "../../sources/drive.ts";
import { readDrive } from "../../sources/drive.ts";
import type { FrameIn } from "../../sources/frame.ts";
import { openImageFolder } from "../../sources/image-folder.ts";
import { describeSkip } from "../../sources/skipped.ts";
import { matchCameras } from "../filter/camera-match.ts";
import { recordedFrames } from "./recorded-frames.ts";
import type { FrameArrival } from "./replay-drive.ts";
import type { Folders } from "./replay-frames.ts";
import { framesOf } from "./replay-frames.ts";
import type { TimeLine } from "./time-lines.ts";
import { timeLines } from "./time-lines.ts";

export interface SourceOptions extends DriveOptions {
  /** null: those that the drive has; where it has none, one that looks ahead. */
  readonly cameras: readonly Camera[] | null;
  /** Camera ids by topic. */
  readonly topics: ReadonlyMap<string, string>;
  /** Images from elsewhere, which come before the drive's own. */
  readonly folders: Folders;
  readonly fps: number;
}

/** A drive with its frames: what `replayDrive` plays. */
export interface DriveSource {
  readonly drive: Drive;
  readonly lines: readonly TimeLine[];
  readonly cameras: readonly Camera[];
  /** Whether the cameras' ids are the ones that zone files name. */
  readonly camerasAreNamed: boolean;
  /** The rate of frames that are all made up; null where the drive has any of its own. */
  readonly madeUpFps: number | null;
  readonly framesOf: (
    line: TimeLine,
  ) => AsyncIterable<FrameIn | FrameArrival> | Iterable<FrameIn | FrameArrival>;
}

/** What a drive without images of its own is seen by. */
export const AHEAD = Camera.parse({ id: "front", yawDeg: 0, hfovDeg: 100 });

/** KITTI's cameras look ahead, with 81° (f = 721 px over 1242 px). */
const KITTI_HFOV_DEG = 90;

/** Reads a drive and finds its frames: the recording's, the folders', or made-up ones. Throws what `readDrive` throws. */
export async function openDriveSource(
  path: string,
  options: SourceOptions,
  warn: (line: string) => void,
): Promise<DriveSource> {
  const drive = await readDrive(
    path,
    options.accuracyM === undefined ? {} : { accuracyM: options.accuracyM },
  );
  for (const skip of drive.skipped) warn(`${path}: ${describeSkip(skip)}`);
  for (const note of drive.notes ?? []) warn(`${path}: ${note}`);
  const { recording, imageFolders } = drive;
  if (recording !== undefined && recording.imageTopics.length > 0 && options.folders.size === 0) {
    return recordedSource(path, drive, options, warn);
  }
  const lines = timeLines(drive.reports);
  const cameras = options.cameras ?? (imageFolders === undefined ? [AHEAD] : kittiCameras(imageFolders));
  const own = await ownFolders(cameras, drive);
  const folders = new Map([...own, ...options.folders]);
  return {
    drive,
    lines,
    cameras,
    camerasAreNamed: true,
    madeUpFps: folders.size === 0 ? options.fps : null,
    framesOf: (line) => framesOf(line, lines, cameras, folders, options.fps),
  };
}

function recordedSource(
  path: string,
  drive: Drive,
  options: SourceOptions,
  warn: (line: string) => void,
): DriveSource {
  const { arrivedMs, imageTopics, startMs, endMs } = drive.recording ?? NO_RECORDING;
  const match = matchCameras(options.cameras, options.topics);
  const around = imageTopics.flatMap((topic) => match.of(topic, "") ?? []);
  const arrivals = drive.reports.map((report, i) => ({ report, arrivedMs: arrivedMs[i] ?? Number.NaN }));
  return {
    drive,
    lines: [{ arrivals, startMs, endMs }],
    cameras: options.cameras ?? around,
    camerasAreNamed: options.cameras !== null,
    madeUpFps: null,
    framesOf: () => recordedFrames(path, match, (line) => warn(`${path}: ${line}`)),
  };
}

const NO_RECORDING = { arrivedMs: [], imageTopics: [], startMs: 0, endMs: 0 } as const;

function kittiCameras(folders: ReadonlyMap<string, string>): readonly Camera[] {
  if (folders.size === 0) return [AHEAD];
  return [...folders.keys()].map((id) => Camera.parse({ id, yawDeg: 0, hfovDeg: KITTI_HFOV_DEG }));
}

async function ownFolders(cameras: readonly Camera[], { imageFolders }: Drive): Promise<Folders> {
  const known = cameras.flatMap(({ id }) => {
    const dir = imageFolders?.get(id);
    return dir === undefined ? [] : [{ id, dir }];
  });
  const opened = await Promise.all(
    known.map(async ({ id, dir }) => [id, await openImageFolder(dir)] as const),
  );
  return new Map(opened);
}
