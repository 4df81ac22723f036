import { readFile, readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { CamfenceError, messageOf } from "../core/errors.ts";
import { accuracyFromSigmaM } from "./accuracy.ts";
import type { Drive } from "./drive.ts";
import type { Fix, GnssReport } from "./fix.ts";
import { readTimestamps } from "./timestamps.ts";

/** Columns of `oxts/data/*.txt`, as `oxts/dataformat.txt` of KITTI raw numbers them. */
const COLUMN = { lat: 0, lon: 1, vn: 6, ve: 7, posAccuracy: 23, posMode: 27 } as const;
const COLUMNS = 30;

/** A drive of an hour at 100 Hz. */
const MAX_PACKETS = 360_000;

/** True for a folder that holds `oxts/`, which KITTI raw has for GPS and inertial measurements. */
export async function isKittiFolder(path: string): Promise<boolean> {
  return (await isFolder(path)) && (await isFolder(join(path, "oxts", "data")));
}

/**
 * Reads a drive of KITTI raw (`2011_09_26_drive_0001_sync`, or the unsynchronised kind): a fix per file of `oxts/data`
 * at its time in `oxts/timestamps.txt`, and the image folders beside. Its times have no zone and are taken as UTC, all
 * alike, so that positions and images stay together. `pos_accuracy` is taken as one sigma. Throws CamfenceError
 * `malformed` with the file, or `unreadable`.
 */
export async function readKittiDrive(path: string): Promise<Drive> {
  const timesFile = join(path, "oxts", "timestamps.txt");
  const timesMs = await readTimestamps(timesFile);
  const names = (await listed(join(path, "oxts", "data"))).filter((name) => name.endsWith(".txt"));
  if (timesMs === undefined) throw malformed(timesFile, "is missing");
  if (names.length > MAX_PACKETS) throw malformed(path, `has more than ${MAX_PACKETS} positions`);
  if (names.length === 0 || names.length !== timesMs.length) {
    throw malformed(
      timesFile,
      `has ${timesMs.length} times for ${names.length} positions, expected one each`,
    );
  }
  const reports: GnssReport[] = [];
  for (const [i, name] of names.entries()) {
    const file = join(path, "oxts", "data", name);
    reports.push(reportOf(await textOf(file), timesMs[i] ?? Number.NaN, file));
  }
  return { name: basename(resolve(path)), reports, skipped: [], imageFolders: await imageFolders(path) };
}

/** `image_00` to `image_03`, by these names. */
async function imageFolders(path: string): Promise<ReadonlyMap<string, string>> {
  const folders = new Map<string, string>();
  for (const name of await listed(path)) {
    const data = join(path, name, "data");
    if (/^image_\d\d$/.test(name) && (await isFolder(data))) folders.set(name, data);
  }
  return folders;
}

function reportOf(text: string, timeMs: number, file: string): GnssReport {
  const columns = text.trim().split(/\s+/).map(Number);
  const [latDeg, lonDeg] = [columns[COLUMN.lat] ?? Number.NaN, columns[COLUMN.lon] ?? Number.NaN];
  if (columns.length !== COLUMNS || !(Math.abs(latDeg) <= 90) || !(Math.abs(lonDeg) <= 180)) {
    throw malformed(
      file,
      `has ${columns.length} columns that begin with "${text.slice(0, 40)}", expected 30 numbers`,
    );
  }
  const [vn, ve] = [columns[COLUMN.vn] ?? Number.NaN, columns[COLUMN.ve] ?? Number.NaN];
  const speedMps = Math.hypot(vn, ve);
  const quality = QUALITY_BY_MODE.get(columns[COLUMN.posMode] ?? -1) ?? "estimated";
  return {
    timeMs,
    latDeg,
    lonDeg,
    accuracyM: accuracyFromSigmaM(columns[COLUMN.posAccuracy]),
    speedMps: Number.isFinite(speedMps) ? speedMps : null,
    courseDeg: speedMps > 0 ? ((Math.atan2(ve, vn) * 180) / Math.PI + 360) % 360 : null,
    quality,
  };
}

/** OxTS NCOM position modes; without satellites the unit goes on by its inertial sensors. */
const QUALITY_BY_MODE: ReadonlyMap<number, Fix["quality"]> = new Map([
  [3, "autonomous"],
  [4, "differential"],
  [5, "rtk-float"],
  [6, "rtk-fixed"],
  [7, "differential"],
  [8, "differential"],
  [9, "differential"],
]);

async function isFolder(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isDirectory() === true;
}

async function listed(folder: string): Promise<readonly string[]> {
  return (await orUnreadable(folder, readdir(folder))).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

async function textOf(file: string): Promise<string> {
  return orUnreadable(file, readFile(file, "latin1"));
}

async function orUnreadable<T>(file: string, attempt: Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (cause) {
    throw new CamfenceError("unreadable", `${file}: cannot be read: ${messageOf(cause)}`, { file, cause });
  }
}

function malformed(file: string, what: string): CamfenceError {
  return new CamfenceError("malformed", `${file}: ${what}`, { file });
}
