import { bech32 } from "@scure/base";
import * as z from "zod";

/**
 * Bytes of a public key by its prefix, as the age library takes them (C2SP age.md, "Recipient types"): X25519, the same with
 * ML-KEM-768, and both kinds of hardware keys.
 */
const KEY_BYTES: ReadonlyMap<string, number> = new Map([
  ["age", 32],
  ["age1pq", 1184 /* ML-KEM-768 */ + 32],
  ["age1tag", 33],
  ["age1tagpq", 1184 /* ML-KEM-768 */ + 65],
]);

/** The public half of an age key: `age1…`, with a checksum that shows a mistyped letter. */
export const AgeRecipient = z
  .string()
  .refine(isRecipient, "expected an age recipient, age1…, as of `camfence ingest keygen`");

/** The library itself is read with the first segment: what starts must be quick. */
function isRecipient(text: string): boolean {
  const read = bech32.decodeUnsafe(text, false);
  if (read === undefined || !text.startsWith("age1")) return false;
  return bech32.fromWordsUnsafe(read.words)?.length === KEY_BYTES.get(read.prefix);
}
