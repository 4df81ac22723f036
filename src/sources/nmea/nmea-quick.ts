import { dayStart, knotsToMps } from "./nmea-fields.ts";
import { qualityOfGga, qualityOfStatus } from "./nmea-quality.ts";
import type { Place, Statement } from "./nmea-statement.ts";

/**
 * What RMC and GGA sentences say, where they are as most receivers write them: valid, from their `$` to their checksum
 * and nothing beside. Null for anything else, which is then read field by field. Four fifths of the time of reading a
 * fleet's drives went there; a test holds that both say the same.
 */
export function quickStatement(line: string): Statement | null {
  if (line.charCodeAt(0) !== DOLLAR || line.charCodeAt(1) === LETTER_P || line.indexOf(",") !== 6)
    return null;
  const end = line.length - 3;
  if (line.charCodeAt(end) !== STAR || !isIntact(line, end)) return null;
  const type = line.slice(3, 6);
  if (type === "RMC") return rmc(line, end);
  return type === "GGA" ? gga(line, end) : null;
}

const [DOLLAR, STAR, COMMA, DOT, LETTER_P] = [0x24, 0x2a, 0x2c, 0x2e, 0x50];
const [ZERO, NINE] = [0x30, 0x39];
/** A number of so many digits is exact, and its quotient by a power of ten is the nearest there is. */
const MAX_DIGITS = 15;
const TEN_TO = Array.from({ length: MAX_DIGITS + 1 }, (_, i) => 10 ** i);
const TENTH_TO = Array.from({ length: MAX_DIGITS + 1 }, (_, i) => 10 ** -i);

/** Where reading goes on, and what was read last; −1 for the place means that it is not as expected. */
let at = 0;
let decimals = 0;

function rmc(line: string, end: number): Statement | null {
  at = 7;
  const timeOfDayMs = timeOfDay(line);
  if (line.charCodeAt(at) !== 0x41 /* A */ || line.charCodeAt(at + 1) !== COMMA) return null;
  at += 2;
  const place = placeAt(line);
  const knots = optional(line);
  const courseDeg = optional(line);
  const dateMs = date(line, end);
  if (place === null || at < 0 || Number.isNaN(dateMs) || (courseDeg ?? 0) > 360) return null;
  const mode = modeAt(line, end);
  const quality = mode === null ? "malformed" : qualityOfStatus("A", mode);
  if (quality === "malformed" || quality === "none") return null;
  return statement(timeOfDayMs, dateMs, quality, place, undefined, knotsToMps(knots), courseDeg);
}

function gga(line: string, end: number): Statement | null {
  at = 7;
  const timeOfDayMs = timeOfDay(line);
  const place = placeAt(line);
  if (place === null || line.charCodeAt(at + 1) !== COMMA) return null;
  const quality = qualityOfGga(line[at]);
  at += 2;
  const satellites = optional(line);
  const hdop = optional(line);
  // Something must follow, or the sentence may be cut off.
  if (at < 0 || at > end || satellites === 0 || quality === "malformed" || quality === "none") return null;
  return statement(timeOfDayMs, undefined, quality, place, hdop, undefined, undefined);
}

function statement(
  timeOfDayMs: number | undefined,
  dateMs: number | undefined,
  quality: Statement["quality"],
  place: Place,
  hdop: number | undefined,
  speedMps: number | undefined,
  courseDeg: number | undefined,
): Statement {
  return {
    timeOfDayMs,
    dateMs,
    quality,
    gsaMode: undefined,
    place,
    hdop,
    sigmaM: undefined,
    speedMps,
    courseDeg,
  };
}

/** The stated checksum is that of all between, and no second `$` or `*` stands there. */
function isIntact(line: string, end: number): boolean {
  let sum = 0;
  for (let i = 1; i < end; i++) {
    const code = line.charCodeAt(i);
    if (code === DOLLAR || code === STAR) return false;
    sum ^= code;
  }
  return sum === 16 * hex(line.charCodeAt(end + 1)) + hex(line.charCodeAt(end + 2));
}

function hex(code: number): number {
  if (code >= ZERO && code <= NINE) return code - ZERO;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x61 + 10 : Number.NaN;
}

