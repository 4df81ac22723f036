import { ENDS_BLOCK, STEP_BITS, TERMS, ZERO_RUN } from "../jpeg/ac-skip.ts";
import type { AcSkipper } from "../jpeg/ac-skip.ts";
import type { HuffmanCode } from "../jpeg/huffman.ts";
import { MAX_DC, MAX_DC_CATEGORY, MAX_SPARE_BITS } from "./kernels.ts";
import type { DcComponent, DcOutcome, DcScan } from "./kernels.ts";

/** Where the reading is, and what has gone wrong. */
interface Reader {
  readonly bytes: Uint8Array;
  bit: number;
  outcome: DcOutcome;
}

/**
 * `Kernels.dcSums` in TypeScript, of bytes without stuffing and the ends of their intervals; the one in assembly/ follows
 * it line by line.
 */
export function dcSums(
  bytes: Uint8Array,
  ends: readonly number[],
  scan: DcScan,
  sums: Float64Array,
): DcOutcome {
  const reader: Reader = { bytes, bit: 0, outcome: "read" };
  const mcus = scan.mcuColumns * scan.mcuRows;
  const predictions = new Int32Array(scan.components.length);
  let mcu = 0;
  for (const end of ends) {
    predictions.fill(0);
    for (const last = Math.min(mcu + scan.interval, mcus); mcu < last; mcu++) {
      readMcu(reader, scan, predictions, mcu, sums);
      if (reader.outcome !== "read") return reader.outcome;
      if (reader.bit > end * 8) return "ends before its last block";
    }
    if (end * 8 - reader.bit > MAX_SPARE_BITS) return "goes on after its last block";
    reader.bit = end * 8;
  }
  return reader.outcome;
}

function readMcu(
  reader: Reader,
  scan: DcScan,
  predictions: Int32Array,
  mcu: number,
  sums: Float64Array,
): void {
  const mcuRow = Math.floor(mcu / scan.mcuColumns);
  const mcuColumn = mcu - mcuRow * scan.mcuColumns;
  const cellRow = Math.floor(mcuRow / scan.mcusDown);
  const cell = cellRow * scan.gridColumns + Math.floor(mcuColumn / scan.mcusAcross);
  for (let c = 0; c < scan.components.length; c++) {
    const component = scan.components[c];
    if (component === undefined || reader.outcome !== "read") return;
    const i = c * scan.gridColumns * scan.gridRows + cell;
    sums[i] = (sums[i] ?? 0) + readBlocks(reader, component, predictions, c, mcuColumn, mcuRow);
  }
}

/** All blocks of one component in one MCU; the sum of the DC terms of those that hold any of the picture. */
function readBlocks(
  reader: Reader,
  { dc: code, ac, h, v, blockColumns, blockRows }: DcComponent,
  predictions: Int32Array,
  c: number,
  mcuColumn: number,
  mcuRow: number,
): number {
  let dc = predictions[c] ?? 0;
  let sum = 0;
  for (let y = 0; y < v; y++) {
    for (let x = 0; x < h; x++) {
      dc += readDcDifference(reader, code);
      if (dc > MAX_DC || dc < -MAX_DC) reader.outcome = "DC term out of range";
      if (reader.outcome === "read") skipAc(reader, ac);
      if (reader.outcome !== "read") return 0;
      if (mcuRow * v + y < blockRows && mcuColumn * h + x < blockColumns) sum += dc;
    }
  }
  predictions[c] = dc;
  return sum;
}

/** T.81 F.2.2.1. */
function readDcDifference(reader: Reader, code: HuffmanCode): number {
  const next = peek16(reader.bytes, reader.bit);
  const short = code.short[next >> 4] ?? 0;
  const entry = short === 0 ? (code.long[next] ?? 0) : short;
  const category = entry >> 8;
  if (entry === 0) reader.outcome = "bits are no Huffman code";
  else if (category > MAX_DC_CATEGORY) reader.outcome = "DC term out of range";
  reader.bit += entry & 0xff;
  if (category === 0 || reader.outcome !== "read") return 0;
  const value = peek16(reader.bytes, reader.bit) >> (16 - category);
  reader.bit += category;
  return value < 1 << (category - 1) ? value - (1 << category) + 1 : value;
}

/** Moves past the AC terms of one block, as many symbols at a time as a step holds. */
function skipAc(reader: Reader, { code, steps }: AcSkipper): void {
  const { bytes } = reader;
  let { bit } = reader;
  let next = 1;
  while (next < TERMS) {
    const next16 = peek16(bytes, bit);
    const step = steps[next16 >> (16 - STEP_BITS)] ?? 0;
    const reached = next + ((step >> 8) & 0xff);
    if (step !== 0 && reached <= TERMS && !(step >= ENDS_BLOCK && reached === TERMS)) {
      bit += step & 0xff;
      next = step >= ENDS_BLOCK ? TERMS : reached;
      continue;
    }
    // One symbol by itself: its code is long, or the block ends before the last symbol of the step.
    const entry = code.long[next16] ?? 0;
    const symbol = entry >> 8;
    bit += (entry & 0xff) + (symbol & 15);
    next = entry !== 0 && symbol === 0 ? TERMS : next + (symbol >> 4) + 1;
    if (entry === 0) reader.outcome = "bits are no Huffman code";
    else if (symbol !== 0 && (symbol & 15) === 0 && symbol !== ZERO_RUN)
      reader.outcome = "a run without a value";
    else if (next > TERMS) reader.outcome = "over 64 terms in a block";
    if (reader.outcome !== "read") return;
  }
  reader.bit = bit;
}

function peek16(bytes: Uint8Array, bit: number): number {
  const at = bit >> 3;
  const three = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
  return (three >> (8 - (bit & 7))) & 0xffff;
}
