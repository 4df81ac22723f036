import { readdir, readFile, stat } from "node:fs/promises";
import { dirname, extname, join, resolve } from "node:path";
import { CamfenceError, messageOf } from "../core/errors.ts";
import type { FrameIn } from "./frame.ts";
import type { FrameClock } from "./frame-times.ts";
import { frameTimes } from "./frame-times.ts";
import { jpegSize } from "./jpeg-size.ts";
import { readTimestamps } from "./timestamps.ts";

/** Images repeat, so they are kept in memory up to this; the rest is read again each time. */
const CACHE_BYTES = 512 * 1024 * 1024;

/** A frame of 8192 × 8192 at 1 byte per pixel; more is no camera's JPEG. */
const MAX_IMAGE_BYTES = 64 * 1024 * 1024;

const EXTENSIONS = [".jpg", ".jpeg", ".png"];

export interface ImageFolder {
  /** JPEG and PNG files by name, code unit by code unit, so `2.jpg` comes after `10.jpg`. */
  readonly files: readonly string[];
  /** When each was taken, where a `timestamps.txt` says so. */
  readonly timesMs: readonly number[] | undefined;
}

/**
 * Lists the JPEG and PNG files of a folder, and their times when a `timestamps.txt` is in it or, as KITTI raw keeps it, in
 * its parent. Throws a CamfenceError when there are no images, or when there is not one time per image.
 */
export async function openImageFolder(dir: string): Promise<ImageFolder> {
  const names = await readdir(dir).catch((cause: unknown) => {
    throw new CamfenceError("unreadable", `${dir}: cannot be read: ${messageOf(cause)}`, {
      file: dir,
      cause,
    });
  });
  const images = names
    .filter((name) => EXTENSIONS.includes(extname(name).toLowerCase()))
    .toSorted(byCodeUnits);
  if (images.length === 0) {
    const message = `${dir}: holds no .jpg, .jpeg or .png file; other image formats are not read`;
    throw new CamfenceError("malformed", message, { file: dir });
  }
  const files = images.map((name) => join(dir, name));
  return { files, timesMs: await timesOf(dir, files.length) };
}

async function timesOf(dir: string, imageCount: number): Promise<readonly number[] | undefined> {
  for (const place of [dir, dirname(resolve(dir))]) {
    const file = join(place, "timestamps.txt");
    const timesMs = await readTimestamps(file);
    if (timesMs === undefined) continue;
    if (timesMs.length === imageCount) return timesMs;
    const message = `${file}: has ${timesMs.length} times for the ${imageCount} images of ${dir}; expected one per image`;
    throw new CamfenceError("malformed", message, { file });
  }
  return undefined;
}

/**
 * The folder's images as frames of one camera, in time order: at their own times, or, without any, one per time of the
 * clock, over and over until its end. PNGs become pixels. A file that cannot be read becomes a broken frame that names it.
 * Frames of the same file share its bytes, which must not be written to.
 */
export async function* imageFolderFrames(
  { files, timesMs }: ImageFolder,
  camera: string,
  clock: FrameClock,
): AsyncGenerator<FrameIn> {
  const load = imageCache();
  const times = frameTimes(clock);
  const count = timesMs?.length ?? times.count;
  for (let seq = 0; seq < count; seq += 1) {
    const image = await load(files[seq % files.length] ?? "");
    yield { camera, timeMs: timesMs?.[seq] ?? times.timeMs(seq), seq, ...image };
  }
}

type Image =
  Pick<Extract<FrameIn, { data: unknown }>, "width" | "height" | "format" | "data" | "keyframe"> | Broken;
interface Broken {
  readonly broken: string;
}

function imageCache(): (file: string) => Promise<Image> {
  const kept = new Map<string, Image>();
  let keptBytes = 0;
  return async (file) => {
    const known = kept.get(file);
    if (known !== undefined) return known;
    const image = await readImage(file);
    const sizeBytes = "data" in image ? image.data.length : 0;
    if (keptBytes + sizeBytes > CACHE_BYTES) return image;
    keptBytes += sizeBytes;
    kept.set(file, image);
    return image;
  };
}

async function readImage(file: string): Promise<Image> {
  try {
    const stats = await stat(file);
    if (!stats.isFile()) return { broken: `${file}: is no file` };
    if (stats.size > MAX_IMAGE_BYTES) return { broken: `${file}: is over ${MAX_IMAGE_BYTES} bytes` };
    const data = new Uint8Array(await readFile(file));
    if (data[0] === PNG_FIRST_BYTE) return await readPng(file, data);
    const size = jpegSize(data);
    if (size.kind === "broken") return { broken: `${file}: ${size.reason}` };
    return { width: size.width, height: size.height, format: "jpeg", data, keyframe: true };
  } catch (error) {
    return { broken: `${file}: cannot be read: ${messageOf(error)}` };
  }
}

/** Of every PNG's signature; a JPEG's is 0xff. */
const PNG_FIRST_BYTE = 0x89;

/** Decoded, since a frame has no format for it: grey stays grey, anything else is RGB without transparency. */
async function readPng(file: string, png: Uint8Array): Promise<Image> {
  const { default: sharp } = await import("sharp");
  const picture = sharp(png, { limitInputPixels: MAX_IMAGE_PIXELS }).removeAlpha();
  const { channels } = await picture.metadata();
  const isGrey = channels <= 2;
  const { data, info } = await picture
    .toColourspace(isGrey ? "b-w" : "srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== (isGrey ? 1 : 3)) return { broken: `${file}: has ${info.channels} channels` };
  const { width, height } = info;
  return { width, height, format: isGrey ? "gray8" : "rgb24", data: new Uint8Array(data), keyframe: true };
}

const MAX_IMAGE_PIXELS = 8192 * 8192;

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
