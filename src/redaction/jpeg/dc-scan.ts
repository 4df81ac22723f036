import { CamfenceError } from "../../core/errors.ts";
import { skipAc } from "./ac-skip.ts";
import type { AcSkipper, BitPosition } from "./ac-skip.ts";
import type { EntropyBytes } from "./entropy-bytes.ts";
import { decodeLongCode } from "./huffman.ts";
import type { HuffmanCode } from "./huffman.ts";
import type { McuGeometry } from "./mcu-geometry.ts";

// Some encoders flush whole words.
const MAX_SPARE_BITS = 64;

/** One component of a sequential scan. */
export interface ScanComponent {
  readonly dc: HuffmanCode;
  readonly ac: AcSkipper;
  /** Blocks across and down in one MCU. */
  readonly h: number;
  readonly v: number;
  /** Blocks across and down that hold any of the picture; those beyond are filling. */
  readonly blockColumns: number;
  readonly blockRows: number;
}

/** What is to be done with each block's quantised DC term. */
export type OnDc = (component: number, mcuColumn: number, mcuRow: number, dc: number) => void;

// T.81 table F.1: differences of 8-bit samples have at most 11 bits.
const MAX_DC_CATEGORY = 11;

/**
 * Reads the DC terms of a sequential scan; the AC terms are stepped over. Throws CamfenceError `malformed` when the
 * bits are no such scan, end early, or leave more than the filling of a last word.
 */
export function readDcTerms(
  { bytes, ends }: EntropyBytes,
  components: readonly ScanComponent[],
  { mcuColumns, mcuRows }: McuGeometry,
  restartInterval: number,
  onDc: OnDc,
): void {
  const mcus = mcuColumns * mcuRows;
  const interval = restartInterval === 0 ? mcus : restartInterval;
  if (ends.length !== Math.ceil(mcus / interval)) throw malformed("has a wrong number of restart intervals");
  const position: BitPosition = { bytes, bit: 0 };
  let mcu = 0;
  for (const end of ends) {
    const predictions = components.map(() => 0);
    for (const last = Math.min(mcu + interval, mcus); mcu < last; mcu++) {
      readMcu(position, components, predictions, mcu % mcuColumns, Math.floor(mcu / mcuColumns), onDc);
      if (position.bit > end * 8) throw malformed("ends before its last block");
    }
    if (end * 8 - position.bit > MAX_SPARE_BITS) throw malformed("goes on after its last block");
    position.bit = end * 8;
  }
}

function readMcu(
  position: BitPosition,
  components: readonly ScanComponent[],
  predictions: number[],
  mcuColumn: number,
  mcuRow: number,
  onDc: OnDc,
): void {
  for (let c = 0; c < components.length; c++) {
    const component = components[c];
    if (component === undefined) continue;
    let dc = predictions[c] ?? 0;
    for (let y = 0; y < component.v; y++) {
      const inside = mcuRow * component.v + y < component.blockRows;
      for (let x = 0; x < component.h; x++) {
        dc += readDcDifference(position, component.dc);
        skipAc(position, component.ac);
        if (inside && mcuColumn * component.h + x < component.blockColumns) onDc(c, mcuColumn, mcuRow, dc);
      }
    }
    predictions[c] = dc;
  }
}

/** T.81 F.2.2.1. */
function readDcDifference(position: BitPosition, code: HuffmanCode): number {
  const next = peek16(position);
  const short = code.lookup[next >> 4] ?? 0;
  const entry = short === 0 ? decodeLongCode(code, next) : short;
  const category = entry >> 8;
  position.bit += entry & 0xff;
  if (category === 0) return 0;
  if (category > MAX_DC_CATEGORY) throw malformed("has a DC term out of range");
  const value = peek16(position) >> (16 - category);
  position.bit += category;
  return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
}

function peek16({ bytes, bit }: BitPosition): number {
  const at = bit >> 3;
  const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return (three >> (8 - (bit & 7))) & 0xffff;
}

function malformed(what: string): CamfenceError {
  return new CamfenceError("malformed", `JPEG scan ${what}`);
}
