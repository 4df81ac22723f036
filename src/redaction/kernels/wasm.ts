import { STEP_BITS } from "../jpeg/ac-skip.ts";
import { DC_OUTCOMES, SCAN_PADDING_BYTES } from "./kernels.ts";
import type { DcComponent, DcOutcome, DcScan, Kernels } from "./kernels.ts";

// One memory: the job and its tables at fixed places, then whatever the call in hand needs.
const JOB = 1024;
const JOB_HEAD_WORDS = 12;
const COMPONENT_WORDS = 9;
const TABLES = 4096;
const DC_SHORT_BYTES = 2 * 4096;
const LONG_BYTES = 2 * 65_536;
const AC_STEPS_BYTES = 4 * 2 ** STEP_BITS;
const TABLES_BYTES = DC_SHORT_BYTES + LONG_BYTES + AC_STEPS_BYTES + LONG_BYTES;
const WORK = TABLES + 3 * TABLES_BYTES;
const PAGE_BYTES = 64 * 1024;

// A part of a picture that stays in the second-level cache from the copying to the summing.
const BAND_BYTES = 256 * 1024;
const MAX_ROW_BYTES = 65_536 * 4 + 64;
const COLUMN_SUMS = WORK + BAND_BYTES + MAX_ROW_BYTES;
const SPAN_SUMS = COLUMN_SUMS + 4 * MAX_ROW_BYTES;

interface Exports {
  readonly spanSums: (...arguments_: number[]) => void;
  readonly dcSums: (job: number) => number;
  readonly reverse: (from: number, to: number, size: number) => void;
}

/** Throws where WebAssembly or its SIMD is missing. */
export function wasmKernels(binary: Uint8Array<ArrayBuffer>): Kernels {
  const memory = new WebAssembly.Memory({
    initial: Math.ceil(SPAN_SUMS / PAGE_BYTES),
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const kernel = exportsOf(instance);
  const loaded: (DcComponent | undefined)[] = [];
  let usedBytes = 0;
  let bytes = new Uint8Array(memory.buffer);

  function reserve(endBytes: number): void {
    const missing = endBytes - memory.buffer.byteLength;
    if (missing <= 0) return;
    memory.grow(Math.ceil(missing / PAGE_BYTES));
    bytes = new Uint8Array(memory.buffer);
  }

  return {
    name: "wasm-simd",
    spanSums(data, { offsetBytes, strideBytes, rowBytes, rows }, { bandRows, spanBytes, period }, out) {
      reserve(SPAN_SUMS + out.byteLength);
      const sums = new Float64Array(memory.buffer, SPAN_SUMS, out.length);
      sums.set(out);
      const bandSumsBytes = 8 * period * Math.ceil(rowBytes / spanBytes);
      const rowsAtOnce = Math.max(1, Math.min(bandRows, Math.floor(BAND_BYTES / strideBytes)));
      for (let row = 0; row < rows;) {
        const band = Math.floor(row / bandRows);
        const count = Math.min(rowsAtOnce, (band + 1) * bandRows - row, rows - row);
        const start = offsetBytes + row * strideBytes;
        const bytesAtOnce = (count - 1) * strideBytes + rowBytes;
        bytes.set(data.subarray(start, start + bytesAtOnce), WORK);
        usedBytes = Math.max(usedBytes, bytesAtOnce);
        const bandSums = SPAN_SUMS + band * bandSumsBytes;
        kernel.spanSums(WORK, strideBytes, rowBytes, count, spanBytes, period, COLUMN_SUMS, bandSums);
        row += count;
      }
      out.set(sums);
    },
    clear() {
      bytes.fill(0, WORK, WORK + usedBytes);
      usedBytes = 0;
    },
    scanMemory(sizeBytes) {
      usedBytes = sizeBytes + SCAN_PADDING_BYTES;
      reserve(WORK + usedBytes);
      bytes.fill(0, WORK, WORK + usedBytes);
      return bytes.subarray(WORK, WORK + usedBytes);
    },
    dcSums(scan, sums) {
      const bytesSize = roundUp(usedBytes, 16);
      const reversed = WORK + bytesSize;
      const ends = reversed + bytesSize;
      const sumsAt = ends + roundUp(4 * scan.ends.length, 8);
      reserve(sumsAt + sums.byteLength);
      usedBytes = sumsAt + sums.byteLength - WORK;
      kernel.reverse(WORK, reversed, bytesSize);
      new Uint32Array(memory.buffer, ends, scan.ends.length).set(scan.ends);
      const cellSums = new Float64Array(memory.buffer, sumsAt, sums.length);
      cellSums.set(sums);
      const words = new Uint32Array(memory.buffer, JOB, JOB_HEAD_WORDS + 3 * COMPONENT_WORDS);
      writeJob(words, scan, { origin: ends - 8, ends, sums: sumsAt });
      scan.components.forEach((component, c) => {
        if (loaded[c]?.dc !== component.dc || loaded[c]?.ac !== component.ac)
          loadTables(memory.buffer, component, c);
        loaded[c] = component;
      });
      const outcome: DcOutcome | undefined = DC_OUTCOMES[kernel.dcSums(JOB)];
      sums.set(cellSums);
      return outcome ?? "bits are no Huffman code";
    },
  };
}

interface Places {
  /** The last eight of the reversed bytes: the first ones of the scan. */
  readonly origin: number;
  readonly ends: number;
  readonly sums: number;
}

/** The order is that of assembly/dc-sums.ts. */
function writeJob(words: Uint32Array, scan: DcScan, { origin, ends, sums }: Places): void {
  const { interval, mcuColumns, mcuRows, mcusAcross, mcusDown, gridColumns, gridRows, components } = scan;
  words.set([
    origin,
    ends,
    scan.ends.length,
    interval,
    mcuColumns,
    mcuRows,
    mcusAcross,
    mcusDown,
    gridColumns,
  ]);
  words.set([sums, gridColumns * gridRows, components.length], 9);
  components.forEach(({ h, v, blockColumns, blockRows }, c) => {
    const dcShort = TABLES + c * TABLES_BYTES;
    const dcLong = dcShort + DC_SHORT_BYTES;
    const acSteps = dcLong + LONG_BYTES;
    const tables = [dcShort, dcLong, acSteps, acSteps + AC_STEPS_BYTES];
    words.set([...tables, h, v, blockColumns, blockRows, 0], JOB_HEAD_WORDS + c * COMPONENT_WORDS);
  });
}

function loadTables(buffer: ArrayBuffer, { dc, ac }: DcComponent, c: number): void {
  const at = TABLES + c * TABLES_BYTES;
  new Uint16Array(buffer, at, dc.short.length).set(dc.short);
  new Uint16Array(buffer, at + DC_SHORT_BYTES, dc.long.length).set(dc.long);
  new Uint32Array(buffer, at + DC_SHORT_BYTES + LONG_BYTES, ac.steps.length).set(ac.steps);
  const acLong = at + DC_SHORT_BYTES + LONG_BYTES + AC_STEPS_BYTES;
  new Uint16Array(buffer, acLong, ac.code.long.length).set(ac.code.long);
}

function exportsOf({ exports }: WebAssembly.Instance): Exports {
  const { spanSums, dcSums, reverse } = exports;
  if (!isFunction(spanSums) || !isFunction(dcSums) || !isFunction(reverse))
    throw new TypeError("kernels lack a function");
  return { spanSums, dcSums, reverse };
}

function isFunction(value: unknown): value is (...args: number[]) => number {
  return typeof value === "function";
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
