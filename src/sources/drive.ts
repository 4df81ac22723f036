import { basename, extname } from "node:path";
import { CamfenceError } from "../core/errors.ts";
import type { DriveFile } from "./drive-file.ts";
import { withDriveFile } from "./drive-file.ts";
import type { DriveContent, DriveReader, RecordedDrive } from "./drive-readers.ts";
import { readGpsd, readGpx, readNmea } from "./drive-readers.ts";
import type { Fix, GnssReport } from "./fix.ts";
import { isKittiFolder, readKittiDrive } from "./kitti.ts";
import type { NmeaOptions } from "./nmea/nmea.ts";
import type { Skip } from "./skipped.ts";

export interface DriveOptions extends NmeaOptions {
  /**
   * Radius in metres that holds the true position with 95 %, for fixes by satellites of which the drive states none;
   * over 0. Dead reckoning and typed-in places keep none: no number holds for them.
   * @default none: the guard takes its policy's `assumedAccuracyM`
   */
  readonly accuracyM?: number;
}

/** A recorded drive. */
export interface Drive {
  readonly name: string;
  /** In the order of the file, which is the order of arrival; not sorted by time, not freed of duplicates. */
  readonly reports: readonly GnssReport[];
  /** What was left out, for a warning. */
  readonly skipped: readonly Skip[];
  readonly notes?: readonly string[];
  readonly recording?: RecordedDrive;
  /** Folders of images by the camera's id, where the drive has them. */
  readonly imageFolders?: ReadonlyMap<string, string>;
}

interface DriveFormat {
  /** Lower case, with the dot. */
  readonly extensions: readonly string[];
  /** Tells the format by the first 64 KiB, for files whose name does not. */
  readonly looksLike: RegExp;
  /** A text says why it is not read. */
  readonly read: DriveReader | string;
}

// The order matters for content: gpsd's test logs hold NMEA sentences between JSON.
const FORMATS: readonly DriveFormat[] = [
  { extensions: [".gpx"], looksLike: /<(?:\w+:)?gpx[\s>]/, read: readGpx },
  {
    extensions: [".json", ".jsonl", ".ndjson"],
    looksLike: /^[\t ]*\{\s*"class"\s*:\s*"[A-Z]+"/m,
    read: readGpsd,
  },
  { extensions: [".nmea"], looksLike: /\$[A-OQ-Z][A-Z](?:RMC|GGA|GNS|GLL|ZDA|GSV|GSA),/, read: readNmea },
  { extensions: [".mcap"], looksLike: /^\u0089MCAP0/, read: readMcapFile },
  {
    extensions: [".yaml", ".yml"],
    looksLike: /^camfence:/,
    read: "a scenario is no recording, replay and simulate read it",
  },
];

/** Read only when it is needed: the readers of its encodings are large. */
async function readMcapFile(file: DriveFile): Promise<DriveContent> {
  return (await import("./mcap/mcap-drive.ts")).readMcapDrive(file);
}

/**
 * Reads a recorded drive: GPX, NMEA 0183, gpsd JSON or MCAP, told by the name, else by the content, or a folder of KITTI
 * raw. Throws a CamfenceError:
 * `unreadable`, `malformed` (with the line where there is one), `too-large`, `unsupported`, or `usage` for the options.
 */
export async function readDrive(path: string, options: DriveOptions = {}): Promise<Drive> {
  const { accuracyM } = options;
  if (accuracyM !== undefined && !(accuracyM > 0 && accuracyM < Number.POSITIVE_INFINITY)) {
    throw new CamfenceError("usage", `the accuracy is ${accuracyM}, expected metres over 0`);
  }
  if (await isKittiFolder(path)) {
    const drive = await readKittiDrive(path);
    return { ...drive, reports: withAccuracy(drive.reports, accuracyM) };
  }
  const content = await withDriveFile(path, (file) => readerOf(file)(file, options));
  return {
    name: basename(path, extname(path)),
    ...content,
    reports: withAccuracy(content.reports, accuracyM),
  };
}

function readerOf(file: DriveFile): DriveReader {
  const extension = extname(file.path).toLowerCase();
  const byName = FORMATS.find(({ extensions }) => extensions.includes(extension));
  const byContent = () => FORMATS.find(({ looksLike }) => looksLike.test(file.head));
  // A .log may hold anything; most are a receiver's, though its first sentence may come late.
  const read = (byName ?? byContent())?.read ?? (extension === ".log" ? readNmea : "its format is not known");
  if (typeof read !== "string") return read;
  const known = "a .gpx, an NMEA .nmea or .log, gpsd's .json or .jsonl, an .mcap, or a folder of KITTI raw";
  throw new CamfenceError("unsupported", `${file.path}: ${read}; give ${known}`, { file: file.path });
}

function withAccuracy(reports: readonly GnssReport[], accuracyM: number | undefined): readonly GnssReport[] {
  if (accuracyM === undefined) return reports;
  return reports.map((report) => (mayAssume(report) ? { ...report, accuracyM } : report));
}

function mayAssume(report: GnssReport): report is Fix {
  if (report.quality === "none" || report.accuracyM !== null) return false;
  return report.quality !== "estimated" && report.quality !== "manual";
}
