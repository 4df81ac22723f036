import { dayStart } from "./nmea/nmea-fields.ts";

/**
 * ISO 8601 date and time as whole milliseconds since the Unix epoch; NaN for anything else. Without a zone it is
 * UTC: for formats that say so (GPX, KITTI's timestamps). A leap second (:60) is the first second after it.
 */
export function parseUtcMs(text: string): number {
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
