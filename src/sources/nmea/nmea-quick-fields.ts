import { byteAt } from "../../core/at.ts";
import {
  COMMA,
  at,
  decimals,
  digitsAt,
  isLost,
  letter,
  lose,
  number,
  skipFields,
  wholeDigits,
} from "./nmea-cursor.ts";
import { dayStart } from "./nmea-fields.ts";
import type { StatedQuality } from "./nmea-quality.ts";
import { qualityOfGga, qualityOfStatus } from "./nmea-quality.ts";
import type { Place } from "./nmea-statement.ts";

/* Times, places, dates and qualities at the cursor. */

/** `hhmmss` with up to nine decimals. */
export function timeOfDay(bytes: Uint8Array): number {
  const hours = digitsAt(bytes, 2);
  const minutes = digitsAt(bytes, 2);
  const seconds = number(bytes);
  if (!(hours <= 23 && minutes <= 59 && seconds < 61) || wholeDigits !== 2 || decimals > 9) lose();
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

export function placeAt(bytes: Uint8Array): Place | null {
  const latDeg = coordinate(bytes, 2, 90, LETTER_N, LETTER_S);
  const latDecimals = decimals;
  const lonDeg = coordinate(bytes, 3, 180, LETTER_E, LETTER_W);
  if (isLost()) return null;
  const unitDeg = Math.max(unitOf(latDecimals), unitOf(decimals));
  return { latDeg, lonDeg, unitDeg };
}

const [LETTER_N, LETTER_S, LETTER_E, LETTER_W] = [0x4e, 0x53, 0x45, 0x57];

/** Degrees, two digits of minutes, up to twelve decimals, and a hemisphere. */
function coordinate(
  bytes: Uint8Array,
  degreeDigits: number,
  maxDeg: number,
  positive: number,
  negative: number,
): number {
  const degrees = digitsAt(bytes, degreeDigits);
  const minutes = number(bytes);
  const hemisphere = letter(bytes);
  const deg = degrees + minutes / 60;
  const isSound = minutes < 60 && deg <= maxDeg && wholeDigits === 2 && decimals <= 12;
  if (!isSound || (hemisphere !== positive && hemisphere !== negative)) lose();
  return hemisphere === negative ? -deg : deg;
}

/** What one unit of the last digit of the minutes is worth. */
function unitOf(decimalsOfMinutes: number): number {
  return UNITS_DEG[decimalsOfMinutes] ?? Number.NaN;
}

const UNITS_DEG = Array.from({ length: 13 }, (_, i) => 10 ** -i / 60);

let knownDate = -1;
let knownDateMs = Number.NaN;

/** `ddmmyy`, up to a comma or the end. Undefined for none, NaN for what is read otherwise. */
export function date(bytes: Uint8Array, star: number): number | undefined {
  if (isLost()) return Number.NaN;
  if (byteAt(bytes, at) === COMMA || at === star) return undefined;
  const text = digitsAt(bytes, 6);
  if (isLost() || (at !== star && byteAt(bytes, at) !== COMMA)) return Number.NaN;
  if (text !== knownDate) {
    const [day, month, year] = [Math.floor(text / 10_000), Math.floor(text / 100) % 100, text % 100];
    knownDate = text;
    knownDateMs = dayStart(year >= 80 ? 1900 + year : 2000 + year, month, day);
  }
  return knownDateMs;
}

/** The quality of a valid sentence with this mode indicator, 0 for none. */
export function qualityOfMode(mode: number | null): StatedQuality | "malformed" {
  return mode === null ? "malformed" : QUALITY_OF_MODE[mode];
}

/** The mode indicator, so many commas on, 0 for none; null for one of more than a character. */
export function modeIn(bytes: Uint8Array, star: number, commas: number): number | null {
  if (!skipFields(bytes, star, commas)) return 0;
  const code = byteAt(bytes, at);
  if (at === star || code === COMMA) return 0;
  return code !== 0 && (at + 1 === star || byteAt(bytes, at + 1) === COMMA) ? code : null;
}

const CHARACTERS = Array.from({ length: 256 }, (_, code) => (code === 0 ? "" : String.fromCharCode(code)));
/** By the character of GGA. */
export const QUALITY_OF_INDICATOR = CHARACTERS.map(qualityOfGga);
const QUALITY_OF_MODE = CHARACTERS.map((mode) => qualityOfStatus("A", mode));
