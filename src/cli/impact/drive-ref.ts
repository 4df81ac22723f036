import { extname } from "node:path";

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

/** Where a drive lies. Plain data: it travels to threads and other machines. */
export type DriveRef =
  | (Named & { readonly kind: "file"; readonly path: string })
  | (Named & { readonly kind: "s3"; readonly place: S3Place; readonly bucket: string; readonly key: string });

export function describeDrive(drive: DriveRef): string {
  return drive.kind === "file" ? drive.path : `s3://${drive.bucket}/${drive.key}`;
}

export const DRIVE_NAMES = new Set([".gpx", ".nmea", ".log", ".json", ".jsonl", ".ndjson", ".mcap"]);

export function isDriveName(name: string): boolean {
  return DRIVE_NAMES.has(extname(name).toLowerCase());
}
