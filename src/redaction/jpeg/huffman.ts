import { CamfenceError } from "../../core/errors.ts";
import type { HuffmanSpec } from "./jpeg-tables.ts";

// Bits looked at in one step; 4096 entries of 4 bytes stay in the first-level cache.
export const LOOKUP_BITS = 12;
const LOOKUPS = 1 << LOOKUP_BITS;
const MAX_CODE_BITS = 16;

/** A Huffman code as T.81 annex C and F.2.2.3 build it, with a table for short codes. */
export interface HuffmanCode {
  /** For the next 12 bits: length of the code | symbol << 8; 0 when the code is longer or there is none. */
  readonly lookup: Uint16Array;
  /** By length: one more than the largest code, as 16 bits from the left; and what to add to a code for its symbol. */
  readonly limits: Int32Array;
  readonly offsets: Int32Array;
  readonly symbols: Uint8Array;
}

/** Throws CamfenceError `malformed` when there are more codes of some length than fit. */
export function buildHuffmanCode({ bytes }: HuffmanSpec): HuffmanCode {
  const symbols = bytes.slice(1 + MAX_CODE_BITS);
  const lookup = new Uint16Array(LOOKUPS);
  const limits = new Int32Array(MAX_CODE_BITS + 1);
  const offsets = new Int32Array(MAX_CODE_BITS + 1);
  let code = 0;
  let used = 0;
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    const count = bytes[length] ?? 0;
    offsets[length] = used - code;
    if (length <= LOOKUP_BITS) fillLookup(lookup, length, code, symbols.subarray(used, used + count));
    code += count;
    used += count;
    if (code > 1 << length) throw new CamfenceError("malformed", "JPEG Huffman table has too many codes");
    limits[length] = code << (MAX_CODE_BITS - length);
    code <<= 1;
  }
  return { lookup, limits, offsets, symbols };
}

/** For the next 16 bits: length of the code | symbol << 8. Throws when no code begins like that. */
export function decodeLongCode({ limits, offsets, symbols }: HuffmanCode, next16: number): number {
  for (let length = 1; length <= MAX_CODE_BITS; length++) {
    if (next16 >= (limits[length] ?? 0)) continue;
    const symbol = symbols[(next16 >> (MAX_CODE_BITS - length)) + (offsets[length] ?? 0)] ?? 0;
    return length | (symbol << 8);
  }
  throw new CamfenceError("malformed", "JPEG scan has bits that are no Huffman code");
}

function fillLookup(lookup: Uint16Array, length: number, firstCode: number, symbols: Uint8Array): void {
  const span = LOOKUPS >> length;
  symbols.forEach((symbol, i) => {
    const start = (firstCode + i) * span;
    lookup.fill(length | (symbol << 8), start, start + span);
  });
}
