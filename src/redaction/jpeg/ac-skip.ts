import { buildHuffmanCode, SHORT_BITS } from "./huffman.ts";
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

export const ENDS_BLOCK = 1 << 16;
/** Terms of a block. */
export const TERMS = 64;
/** The one symbol without a value that does not end the block: sixteen zeros (T.81 F.1.2.2). */
export const ZERO_RUN = 0xf0;

export function buildAcSkipper(spec: HuffmanSpec): AcSkipper {
  const code = buildHuffmanCode(spec);
  const steps = new Uint32Array(1 << SHORT_BITS);
  for (let window = 0; window < steps.length; window++) steps[window] = stepOf(code.short, window);
  return { code, steps };
}

function stepOf(short: Uint16Array, window: number): number {
  let bits = 0;
  let terms = 0;
  for (;;) {
    const entry = short[(window << bits) & ((1 << SHORT_BITS) - 1)] ?? 0;
    const symbol = entry >> 8;
    const length = (entry & 0xff) + (symbol & 15);
    const fits = entry !== 0 && bits + length <= SHORT_BITS && terms + (symbol >> 4) + 1 < TERMS;
    const known = (symbol & 15) !== 0 || symbol === ZERO_RUN || symbol === 0;
    if (!fits || !known) return bits | (terms << 8);
    bits += length;
    if (symbol === 0) return bits | (terms << 8) | ENDS_BLOCK;
    terms += (symbol >> 4) + 1;
  }
}
