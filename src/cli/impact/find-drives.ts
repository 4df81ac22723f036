import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import { isKittiFolder } from "../../sources/kitti.ts";
import { drivesInBucket } from "./drive-bucket.ts";
import type { DriveRef, S3Place } from "./drive-ref.ts";
import { DRIVE_NAMES, describeDrive, isDriveName } from "./drive-ref.ts";

/** The drives that were found, and the files that are none by their names. */
export interface FoundDrives {
  readonly drives: readonly DriveRef[];
  readonly leftOut: readonly string[];
}

const MAX_DRIVES = 1_000_000;

/**
 * The drives of files, KITTI raw folders, folders of both (searched to the bottom) and `s3://bucket/prefix`, in the order
 * of their names. A drive that is found twice is one.
 */
export async function findDrives(given: readonly string[], place: S3Place): Promise<FoundDrives> {
  const found = new Map<string, DriveRef>();
  const leftOut: string[] = [];
  for (const text of given) {
    const { drives, leftOut: others } = text.startsWith("s3://")
      ? await drivesInBucket(text, place, MAX_DRIVES)
      : await drivesAt(text);
    if (drives.length === 0)
      throw new CamfenceError(
        "usage",
        `${text}: holds no drive, expected ${[...DRIVE_NAMES].join(", ")} files`,
      );
    for (const drive of drives) found.set(describeDrive(drive), drive);
    leftOut.push(...others);
  }
  if (found.size > MAX_DRIVES)
    throw new CamfenceError("too-large", `got ${found.size} drives, at most ${MAX_DRIVES}`);
  return { drives: [...found.values()], leftOut };
}

async function drivesAt(path: string): Promise<FoundDrives> {
  const top = await statOf(path);
  if (!top.isDirectory() || (await isKittiFolder(path)))
    return { drives: [await fileRef(path)], leftOut: [] };
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const kitti = entries
    .filter((entry) => entry.isDirectory() && entry.name === "data" && basename(entry.parentPath) === "oxts")
    .map((entry) => dirname(entry.parentPath));
  const files = entries
    .filter((entry) => !entry.isDirectory() && !kitti.some((folder) => isWithin(folder, entry.parentPath)))
    .map((entry) => join(entry.parentPath, entry.name));
  const paths = [...kitti, ...files.filter(isDriveName)];
  return {
    drives: await Promise.all(paths.toSorted().map(fileRefOrGone)),
    leftOut: files.filter((file) => !isDriveName(file) && !BESIDE_DRIVES.test(file)),
  };
}

/** What must come of a drive may be stated beside it. */
const BESIDE_DRIVES = /\.expect\.yaml$/;

function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

async function fileRef(path: string): Promise<DriveRef> {
  return refOf(path, await versionOf(path));
}

/** One of many that cannot be read is a drive that will be named as not judged: it hinders no other. */
async function fileRefOrGone(path: string): Promise<DriveRef> {
  return fileRef(path).catch((thrown: unknown) => refOf(path, messageOf(thrown)));
}

function refOf(path: string, version: string): DriveRef {
  const full = resolve(path);
  return { kind: "file", path: full, vehicle: basename(dirname(full)), name: basename(full), version };
}

/** A folder's is that of all that it holds. */
async function versionOf(path: string): Promise<string> {
  const { size, mtimeMs, isFolder } = await sizeOf(path);
  if (!isFolder) return `${size} ${mtimeMs}`;
  const names = await readdir(path, { recursive: true });
  const parts = await Promise.all(names.map((name) => sizeOf(join(path, name))));
  const bytes = parts.reduce((sum, part) => sum + (part.isFolder ? 0 : part.size), 0);
  return `${names.length} files, ${bytes} ${Math.max(mtimeMs, ...parts.map((part) => part.mtimeMs))}`;
}

async function sizeOf(path: string) {
  const stats = await statOf(path);
  return { size: stats.size, mtimeMs: stats.mtimeMs, isFolder: stats.isDirectory() };
}

async function statOf(path: string) {
  try {
    return await stat(path);
  } catch (cause) {
    throw new CamfenceError("unreadable", `${path}: cannot be read: ${messageOf(cause)}`, {
      file: path,
      cause,
    });
  }
}
