import { createRingPool, type RingPool } from "../check/ring-pool.ts";

/** A JSON text whose coordinates were taken out. */
export interface PackedJson {
  /** The text with the placeholder in the place of each list. */
  readonly skeleton: Buffer;
  /** The lists in the order of the text, as `JSON.parse` gives them, but with each ring as `[lon0, lat0, …]`. */
  readonly lists: readonly PackedList[];
}

export type PackedList = Float64Array | readonly (number | PackedList)[];

/**
 * Takes all `"coordinates": […]` out of a JSON text. Most of a zone file are coordinates, and `JSON.parse` makes an object of
 * every position, which takes longer than all checks together.
 *
 * Null at anything but positions of two or three plain numbers in up to three lists: then the text is `JSON.parse`'s. What
 * is taken out may belong to another member, whose name ends like this one: `lists` says how many there were.
 */
export function packCoordinates(bytes: Buffer, placeholder: string): PackedJson | null {
  const put = Buffer.from(placeholder);
  const skeleton = Buffer.allocUnsafe(bytes.length + put.length);
  const cursor: Cursor = { bytes, at: 0, pool: createRingPool() };
  const lists: PackedList[] = [];
  let [copied, length] = [0, 0];
  for (let at = bytes.indexOf(NAME); at >= 0; at = bytes.indexOf(NAME, cursor.at)) {
    cursor.at = at + NAME.length;
    if (!take(cursor, COLON)) continue;
    skipBlank(cursor);
    const start = cursor.at;
    const list = readList(cursor, 0);
    if (list === null || length + (start - copied) + put.length > skeleton.length) return null;
    lists.push(list);
    length += bytes.copy(skeleton, length, copied, start);
    length += put.copy(skeleton, length);
    copied = cursor.at;
  }
  if (length + (bytes.length - copied) > skeleton.length) return null;
  length += bytes.copy(skeleton, length, copied);
  return { skeleton: skeleton.subarray(0, length), lists };
}

const NAME = Buffer.from('"coordinates"');

interface Cursor {
  readonly bytes: Buffer;
  readonly pool: RingPool;
  at: number;
}

/** A list of polygons, of rings, of positions. */
const MAX_DEPTH = 2;

function readList(cursor: Cursor, depth: number): PackedList | null {
  if (depth > MAX_DEPTH || !take(cursor, OPEN)) return null;
  skipBlank(cursor);
  if (cursor.bytes[cursor.at] !== OPEN) return readPosition(cursor);
  if (isNumberNext(cursor)) return readRing(cursor);
  const lists: PackedList[] = [];
  do {
    const list = readList(cursor, depth + 1);
    if (list === null) return null;
    lists.push(list);
  } while (take(cursor, COMMA));
  return take(cursor, CLOSE) ? lists : null;
}

/** Whether the list that opens here begins with a number. */
function isNumberNext({ bytes, at }: Cursor): boolean {
  let next = at + 1;
  while (isBlank(bytes[next])) next += 1;
  return bytes[next] === MINUS || isDigit(bytes[next]);
}

/** The numbers of a single position, after its bracket. */
function readPosition(cursor: Cursor): PackedList | null {
  const numbers: number[] = [];
  do {
    const number = readNumber(cursor);
    if (Number.isNaN(number)) return null;
    numbers.push(number);
  } while (take(cursor, COMMA));
  return take(cursor, CLOSE) ? numbers : null;
}

/** The positions of a ring, after its bracket; null unless each has two or three numbers. Altitudes are left out. */
function readRing(cursor: Cursor): PackedList | null {
  do {
    if (!take(cursor, OPEN)) return null;
    const lonDeg = readNumber(cursor);
    if (Number.isNaN(lonDeg) || !take(cursor, COMMA)) return null;
    const latDeg = readNumber(cursor);
    if (Number.isNaN(latDeg)) return null;
    if (!take(cursor, CLOSE)) {
      if (!take(cursor, COMMA) || Number.isNaN(readNumber(cursor)) || !take(cursor, CLOSE)) return null;
    }
    cursor.pool.push(lonDeg, latDeg);
  } while (take(cursor, COMMA));
  return take(cursor, CLOSE) ? cursor.pool.take() : null;
}

/** A number up to its exponent, which nothing takes; rounded as `JSON.parse` does; NaN for anything else. */
function readNumber(cursor: Cursor): number {
  skipBlank(cursor);
  const { bytes } = cursor;
  const start = cursor.at;
  const first = bytes[start] === MINUS ? start + 1 : start;
  let at = first;
  let digits = 0;
  for (let byte = bytes[at]; isDigit(byte); byte = bytes[++at]) digits = 10 * digits + (byte - ZERO);
  const whole = at - first;
  if (whole === 0 || (whole > 1 && bytes[first] === ZERO)) return Number.NaN;
  if (bytes[at] === DOT) {
    at += 1;
    for (let byte = bytes[at]; isDigit(byte); byte = bytes[++at]) digits = 10 * digits + (byte - ZERO);
    if (at === first + whole + 1) return Number.NaN;
  }
  cursor.at = at;
  const decimals = Math.max(0, at - first - whole - 1);
  // Up to 15 digits are a whole number without rounding, and so is the power: the one division rounds once.
  if (whole + decimals > MAX_EXACT_DIGITS) return Number(bytes.toString("latin1", start, at));
  const value = digits / (POWERS[decimals] ?? Number.NaN);
  return first === start ? value : -value;
}

const MAX_EXACT_DIGITS = 15;
const POWERS = Array.from({ length: MAX_EXACT_DIGITS + 1 }, (_, decimals) => 10 ** decimals);

/** Goes behind a byte if it comes next. */
function take(cursor: Cursor, byte: number): boolean {
  if (cursor.bytes[cursor.at] !== byte) {
    skipBlank(cursor);
    if (cursor.bytes[cursor.at] !== byte) return false;
  }
  cursor.at += 1;
  return true;
}

function skipBlank(cursor: Cursor): void {
  while (isBlank(cursor.bytes[cursor.at])) cursor.at += 1;
}

const isBlank = (byte: number | undefined) => byte === 32 || byte === 10 || byte === 13 || byte === 9;

const isDigit = (byte: number | undefined): byte is number =>
  byte !== undefined && byte >= ZERO && byte <= NINE;

const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
