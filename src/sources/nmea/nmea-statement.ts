import type { Position } from "../../core/position.ts";
import {
  coordinate,
  date,
  dayStart,
  decimal,
  direction,
  knotsToMps,
  magnitude,
  timeOfDay,
} from "./nmea-fields.ts";
import type { StatedQuality } from "./nmea-quality.ts";
import { qualityOfGga, qualityOfModes, qualityOfStatus, withSatellites } from "./nmea-quality.ts";

/** A position and how fine its digits are. */
export interface Place extends Position {
  readonly unitDeg: number;
}

/** What one sentence says, and, merged, what an epoch says. Undefined: it says nothing of it. */
export interface Statement {
  readonly timeOfDayMs: number | undefined;
  /** Start of the UTC day. */
  readonly dateMs: number | undefined;
  /** `none` when the receiver says that it has no position. */
  readonly quality: StatedQuality;
  /** 1 no fix, 2 two-dimensional, 3 three-dimensional; the best of all GSA, one comes per constellation. */
  readonly gsaMode: number | undefined;
  readonly place: Place | undefined;
  readonly hdop: number | undefined;
  readonly sigmaM: number | undefined;
  readonly speedMps: number | undefined;
  readonly courseDeg: number | undefined;
}

export type StatementRole = "position" | "timed" | "untimed";

/** `position` sentences make an epoch, `timed` ones belong to the epoch of their time, `untimed` to the open one. */
export interface SentenceType {
  readonly role: StatementRole;
  /** Fewer fields than this is a sentence that was cut off: one more than we read where a number comes last. */
  readonly minFields: number;
  readonly read: (fields: readonly string[]) => Statement | undefined;
}

/** The sentences that are read; all others are none of our concern. */
export const SENTENCE_TYPES: ReadonlyMap<string, SentenceType> = new Map<string, SentenceType>([
  ["RMC", { role: "position", minFields: 9, read: rmc }],
  ["GGA", { role: "position", minFields: 9, read: gga }],
  ["GNS", { role: "position", minFields: 9, read: gns }],
  ["GLL", { role: "position", minFields: 6, read: gll }],
  ["GST", { role: "timed", minFields: 8, read: gst }],
  ["ZDA", { role: "timed", minFields: 4, read: zda }],
  ["VTG", { role: "untimed", minFields: 7, read: vtg }],
  ["GSA", { role: "untimed", minFields: 2, read: gsa }],
]);

/** The statement of a framed sentence; undefined when it does not follow the standard. */
export function statementOf(type: SentenceType, fields: readonly string[]): Statement | undefined {
  const statement = fields.length < type.minFields ? undefined : type.read(fields);
  return statement !== undefined && isSound(statement) ? statement : undefined;
}

function rmc(f: readonly string[]): Statement | undefined {
  const quality = qualityOfStatus(f[1], f[11]);
  return positioned(quality, f[0], place(f, 2), {
    dateMs: date(f[8]),
    speedMps: knotsToMps(magnitude(f[6])),
    courseDeg: direction(f[7]),
  });
}

function gga(f: readonly string[]): Statement | undefined {
  return positioned(withSatellites(qualityOfGga(f[5]), f[6]), f[0], place(f, 1), { hdop: magnitude(f[7]) });
}

function gns(f: readonly string[]): Statement | undefined {
  return positioned(withSatellites(qualityOfModes(f[5]), f[6]), f[0], place(f, 1), { hdop: magnitude(f[7]) });
}

function gll(f: readonly string[]): Statement | undefined {
  const quality = qualityOfStatus(f[5], f[6]);
  return positioned(quality, f[4], place(f, 0), {});
}

function gst(f: readonly string[]): Statement {
  const [major, minor, lat, lon] = [magnitude(f[2]), magnitude(f[3]), magnitude(f[5]), magnitude(f[6])];
  // Without the ellipse, √(σlat² + σlon²) is at least its larger axis.
  const sigmaM = major === undefined ? hypot(lat, lon) : Math.max(major, minor ?? 0);
  return { ...SILENT, timeOfDayMs: timeOfDay(f[0]), sigmaM };
}

function zda(f: readonly string[]): Statement {
  const [day, month, year] = [decimal(f[1]), decimal(f[2]), decimal(f[3])];
  const isDate = day !== undefined && month !== undefined && year !== undefined;
  return { ...SILENT, timeOfDayMs: timeOfDay(f[0]), dateMs: isDate ? dayStart(year, month, day) : undefined };
}

function vtg(f: readonly string[]): Statement {
  if (f[8] === "N") return SILENT;
  return { ...SILENT, speedMps: knotsToMps(magnitude(f[4])), courseDeg: direction(f[0]) };
}

function gsa(f: readonly string[]): Statement | undefined {
  const gsaMode = decimal(f[1]);
  // 2 modes + 12 satellites + 3 dilutions, from NMEA 4.1 on + 1 system id. Some receivers list more satellites.
  const isStandard = f.length === 17 || f.length === 18;
  return gsaMode === undefined ? undefined : { ...SILENT, gsaMode, hdop: magnitude(isStandard ? f[15] : "") };
}

/** A valid sentence without a position contradicts itself; a void one may hold the last known, which is ignored. */
function positioned(
  quality: StatedQuality | "malformed",
  time: string | undefined,
  where: Place | undefined,
  more: Partial<Statement>,
): Statement | undefined {
  if (quality === "malformed") return undefined;
  if (quality === "none") return { ...SILENT, quality, timeOfDayMs: timeOfDay(time), dateMs: more.dateMs };
  if (where === undefined) return undefined;
  return { ...SILENT, ...more, quality, timeOfDayMs: timeOfDay(time), place: where };
}

function place(f: readonly string[], at: number): Place | undefined {
  const lat = coordinate(f[at], f[at + 1], "lat");
  const lon = coordinate(f[at + 2], f[at + 3], "lon");
  if (lat === undefined || lon === undefined) return undefined;
  return { latDeg: lat.deg, lonDeg: lon.deg, unitDeg: Math.max(lat.unitDeg, lon.unitDeg) };
}

function hypot(lat: number | undefined, lon: number | undefined): number | undefined {
  return lat === undefined || lon === undefined ? undefined : Math.hypot(lat, lon);
}

function isSound(statement: Statement): boolean {
  const { timeOfDayMs, dateMs, gsaMode, place: where, hdop, sigmaM, speedMps, courseDeg } = statement;
  const numbers = [
    timeOfDayMs,
    dateMs,
    gsaMode,
    where?.latDeg,
    where?.lonDeg,
    hdop,
    sigmaM,
    speedMps,
    courseDeg,
  ];
  return !numbers.some(Number.isNaN);
}

export const SILENT: Statement = {
  timeOfDayMs: undefined,
  dateMs: undefined,
  quality: undefined,
  gsaMode: undefined,
  place: undefined,
  hdop: undefined,
  sigmaM: undefined,
  speedMps: undefined,
  courseDeg: undefined,
};
