import { CamfenceError } from "../core/errors.ts";
import type { Camera } from "../sources/camera.ts";
import type { FrameIn } from "../sources/frame.ts";
import type { ImageFolder } from "../sources/image-folder.ts";
import { imageFolderFrames, openImageFolder } from "../sources/image-folder.ts";
import { syntheticFrames } from "../sources/synthetic-frames.ts";
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
 * Images with times of their own come at those, wherever the drive is then.
 */
export function framesOf(
  line: TimeLine,
  cameras: readonly Camera[],
  folders: Folders,
  fps: number,
): AsyncIterable<FrameIn> | Iterable<FrameIn> {
  const clock = { fps, startMs: line.startMs, endMs: line.endMs };
  const synthetic = syntheticFrames(
    cameras.filter(({ id }) => !folders.has(id)),
    clock,
  );
  if (folders.size === 0) return synthetic;
  const images = [...folders].map(([camera, folder]) => imageFolderFrames(folder, camera, clock));
  return mergeByTime([synthetic, ...images]);
}

/** Merges streams that are each in time order. Of equal times the earlier stream's comes first. */
async function* mergeByTime(streams: readonly (AsyncIterable<FrameIn> | Iterable<FrameIn>)[]) {
  const iterators = streams.map((stream) =>
    Symbol.asyncIterator in stream ? stream[Symbol.asyncIterator]() : stream[Symbol.iterator](),
  );
  const heads = await Promise.all(iterators.map(async (iterator) => iterator.next()));
  for (;;) {
    let first = -1;
    for (const [i, head] of heads.entries()) {
      if (head.done === true) continue;
      const best = heads[first];
      if (best === undefined || best.done === true || head.value.timeMs < best.value.timeMs) first = i;
    }
    const [head, iterator] = [heads[first], iterators[first]];
    if (head === undefined || head.done === true || iterator === undefined) return;
    yield head.value;
    heads[first] = await iterator.next();
  }
}
