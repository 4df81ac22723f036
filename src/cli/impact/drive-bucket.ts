import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { DriveRef, S3Place } from "./drive-ref.ts";
import { describeDrive, isDriveName } from "./drive-ref.ts";
import type { FoundDrives } from "./find-drives.ts";

/** A store that says nothing for so long is as good as gone. */
const CONNECT_MS = 10_000;
const SILENCE_MS = 60_000;

/** The objects of `s3://bucket/prefix`, up to `most`, in the order of their keys. */
export async function drivesInBucket(url: string, place: S3Place, most: number): Promise<FoundDrives> {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
  if (bucket === "") throw new CamfenceError("usage", `${url}: expected s3://BUCKET/PREFIX`);
  const s3 = await clientOf(place);
  const drives: DriveRef[] = [];
  const leftOut: string[] = [];
  let more: string | undefined;
  try {
    do {
      const token = more === undefined ? {} : { ContinuationToken: more };
      const page = await s3.listObjectsV2({ Bucket: bucket, Prefix: prefix, ...token });
      for (const { Key: key = "", ETag: version = "" } of page.Contents ?? []) {
        const vehicle = posix.basename(posix.dirname(key));
        if (isDriveName(key))
          drives.push({ kind: "s3", place, bucket, key, vehicle, name: posix.basename(key), version });
        // A key that ends so stands for a folder.
        else if (!key.endsWith("/")) leftOut.push(`s3://${bucket}/${key}`);
      }
      more = page.IsTruncated === true ? page.NextContinuationToken : undefined;
    } while (more !== undefined && drives.length + leftOut.length <= most);
  } catch (cause) {
    throw new CamfenceError("unreadable", `${url}: cannot be listed: ${messageOf(cause)}`, { cause });
  } finally {
    s3.destroy();
  }
  return { drives, leftOut };
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
    requestHandler: { connectionTimeout: CONNECT_MS, socketTimeout: SILENCE_MS },
  });
}
