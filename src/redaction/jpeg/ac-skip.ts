import { CamfenceError } from "../../core/errors.ts";
import { buildHuffmanCode, decodeLongCode, LOOKUP_BITS } from "./huffman.ts";
import type { HuffmanCode } from "./huffman.ts";
import type { HuffmanSpec } from "./jpeg-tables.ts";

/**
 * To step over AC terms without decoding them: for the next 12 bits, how far all symbols reach that lie in them with
 * their extra bits. bits | coefficients << 8 | (ends the block) << 16; 0 when not even one symbol fits.
 */
export interface AcSkipper {
  readonly code: HuffmanCode;
  readonly steps: Uint32Array;
}

/** Where in the entropy-coded bytes the reading is. `bytes` goes on with zeros after its last scan. */
export interface BitPosition {
  readonly bytes: Uint8Array;
  bit: number;
}

const END_OF_BLOCK = 1 << 16;
const COEFFICIENTS = 64;
const ZERO_RUN = 0xf0;

export function buildAcSkipper(spec: HuffmanSpec): AcSkipper {
  const code = buildHuffmanCode(spec);
  const steps = new Uint32Array(1 << LOOKUP_BITS);
  for (let window = 0; window < steps.length; window++) steps[window] = stepOf(code.lookup, window);
  return { code, steps };
}

/** Moves past the AC terms of one block. Throws CamfenceError `malformed` when they run over 63 or are no code. */
export function skipAc(position: BitPosition, { code, steps }: AcSkipper): void {
  const { bytes } = position;
  let { bit } = position;
  for (let next = 1; next < COEFFICIENTS;) {
    const at = bit >> 3;
    const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const step = steps[(three >> (12 - (bit & 7))) & 0xfff] ?? 0;
    const reached = next + ((step >> 8) & 0xff);
    if (step >= END_OF_BLOCK && reached < COEFFICIENTS) {
      position.bit = bit + (step & 0xff);
      return;
    }
    if (step === 0 || step >= END_OF_BLOCK || reached > COEFFICIENTS) {
      const single = decodeLongCode(code, (three >> (8 - (bit & 7))) & 0xffff);
      bit += (single & 0xff) + ((single >> 8) & 15);
      next += advanceOf(single >> 8);
    } else {
      bit += step & 0xff;
      next = reached;
    }
    if (next > COEFFICIENTS && next < ENDED)
      throw new CamfenceError("malformed", "JPEG block has over 64 terms");
  }
  position.bit = bit;
}

const ENDED = 1000;

/** How many coefficients a symbol moves on: run and value; "end of block" moves past all. T.81 F.1.2.2. */
function advanceOf(symbol: number): number {
  if (symbol === 0) return ENDED;
  if ((symbol & 15) === 0 && symbol !== ZERO_RUN)
    throw new CamfenceError("malformed", "JPEG block has a bad run");
  return (symbol >> 4) + 1;
}

function stepOf(lookup: Uint16Array, window: number): number {
  let bits = 0;
  let coefficients = 0;
  for (;;) {
    const entry = lookup[(window << bits) & ((1 << LOOKUP_BITS) - 1)] ?? 0;
    const symbol = entry >> 8;
    const length = (entry & 0xff) + (symbol & 15);
    const fits =
      entry !== 0 && bits + length <= LOOKUP_BITS && coefficients + (symbol >> 4) + 1 <= COEFFICIENTS;
    const plain = (symbol & 15) !== 0 || symbol === ZERO_RUN || symbol === 0;
    if (!fits || !plain) return bits | (coefficients << 8);
    bits += length;
    if (symbol === 0) return bits | (coefficients << 8) | END_OF_BLOCK;
    coefficients += (symbol >> 4) + 1;
  }
}
