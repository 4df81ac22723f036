import type { AcSkipper } from "../jpeg/ac-skip.ts";
import type { HuffmanCode } from "../jpeg/huffman.ts";

/** The work on every byte of a picture. Implementations give identical numbers. */
export interface Kernels {
  readonly name: "typescript" | "wasm-simd";
  /**
   * Adds up the bytes of a plane by band of rows, span of columns and channel:
   * out[(band × spans + span) × period + x mod period] for the byte in column x.
   */
  spanSums(data: Uint8Array, rows: PixelRows, cells: CellBytes, out: Float64Array): void;
  /**
   * Reads the entropy-coded bytes data[start, end) and adds the quantised DC terms to `sums`, by component and cell.
   * Every 0xFF in them is followed by a zero, another 0xFF or a restart marker.
   */
  dcSums(data: Uint8Array, start: number, end: number, scan: DcScan, sums: Float64Array): DcOutcome;
  /** Zeroes what is left in memory of the kernels' own: parts of originals. */
  clear(): void;
}

/** `rows` rows of `rowBytes` bytes that begin at `offsetBytes` and are `strideBytes` apart. */
export interface PixelRows {
  readonly offsetBytes: number;
  readonly strideBytes: number;
  readonly rowBytes: number;
  readonly rows: number;
}

/** Bytes that are added up together; the last band and the last span of a plane may have fewer. */
export interface CellBytes {
  readonly bandRows: number;
  readonly spanBytes: number;
  /** Channels that take turns in a row, 1 to 4. */
  readonly period: number;
}

/** A sequential scan: how its bytes are to be read, and into which cell each MCU falls. */
export interface DcScan {
  /** Restart intervals, and MCUs in each but perhaps the last. */
  readonly intervals: number;
  readonly interval: number;
  readonly mcuColumns: number;
  readonly mcuRows: number;
  /** MCUs across and down in one cell. */
  readonly mcusAcross: number;
  readonly mcusDown: number;
  readonly gridColumns: number;
  readonly gridRows: number;
  readonly components: readonly DcComponent[];
}

export interface DcComponent {
  readonly dc: HuffmanCode;
  readonly ac: AcSkipper;
  /** Blocks across and down in one MCU. */
  readonly h: number;
  readonly v: number;
  /** Blocks across and down that hold any of the picture; those beyond are filling, and are not added. */
  readonly blockColumns: number;
  readonly blockRows: number;
}

/** What reading a scan came to, by number for WebAssembly's sake. */
export const DC_OUTCOMES = [
  "read",
  "bits are no Huffman code",
  "DC term out of range",
  "over 64 terms in a block",
  "a run without a value",
  "ends before its last block",
  "goes on after its last block",
  "wrong number of intervals",
] as const;
export type DcOutcome = (typeof DC_OUTCOMES)[number];

/** An MCU is at most 10 blocks of 64 symbols of 16 + 15 bits: reading on after the last byte stays inside this. */
export const SCAN_PADDING_BYTES = 10 * 64 * 4 + 16;
/** T.81 table F.1: differences of 8-bit samples have at most 11 bits. */
export const MAX_DC_CATEGORY = 11;
export const MAX_DC = 0x7fff;
/** Some encoders flush whole words. */
export const MAX_SPARE_BITS = 64;
