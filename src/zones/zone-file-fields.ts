import * as z from "zod";
import { parseIsoMs } from "../core/time.ts";

// The message of every check is what the file should have held: "got …, expected <message>".

export const text = (expected: string, maxChars: number) =>
  z.string(expected).min(1, expected).max(maxChars, expected);

export const metres = (expected: string, min: number, max: number) =>
  z.number(expected).min(min, expected).max(max, expected);

/** RFC 3339. */
export const IsoTime = z
  .string('a time with its zone, such as "2026-03-01T08:00:00Z"')
  .refine(isIsoTime, 'a time that exists, with its zone, such as "2026-03-01T08:00:00Z"')
  .meta({ format: "date-time" });

// No \p{L}: the pattern is published, and editors read patterns without Unicode properties. The gaps are blanks and marks
// that turn the direction of text.
const LETTERS =
  "0-9A-Za-z\\u00c0-\\u061b\\u061d-\\u167f\\u1681-\\u180d\\u180f-\\u1fff\\u2c00-\\u2fff\\u3005-\\ud7ff";

const ID = "an id: letters, digits and . _ : / @ # - (no blanks), at most 128 characters";
export const Id = z
  .string(ID)
  .max(128, ID)
  .regex(new RegExp(`^[${LETTERS}][${LETTERS}._:/@#-]*$`), ID);

/** True for an RFC 3339 time of a day that exists: `Date.parse` alone takes 31 February for 3 March. */
function isIsoTime(value: string): boolean {
  const [year, month, day] = value.slice(0, 10).split("-").map(Number);
  return (
    Number.isFinite(parseIsoMs(value)) &&
    Number(day) <= new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate()
  );
}
