/** What to do with a sentence that has no checksum: such a sentence may be cut off without a sign of it. */
export type MissingChecksum = "refuse" | "accept";

/** A sentence whose frame is sound: its three-letter type and its fields, the address not among them. */
export type Framed =
  | { readonly kind: "sentence"; readonly type: string; readonly fields: () => readonly string[] }
  | { readonly kind: "refused"; readonly reason: "checksum" | "no-checksum" | "truncated" }
  | { readonly kind: "none" };

/**
 * Finds the sentence in a line. What stands before its `$` (a logger's time stamp, binary data) is ignored;
 * a `$` within a sentence is the start of the next one, since NMEA 0183 reserves the character. Lines
 * without `$` (comments, AIS, binary data) hold none.
 */
export function sentenceIn(line: string, missingChecksum: MissingChecksum): Framed {
  const start = line.lastIndexOf("$");
  if (start === -1 || line.startsWith("#")) return NONE;
  const star = line.indexOf("*", start);
  if (star === -1) return withoutChecksum(line.slice(start + 1).trimEnd(), missingChecksum);
  const stated = CHECKSUM.exec(line.slice(star + 1));
  if (stated === null) return looksLikeAddress(line, start) ? refusedAs("truncated") : NONE;
  if (checksum(line, start + 1, star) !== Number.parseInt(stated[0], 16)) return refusedAs("checksum");
  return sentenceOf(line.slice(start + 1, star));
}

function withoutChecksum(body: string, missingChecksum: MissingChecksum): Framed {
  // A `$` in binary data is no sentence; only what has an address counts as one.
  if (!ADDRESS.test(body)) return NONE;
  return missingChecksum === "accept" ? sentenceOf(body) : refusedAs("no-checksum");
}

function sentenceOf(body: string): Framed {
  const comma = body.indexOf(",");
  // `P` begins a maker's own sentence: $PGRMC is Garmin's configuration, not an RMC of talker PG.
  if (comma !== 5 || body.startsWith("P")) return OTHER;
  const type = body.slice(2, comma);
  return { kind: "sentence", type, fields: () => body.slice(comma + 1).split(",") };
}

/** NMEA 0183: the exclusive or of all characters between `$` and `*`. */
function checksum(text: string, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += 1) sum ^= text.charCodeAt(i);
  return sum;
}

function looksLikeAddress(line: string, start: number): boolean {
  return ADDRESS.test(line.slice(start + 1, start + 12));
}

function refusedAs(reason: "checksum" | "no-checksum" | "truncated"): Framed {
  return { kind: "refused", reason };
}

const NONE: Framed = { kind: "none" };
const OTHER: Framed = { kind: "sentence", type: "", fields: () => [] };
const ADDRESS = /^[A-Z][A-Z0-9]{2,8},/;
const CHECKSUM = /^[0-9A-Fa-f]{2}(?=\s*$)/;