/** A number without a sign up to the comma, which is passed; its decimals are counted. Sets `at` to −1 for none. */
function number(line: string): number {
  let value = 0;
  let digits = 0;
  let point = -1;
  while (at >= 0) {
    const code = line.charCodeAt(at);
    if (code >= ZERO && code <= NINE) {
      value = 10 * value + (code - ZERO);
      digits++;
      at++;
    } else if (code === DOT && point < 0 && digits > 0) {
      point = digits;
      at++;
    } else if (code === COMMA && digits > 0 && digits <= MAX_DIGITS) {
      at++;
      decimals = point < 0 ? 0 : digits - point;
      wholeDigits = point < 0 ? digits : point;
      return decimals === 0 ? value : value / (TEN_TO[decimals] ?? Number.NaN);
    } else at = -2;
  }
  return Number.NaN;
}

/** Digits before the point of the number that was read last. */
let wholeDigits = 0;

function optional(line: string): number | undefined {
  if (at >= 0 && line.charCodeAt(at) === COMMA) {
    at++;
    return undefined;
  }
  return number(line);
}

function digitsAt(line: string, count: number): number {
  let value = 0;
  for (let i = 0; i < count; i++, at++) {
    const code = line.charCodeAt(at);
    if (!(code >= ZERO && code <= NINE)) return Number.NaN;
    value = 10 * value + (code - ZERO);
  }
  return value;
}

/** Sets `at` to −1 for anything else than `hhmmss` with up to nine decimals. */
function timeOfDay(line: string): number | undefined {
  if (line.charCodeAt(at) === COMMA) {
    at = -1;
    return undefined;
  }
  const hours = digitsAt(line, 2);
  const minutes = digitsAt(line, 2);
  const seconds = number(line);
  if (!(hours <= 23 && minutes <= 59 && seconds < 61) || wholeDigits !== 2 || decimals > 9) at = -1;
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

function placeAt(line: string): Place | null {
  const latDeg = coordinate(line, 2, 90, "N", "S");
  const latUnit = TENTH_TO[decimals] ?? Number.NaN;
  const lonDeg = coordinate(line, 3, 180, "E", "W");
  const lonUnit = TENTH_TO[decimals] ?? Number.NaN;
  if (at < 0) return null;
  return { latDeg, lonDeg, unitDeg: Math.max(latUnit / 60, lonUnit / 60) };
}

/** Sets `at` to −1 for anything else than degrees, two digits of minutes, decimals, and a hemisphere. */
function coordinate(
  line: string,
  degreeDigits: number,
  maxDeg: number,
  positive: string,
  negative: string,
): number {
  if (at < 0) return Number.NaN;
  const degrees = digitsAt(line, degreeDigits);
  const minutes = number(line);
  const deg = degrees + minutes / 60;
  const hemisphere = line[at];
  const isKnown = hemisphere === positive || hemisphere === negative;
  if (!(minutes < 60 && deg <= maxDeg) || wholeDigits !== 2 || decimals > 12 || !isKnown) at = -1;
  else if (line.charCodeAt(at + 1) !== COMMA) at = -1;
  else at += 2;
  return hemisphere === negative ? -deg : deg;
}

let knownDate = "";
let knownDateMs = Number.NaN;

/** `ddmmyy`, up to a comma or the end. Undefined for none, NaN for what is read otherwise. */
function date(line: string, end: number): number | undefined {
  if (at < 0) return Number.NaN;
  if (line.charCodeAt(at) === COMMA || at === end) return undefined;
  const text = line.slice(at, at + 6);
  if (text !== knownDate) {
    const day = digitsAt(line, 2);
    const month = digitsAt(line, 2);
    const year = digitsAt(line, 2);
    knownDate = text;
    knownDateMs = dayStart(year >= 80 ? 1900 + year : 2000 + year, month, day);
    at -= 6;
  }
  at += 6;
  return at === end || line.charCodeAt(at) === COMMA ? knownDateMs : Number.NaN;
}

/** The mode indicator, two fields after the date; undefined where the sentence ends before it, null for a longer one. */
function modeAt(line: string, end: number): string | undefined | null {
  for (let skipped = 0; skipped < 3; skipped++) {
    at = line.indexOf(",", at) + 1;
    if (at === 0) return undefined;
  }
  const length = (line.indexOf(",", at) + 1 || end + 1) - 1 - at;
  if (length > 1) return null;
  return length === 0 ? "" : line[at];
}
