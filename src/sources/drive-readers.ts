import { CamfenceError } from "../core/errors.ts";
import { byteLines } from "../core/lines.ts";
import type { DriveFile } from "./drive-file.ts";
import type { GnssReport } from "./fix.ts";
import { gpsdAssembler } from "./gpsd.ts";
import { gpxParser } from "./gpx.ts";
import { MAX_GPSD_LINE_BYTES, MAX_NMEA_LINE_BYTES } from "./line-bounds.ts";
import type { NmeaOptions } from "./nmea/nmea.ts";
import { nmeaAssembler } from "./nmea/nmea.ts";
import type { ReportAssembler } from "./report-assembler.ts";
import { lineTaker } from "./report-assembler.ts";
import type { Skip } from "./skipped.ts";
import { describeSkip } from "./skipped.ts";

/** 58 days at 1 Hz. */
const MAX_REPORTS = 5_000_000;

const MAX_GPX_BYTES = 256 * 1024 * 1024;

export interface DriveContent {
  readonly reports: readonly GnssReport[];
  readonly skipped: readonly Skip[];
  /** More that was left out, for a warning. */
  readonly notes?: readonly string[];
  /** Of a recording that has its own clock and images. */
  readonly recording?: RecordedDrive;
}

/** What a recording says of itself. */
export interface RecordedDrive {
  /** When each report was recorded: `arrivedMs[i]` is that of `reports[i]`, and none is before the one in front of it. */
  readonly arrivedMs: readonly number[];
  readonly imageTopics: readonly string[];
  /** When the first and the last of what is judged were recorded. */
  readonly startMs: number;
  readonly endMs: number;
}

export type DriveReader = (file: DriveFile, options: NmeaOptions) => Promise<DriveContent>;

export const readNmea: DriveReader = (file, options) =>
  readLines(file, nmeaAssembler(options), MAX_NMEA_LINE_BYTES, {
    record: "NMEA 0183 sentence",
    hint: "a receiver's binary log must be converted first (gpsd's gpsdecode or gpspipe -r do it)",
  });

export const readGpsd: DriveReader = (file) =>
  readLines(file, gpsdAssembler(), MAX_GPSD_LINE_BYTES, {
    record: "gpsd JSON record",
    hint: "expected one object per line, as gpspipe -w writes them",
  });

export const readGpx: DriveReader = async (file) => {
  if (file.sizeBytes > MAX_GPX_BYTES) throw tooLarge(file, `${MAX_GPX_BYTES / 1024 / 1024} MiB of GPX`);
  const decoder = new TextDecoder();
  const parser = gpxParser(file.path);
  for await (const chunk of file.chunks()) parser.push(decoder.decode(chunk, { stream: true }));
  return parser.end();
};

async function readLines(
  file: DriveFile,
  assembler: ReportAssembler,
  maxLineBytes: number,
  format: { readonly record: string; readonly hint: string },
): Promise<DriveContent> {
  const reports: GnssReport[] = [];
  const lines = byteLines(
    maxLineBytes,
    lineTaker(assembler, (report) => void reports.push(report)),
  );
  for await (const chunk of file.chunks()) {
    lines.push(chunk);
    if (reports.length > MAX_REPORTS) throw tooLarge(file, `${MAX_REPORTS} reports`);
  }
  lines.end();
  const last = assembler.flush();
  if (last !== undefined) reports.push(last);
  if (reports.length === 0) throw noReports(file, assembler, format);
  return { reports, skipped: assembler.skipped() };
}

function noReports(
  { path }: DriveFile,
  assembler: ReportAssembler,
  { record, hint }: { readonly record: string; readonly hint: string },
): CamfenceError {
  const skipped = assembler.skipped();
  const got =
    assembler.recordCount() === 0
      ? `no usable ${record}`
      : `no ${record} gives a position, or the lack of one, with its date and time`;
  const why = skipped.length === 0 ? hint : `left out: ${skipped.map(describeSkip).join(", ")}`;
  return new CamfenceError("malformed", `${path}: ${got}; ${why}`, {
    file: path,
    line: skipped[0]?.firstLine ?? 1,
  });
}

function tooLarge({ path }: DriveFile, bound: string): CamfenceError {
  return new CamfenceError("too-large", `${path}: holds more than ${bound}; split the drive`, { file: path });
}
