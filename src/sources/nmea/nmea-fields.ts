/*
 * Fields of NMEA 0183 sentences. Each reader answers undefined for an empty field and NaN for one that is
 * not what the standard asks for; a sentence with a NaN in it is refused whole.
 */

const DAY_MS = 24 * 60 * 60 * 1000;
const METRES_PER_NAUTICAL_MILE = 1852;

/** A plain decimal number, such as `0.76`, `-30.0`, `.5`. */
export function decimal(field: string | undefined): number | undefined {
  if (isEmpty(field)) return undefined;
  return DECIMAL.test(field) ? Number(field) : Number.NaN;
}

/** A decimal that cannot be negative: speeds, dilutions, sigmas. */
export function magnitude(field: string | undefined): number | undefined {
  const value = decimal(field);
  return value === undefined || value >= 0 ? value : Number.NaN;
}

/** A direction in [0, 360]. */
export function direction(field: string | undefined): number | undefined {
  const value = magnitude(field);
  return value === undefined || value <= 360 ? value : Number.NaN;
}

export function knotsToMps(knots: number | undefined): number | undefined {
  return knots === undefined ? undefined : (knots * METRES_PER_NAUTICAL_MILE) / 3600;
}

/** `hhmmss.sss` as milliseconds of the day. A leap second (:60) is the first second of the next day, as in Unix time. */
export function timeOfDay(field: string | undefined): number | undefined {
  if (isEmpty(field)) return undefined;
  if (!TIME.test(field)) return Number.NaN;
  const hours = Number(field.slice(0, 2));
  const minutes = Number(field.slice(2, 4));
  const seconds = Number(field.slice(4));
  if (hours > 23 || minutes > 59 || seconds >= 61) return Number.NaN;
  // Rounded, since 17.07 s is not a whole number of milliseconds in binary fractions.
  return Math.round((hours * 3600 + minutes * 60 + seconds) * 1000);
}

/** `ddmmyy` as the start of that day. GPS began in 1980, so years from 80 on are of the last century. */
export function date(field: string | undefined): number | undefined {
  if (isEmpty(field)) return undefined;
  if (!DATE.test(field)) return Number.NaN;
  const yearOfCentury = Number(field.slice(4));
  const year = yearOfCentury >= 80 ? 1900 + yearOfCentury : 2000 + yearOfCentury;
  return dayStart(year, Number(field.slice(2, 4)), Number(field.slice(0, 2)));
}

/** The start of a calendar day; NaN for one that does not exist, such as 31 February. */
export function dayStart(year: number, month: number, day: number): number {
  const startMs = Date.UTC(year, month - 1, day);
  const exists =
    startMs % DAY_MS === 0 && new Date(startMs).getUTCDate() === day && month <= 12 && month >= 1;
  return exists ? startMs : Number.NaN;
}

/** A coordinate and what one unit of its last digit is worth. */
export interface Coordinate {
  readonly deg: number;
  readonly unitDeg: number;
}

/** `ddmm.mmmm` with N or S, `dddmm.mmmm` with E or W. Minutes must be under 60, degrees within `maxDeg`. */
export function coordinate(
  field: string | undefined,
  hemisphere: string | undefined,
  axis: "lat" | "lon",
): Coordinate | undefined {
  if (isEmpty(field) && isEmpty(hemisphere)) return undefined;
  const { pattern, degreeDigits, maxDeg, positive, negative } = AXES[axis];
  const wellFormed = pattern.test(field ?? "") && (hemisphere === positive || hemisphere === negative);
  if (!wellFormed || field === undefined) return NO_COORDINATE;
  const minutes = Number(field.slice(degreeDigits));
  const deg = Number(field.slice(0, degreeDigits)) + minutes / 60;
  if (minutes >= 60 || deg > maxDeg) return NO_COORDINATE;
  return { deg: hemisphere === negative ? -deg : deg, unitDeg: lastDigitMinutes(field) / 60 };
}

function lastDigitMinutes(field: string): number {
  const point = field.indexOf(".");
  return point === -1 ? 1 : 10 ** (point + 1 - field.length);
}

function isEmpty(field: string | undefined): field is "" | undefined {
  return field === undefined || field === "";
}

const DECIMAL = /^-?(?:\d{1,15}\.?\d{0,15}|\.\d{1,15})$/;
const TIME = /^\d{6}(?:\.\d{0,9})?$/;
const DATE = /^\d{6}$/;
const NO_COORDINATE: Coordinate = { deg: Number.NaN, unitDeg: Number.NaN };
const AXES = {
  lat: { pattern: /^\d{4}(?:\.\d{0,12})?$/, degreeDigits: 2, maxDeg: 90, positive: "N", negative: "S" },
  lon: { pattern: /^\d{5}(?:\.\d{0,12})?$/, degreeDigits: 3, maxDeg: 180, positive: "E", negative: "W" },
} as const;
