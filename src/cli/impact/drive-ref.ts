import { createWriteStream } from "node:fs";
import { mkdtemp, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, extname, join, posix, resolve } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CamfenceError, messageOf } from "../../core/errors.ts";

/** Of S3-compatible storage; keys come from the environment, as AWS's own tools take them. */
export interface S3Place {
  readonly endpoint: string | null;
  readonly region: string;
}

interface Named {
  /** The folder that the drive lies in. */
  readonly vehicle: string;
  readonly name: string;
  /** Changes with the content: size and time of the last change, or the store's own tag. */
  readonly version: string;
}

/** Where a drive lies. Plain data. */
export type DriveRef =
  | (Named & { readonly kind: "file"; readonly path: string })
  | (Named & { readonly kind: "s3"; readonly place: S3Place; readonly bucket: string; readonly key: string });

const DRIVE_NAMES = new Set([".gpx", ".nmea", ".log", ".json", ".jsonl", ".ndjson", ".mcap"]);
const MAX_DRIVES = 1_000_000;

/** The drives of files, folders (searched to the bottom) and `s3://bucket/prefix`, in the order of their names. */
export async function findDrives(given: readonly string[], place: S3Place): Promise<readonly DriveRef[]> {
  const found: DriveRef[] = [];
  for (const text of given) {
    const drives = text.startsWith("s3://") ? await inBucket(text, place) : await inFolder(text);
    if (drives.length === 0)
      throw new CamfenceError(
        "usage",
        `${text}: holds no drive, expected .gpx, .nmea, .log, .jsonl or .mcap files`,
      );
    found.push(...drives);
  }
  if (found.length > MAX_DRIVES)
    throw new CamfenceError("too-large", `got ${found.length} drives, at most ${MAX_DRIVES}`);
  return found;
}

/** Gives `use` a local file with the drive, which is removed afterwards if it was fetched. */
export async function withLocalDrive<T>(drive: DriveRef, use: (path: string) => Promise<T>): Promise<T> {
  if (drive.kind === "file") return use(drive.path);
  const dir = await mkdtemp(join(tmpdir(), "camfence-impact-"));
  const path = join(dir, posix.basename(drive.key));
  try {
    await fetchObject(drive, path);
    return await use(path);
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export function describeDrive(drive: DriveRef): string {
  return drive.kind === "file" ? drive.path : `s3://${drive.bucket}/${drive.key}`;
}

async function inFolder(path: string): Promise<readonly DriveRef[]> {
  const top = await statOf(path);
  if (!top.isDirectory()) return [await fileRef(path)];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => !entry.isDirectory() && isDriveName(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(paths.toSorted().map(fileRef));
}

async function fileRef(path: string): Promise<DriveRef> {
  const { size, mtimeMs } = await statOf(path);
  const full = resolve(path);
  return {
    kind: "file",
    path: full,
    vehicle: basename(dirname(full)),
    name: basename(path),
    version: `${size} ${mtimeMs}`,
  };
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

async function inBucket(url: string, place: S3Place): Promise<readonly DriveRef[]> {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
  if (bucket === "") throw new CamfenceError("usage", `${url}: expected s3://BUCKET/PREFIX`);
  const s3 = await clientOf(place);
  const found: DriveRef[] = [];
  let more: string | undefined;
  try {
    do {
      const token = more === undefined ? {} : { ContinuationToken: more };
      const page = await s3.listObjectsV2({ Bucket: bucket, Prefix: prefix, ...token });
      for (const { Key: key = "", ETag: version = "" } of page.Contents ?? []) {
        if (!isDriveName(key)) continue;
        const vehicle = posix.basename(posix.dirname(key));
        found.push({ kind: "s3", place, bucket, key, vehicle, name: posix.basename(key), version });
      }
      more = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (more !== undefined && found.length <= MAX_DRIVES);
  } catch (cause) {
    throw new CamfenceError("unreadable", `${url}: cannot be listed: ${messageOf(cause)}`, { cause });
  } finally {
    s3.destroy();
  }
  return found;
}

async function fetchObject(drive: DriveRef & { readonly kind: "s3" }, path: string): Promise<void> {
  const s3 = await clientOf(drive.place);
  try {
    // Not another drive's bytes: an object that was replaced since it was listed is refused by the store.
    const { Body } = await s3.getObject({ Bucket: drive.bucket, Key: drive.key, IfMatch: drive.version });
    await pipeline(Body as Readable, createWriteStream(path));
  } catch (cause) {
    const message = `${describeDrive(drive)}: cannot be read: ${messageOf(cause)}`;
    throw new CamfenceError("unreadable", message, { cause });
  } finally {
    s3.destroy();
  }
}

async function clientOf({ endpoint, region }: S3Place) {
  // Only here: drives on disk need no S3.
  const { S3 } = await import("@aws-sdk/client-s3");
  return new S3({
    ...(endpoint === null ? {} : { endpoint }),
    region,
    forcePathStyle: true,
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
}

function isDriveName(name: string): boolean {
  return DRIVE_NAMES.has(extname(name).toLowerCase());
}
