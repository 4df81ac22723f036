import { byteAt } from "../../core/at.ts";

/*
 * Reads the fields of one sentence after the other from its bytes. There is one cursor, in the module: an object would
 * cost more than what is read. What is not as expected sets it to `LOST`, where all reading ends in NaN.
 */

export const [COMMA, STAR, DOT] = [0x2c, 0x2a, 0x2e];
const [ZERO, NINE] = [0x30, 0x39];

/** A number of so many digits is exact, and its quotient by a power of ten is the nearest there is. */
const MAX_DIGITS = 15;
const TEN_TO = Array.from({ length: MAX_DIGITS + 1 }, (_, i) => 10 ** i);

const LOST = -1;

/** Where reading goes on. */
export let at = LOST;
/** Digits before and after the point of the number that was read last. */
export let wholeDigits = 0;
export let decimals = 0;

export function moveTo(place: number): void {
  at = place;
}

export function lose(): void {
  at = LOST;
}

export function isLost(): boolean {
  return at < 0;
}

/** A number without a sign up to the comma, which is passed. */
export function number(bytes: Uint8Array): number {
  let value = 0;
  let digits = 0;
  let point = -1;
  let i = at;
  if (i < 0) return Number.NaN;
  for (;;) {
    const code = byteAt(bytes, i);
    if (code >= ZERO && code <= NINE) {
      value = 10 * value + (code - ZERO);
      digits++;
    } else if (code === DOT && point < 0 && digits > 0) point = digits;
    else if (code === COMMA && digits > 0 && digits <= MAX_DIGITS) break;
    else return lost();
    i++;
  }
  at = i + 1;
  wholeDigits = point < 0 ? digits : point;
  decimals = digits - wholeDigits;
  return decimals === 0 ? value : value / (TEN_TO[decimals] ?? Number.NaN);
}

function lost(): number {
  at = LOST;
  return Number.NaN;
}

/** A number, or undefined for an empty field. */
export function optional(bytes: Uint8Array): number | undefined {
  if (at >= 0 && byteAt(bytes, at) === COMMA) {
    at++;
    return undefined;
  }
  return number(bytes);
}

/** So many digits; what follows them is not looked at. */
export function digitsAt(bytes: Uint8Array, count: number): number {
  if (at < 0) return Number.NaN;
  let value = 0;
  for (let i = 0; i < count; i++) {
    const code = byteAt(bytes, at + i);
    if (!(code >= ZERO && code <= NINE)) return lost();
    value = 10 * value + (code - ZERO);
  }
  at += count;
  return value;
}

/** One byte and the comma after it, which is passed. */
export function letter(bytes: Uint8Array): number {
  if (at < 0 || byteAt(bytes, at + 1) !== COMMA) return lost();
  const code = byteAt(bytes, at);
  at += 2;
  return code;
}

/** Passes so many commas; false, and the cursor at the star, where there are fewer. */
export function skipFields(bytes: Uint8Array, star: number, commas: number): boolean {
  if (at < 0) return false;
  for (let left = commas; left > 0; at++) {
    if (at >= star) return false;
    if (byteAt(bytes, at) === COMMA) left--;
  }
  return true;
}

export function countCommas(bytes: Uint8Array, star: number): number {
  let count = 0;
  for (let i = at; i < star; i++) if (byteAt(bytes, i) === COMMA) count++;
  return count;
}
