import { buildHuffmanCode } from "./huffman.ts";
import type { HuffmanCode } from "./huffman.ts";
import type { HuffmanSpec } from "./jpeg-tables.ts";

/**
 * To step over AC terms without decoding them: `steps` says for the next 12 bits how far all symbols reach that lie in
 * them with their extra bits, as bits | terms << 8, and `ENDS_BLOCK`; 0 when not even one symbol fits. `code` is for
 * those.
 */
export interface AcSkipper {
  readonly code: HuffmanCode;
  readonly steps: Uint32Array;
}

// More bits step over more symbols at once, but the table must stay in the nearest cache.
export const STEP_BITS = 12;
export const ENDS_BLOCK = 1 << 16;
/** Terms of a block. */
export const TERMS = 64;
/** The one symbol without a value that does not end the block: sixteen zeros (T.81 F.1.2.2). */
export const ZERO_RUN = 0xf0;

export function buildAcSkipper(spec: HuffmanSpec): AcSkipper {
  const code = buildHuffmanCode(spec);
  const steps = new Uint32Array(1 << STEP_BITS);
  for (let window = 0; window < steps.length; window++) steps[window] = stepOf(code.long, window);
  return { code, steps };
}

function stepOf(long: Uint16Array, window: number): number {
  let bits = 0;
  let terms = 0;
  for (;;) {
    const entry = long[((window << bits) & ((1 << STEP_BITS) - 1)) << (16 - STEP_BITS)] ?? 0;
    const symbol = entry >> 8;
    const length = (entry & 0xff) + (symbol & 15);
    const fits = entry !== 0 && bits + length <= STEP_BITS && terms + (symbol >> 4) + 1 < TERMS;
    const known = (symbol & 15) !== 0 || symbol === ZERO_RUN || symbol === 0;
    if (!fits || !known) return bits | (terms << 8);
    bits += length;
    if (symbol === 0) return bits | (terms << 8) | ENDS_BLOCK;
    terms += (symbol >> 4) + 1;
  }
}
