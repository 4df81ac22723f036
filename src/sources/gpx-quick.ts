import type { GnssReport } from "./fix.ts";
import { isCoordinate, openPoint, pointReport } from "./gpx-point.ts";
import type { TrackPoint } from "./gpx-point.ts";
import { parseUtcMs } from "./utc.ts";

/** Track points in a row that were read. */
export interface QuickPoints {
  /** Where reading goes on: behind the last of them. */
  readonly end: number;
  /** Ends of lines among them. */
  readonly newlines: number;
}

/**
 * Reads track points as most programs write them: `lat` before `lon`, no attributes within, no comments, no entities,
 * with a time. Begins behind a track point in a segment, and ends before whatever is written otherwise, which is left to
 * the XML parser. Most of the time of reading a fleet's GPX went there; a test holds that both say the same.
 */
export function quickPoints(text: string, start: number, take: (report: GnssReport) => void): QuickPoints {
  at = start;
  newlines = 0;
  let end = start;
  let endNewlines = 0;
  for (let report = nextPoint(text); report !== null; report = nextPoint(text)) {
    take(report);
    end = at;
    endNewlines = newlines;
  }
  return { end, newlines: endNewlines };
}

/** The place of the reader, of which there is one: an object would cost more than what is read. */
let at = 0;
let newlines = 0;

const [LAT, LON, OPEN_END] = ['<trkpt lat="', '" lon="', '">'];
const MAX_TEXT = 256;
const MAX_DEPTH = 8;

function nextPoint(text: string): GnssReport | null {
  const point = openedPoint(text);
  if (point === null || !readElements(text, point)) return null;
  if (Number.isNaN(parseUtcMs(point.said.get("time") ?? ""))) return null;
  return pointReport(point, failed) ?? null;
}

function openedPoint(text: string): TrackPoint | null {
  skipBlank(text);
  if (!text.startsWith(LAT, at)) return null;
  const latEnd = text.indexOf('"', at + LAT.length);
  if (latEnd < 0 || !text.startsWith(LON, latEnd)) return null;
  const lonEnd = text.indexOf('"', latEnd + LON.length);
  if (lonEnd < 0 || !text.startsWith(OPEN_END, lonEnd)) return null;
  const lat = text.slice(at + LAT.length, latEnd);
  const lon = text.slice(latEnd + LON.length, lonEnd);
  at = lonEnd + OPEN_END.length;
  return isCoordinate(lat, 90) && isCoordinate(lon, 180) ? openPoint({ lat, lon }, 0, failed) : null;
}

/** All has been looked at before that could fail. */
const failed = (message: string): never => {
  throw new Error(message);
};

/** Up to the end of the point; false for one that is written otherwise. */
function readElements(text: string, point: TrackPoint): boolean {
  const path = ["trkpt"];
  for (;;) {
    skipBlank(text);
    if (text.charCodeAt(at) !== LESS) return false;
    const isEnd = text.charCodeAt(at + 1) === SLASH;
    const name = nameAt(text, at + (isEnd ? 2 : 1));
    if (name === null) return false;
    if (!isEnd) {
      if (!readElement(text, name, path, point)) return false;
      continue;
    }
    if (path.pop() !== name) return false;
    at += name.length + 3;
    if (path.length === 0) return true;
    point.say(path.map(localName), localName(name), "");
  }
}

/** An element with nothing but text; or the beginning of one with elements in it. */
function readElement(text: string, name: string, path: string[], point: TrackPoint): boolean {
  const textStart = at + name.length + 2;
  const textEnd = text.indexOf("<", textStart);
  if (textEnd < 0 || path.length >= MAX_DEPTH || localName(name) === "trkpt") return false;
  if (text.charCodeAt(textEnd + 1) !== SLASH) {
    if (!isBlank(text, textStart, textEnd)) return false;
    path.push(name);
    at = textStart;
    return true;
  }
  if (!text.startsWith(name, textEnd + 2) || text.charCodeAt(textEnd + 2 + name.length) !== GREATER)
    return false;
  if (textEnd - textStart > MAX_TEXT || !isPlain(text, textStart, textEnd)) return false;
  const parents = path.length === 1 ? TRACK_POINT : path.map(localName);
  point.say(parents, localName(name), text.slice(textStart, textEnd).trim());
  at = textEnd + name.length + 3;
  return true;
}

const TRACK_POINT = ["trkpt"];
const [LESS, GREATER, SLASH, AMPERSAND, BRACKET] = [0x3c, 0x3e, 0x2f, 0x26, 0x5d];

/** The name up to its `>`; null where anything else stands there. */
function nameAt(text: string, start: number): string | null {
  let i = start;
  while (isNameCharacter(text.charCodeAt(i))) i++;
  return i > start && text.charCodeAt(i) === GREATER && isLetter(text.charCodeAt(start))
    ? text.slice(start, i)
    : null;
}

function isNameCharacter(code: number): boolean {
  return isLetter(code) || (code >= 0x30 && code <= 0x3a) /* digits and the colon */ || code === 0x5f;
}

function isLetter(code: number): boolean {
  const low = code | 0x20;
  return low >= 0x61 && low <= 0x7a;
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

function isBlank(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text.charCodeAt(i) > 0x20) return false;
  return true;
}

/** Printable ASCII that means itself. */
function isPlain(text: string, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i);
    if (!(code >= 0x20 && code <= 0x7e) || code === AMPERSAND || code === BRACKET || code === GREATER)
      return false;
  }
  return true;
}

function skipBlank(text: string): void {
  for (;;) {
    const code = text.charCodeAt(at);
    if (code === 0x0a) newlines++;
    // A CR alone is the end of a line, too.
    else if (code !== 0x20 && code !== 0x09 && !(code === 0x0d && text.charCodeAt(at + 1) === 0x0a)) return;
    at++;
  }
}
