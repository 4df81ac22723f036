import { CamfenceError } from "../../core/errors.ts";
import { mergeByTime } from "../../core/merge-by-time.ts";
import type { Camera } from "../../sources/camera.ts";
import type { FrameIn } from "../../sources/frame.ts";
import type { ImageFolder } from "../../sources/image-folder.ts";
import { imageFolderFrames, openImageFolder } from "../../sources/image-folder.ts";
import { syntheticFrames } from "../../sources/synthetic-frames.ts";
import type { TimeLine } from "./time-lines.ts";

/** Image folders by camera id. */
export type Folders = ReadonlyMap<string, ImageFolder>;

/** Opens the folders of `--frames front=DIR`, given once or more. Throws `usage` for one that names no camera. */
export async function openFolders(texts: readonly string[], cameras: readonly Camera[]): Promise<Folders> {
  const folders = new Map<string, ImageFolder>();
  for (const text of texts.flatMap((each) => each.split(","))) {
    const [, camera, dir] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (camera === undefined || dir === undefined || !cameras.some(({ id }) => id === camera)) {
      const ids = cameras.map(({ id }) => id).join(", ");
      throw new CamfenceError(
        "usage",
        `--frames: got "${text}", expected CAMERA=DIR with a camera of ${ids}`,
      );
    }
    folders.set(camera, await openImageFolder(dir));
  }
  return folders;
}

/**
 * The frames of all cameras over one time line, in time order: a camera's images, or made-up ones where it has none.
 * Images with times of their own come at those: on the first line that reaches so far, else on the last.
 */
export function framesOf(
  line: TimeLine,
  lines: readonly TimeLine[],
  cameras: readonly Camera[],
  folders: Folders,
  fps: number,
): AsyncIterable<FrameIn> | Iterable<FrameIn> {
  const clock = { fps, startMs: line.startMs, endMs: line.endMs };
  if (folders.size === 0) return syntheticFrames(cameras, clock);
  return mergeByTime<FrameIn>(
    cameras.map((camera) => {
      const folder = folders.get(camera.id);
      if (folder === undefined) return syntheticFrames([camera], clock);
      const images = imageFolderFrames(folder, camera.id, clock);
      return folder.timesMs === undefined || lines.length === 1 ? images : onLine(line, lines, images);
    }),
  );
}

async function* onLine(line: TimeLine, lines: readonly TimeLine[], frames: AsyncIterable<FrameIn>) {
  for await (const frame of frames) {
    const home = lines.find(({ endMs }) => frame.timeMs <= endMs) ?? lines.at(-1);
    if (home === line) yield frame;
  }
}
