import { CamfenceError } from "../../core/errors.ts";
import type { HuffmanSpec } from "./jpeg-tables.ts";

// Bits looked at in one step: 4096 entries stay in the first-level cache.
export const SHORT_BITS = 12;
const LONG_BITS = 16;

/** A Huffman code as two tables: for the next 12 and the next 16 bits, length of the code | symbol << 8; 0: no code. */
export interface HuffmanCode {
  readonly short: Uint16Array;
  readonly long: Uint16Array;
}

/** Assigns codes as T.81 annex C does. Throws CamfenceError `malformed` when there are more of a length than fit. */
export function buildHuffmanCode({ bytes }: HuffmanSpec): HuffmanCode {
  const short = new Uint16Array(1 << SHORT_BITS);
  const long = new Uint16Array(1 << LONG_BITS);
  let code = 0;
  let at = 1 + LONG_BITS;
  for (let length = 1; length <= LONG_BITS; length++) {
    const end = at + (bytes[length] ?? 0);
    for (; at < end; at++, code++) {
      if (code >= 1 << length) throw new CamfenceError("malformed", "JPEG Huffman table has too many codes");
      const entry = length | ((bytes[at] ?? 0) << 8);
      fill(short, SHORT_BITS - length, code, entry);
      fill(long, LONG_BITS - length, code, entry);
    }
    code <<= 1;
  }
  return { short, long };
}

/** All entries that begin with the code; `freeBits` follow it. */
function fill(table: Uint16Array, freeBits: number, code: number, entry: number): void {
  if (freeBits >= 0) table.fill(entry, code << freeBits, (code + 1) << freeBits);
}
