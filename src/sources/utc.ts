import { dayStart } from "./nmea/nmea-fields.ts";

/**
 * ISO 8601 date and time as whole milliseconds since the Unix epoch; NaN for anything else. Without a zone it is
 * UTC: for formats that say so (GPX, KITTI's timestamps). A leap second (:60) is the first second after it.
 */
export function parseUtcMs(text: string): number {
  const quickMs = plainUtcMs(text);
  return Number.isNaN(quickMs) ? anyUtcMs(text) : quickMs;
}

/** The same for `2026-03-01T08:00:00.100Z`, with up to nine decimals or none; NaN for all else, and for leap seconds. */
export function plainUtcMs(text: string): number {
  const end = text.length - 1;
  if (end < 19 || end > 29 || end === 20) return Number.NaN;
  if (text.charCodeAt(10) !== 0x54 || text.charCodeAt(13) !== 0x3a || text.charCodeAt(16) !== 0x3a)
    return Number.NaN;
  if (text.charCodeAt(end) !== 0x5a || (end > 19 && text.charCodeAt(19) !== 0x2e)) return Number.NaN;
  const [h, m, whole] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  if (!(h <= 23 && m <= 59 && whole <= 59)) return Number.NaN;
  // A quotient of whole numbers is the nearest there is, as that which is read from the text.
  const parts = end === 19 ? 1 : 10 ** (end - 20);
  const s = end === 19 ? whole : (whole * parts + digits(text, 20, end)) / parts;
  return dayOf(text) + Math.round((h * 3600 + m * 60 + s) * 1000);
}

function digits(text: string, from: number, to: number): number {
  let value = 0;
  for (let i = from; i < to; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = 10 * value + digit;
  }
  return value;
}

let knownDay = "";
let knownDayMs = Number.NaN;

/** The start of the day that a text begins with; most have that of the one before. */
function dayOf(text: string): number {
  if (text.startsWith(knownDay) && knownDay !== "") return knownDayMs;
  if (text.charCodeAt(4) !== 0x2d || text.charCodeAt(7) !== 0x2d) return Number.NaN;
  knownDayMs = dayStart(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10));
  knownDay = Number.isNaN(knownDayMs) ? "" : text.slice(0, 10);
  return knownDayMs;
}

function anyUtcMs(text: string): number {
  const match = ISO_TIME.exec(text);
  if (match === null) return Number.NaN;
  const [, year, month, day, hour, minute, second = "0", zone = "Z"] = match;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s >= 61) return Number.NaN;
  const timeOfDayMs = Math.round((h * 3600 + m * 60 + s) * 1000);
  return dayStart(Number(year), Number(month), Number(day)) + timeOfDayMs - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (zone === "Z" || zone === "z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

const ISO_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d(?:\.\d{1,12})?))?([Zz]|[+-][01]\d:?[0-5]\d)?$/;
