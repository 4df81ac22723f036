import { DC_OUTCOMES, SCAN_PADDING_BYTES } from "./kernels.ts";
import type { DcComponent, DcOutcome, DcScan, Kernels } from "./kernels.ts";

// One memory: the job and its tables at fixed places, then whatever the call in hand needs.
const JOB = 1024;
const JOB_HEAD_WORDS = 12;
const COMPONENT_WORDS = 9;
const TABLES = 4096;
const DC_SHORT_BYTES = 2 * 4096;
const LONG_BYTES = 2 * 65_536;
const AC_STEPS_BYTES = 4 * 4096;
const TABLES_BYTES = DC_SHORT_BYTES + LONG_BYTES + AC_STEPS_BYTES + LONG_BYTES;
const WORK = TABLES + 3 * TABLES_BYTES;
const PAGE_BYTES = 64 * 1024;

// A part of a picture that stays in the second-level cache from the copying to the summing.
const BAND_BYTES = 256 * 1024;
// The kernel works on 64 columns at a time.
const MAX_ROW_BYTES = 65_536 * 4 + 64;
const COLUMN_SUMS = WORK + BAND_BYTES + 2 * MAX_ROW_BYTES;

interface Exports {
  readonly columnSums: (data: number, stride: number, rowBytes: number, rows: number, sums: number) => void;
  readonly dcSums: (job: number) => number;
}

/** Throws where WebAssembly or its SIMD is missing. */
export function wasmKernels(binary: Uint8Array<ArrayBuffer>): Kernels {
  const memory = new WebAssembly.Memory({
    initial: Math.ceil((COLUMN_SUMS + 4 * MAX_ROW_BYTES) / PAGE_BYTES),
  });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  const { columnSums, dcSums } = exportsOf(instance);
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
    columnSums(data, offset, stride, rowBytes, rows) {
      const sums = new Uint32Array(memory.buffer, COLUMN_SUMS, rowBytes + 64);
      sums.fill(0);
      const rowsAtOnce = Math.max(1, Math.floor(BAND_BYTES / stride));
      for (let row = 0; row < rows; row += rowsAtOnce) {
        const count = Math.min(rowsAtOnce, rows - row);
        const start = offset + row * stride;
        const bandBytes = (count - 1) * stride + rowBytes;
        bytes.set(data.subarray(start, start + bandBytes), WORK);
        usedBytes = Math.max(usedBytes, bandBytes);
        columnSums(WORK, stride, rowBytes, count, COLUMN_SUMS);
      }
      return sums;
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
      const ends = WORK + Math.ceil(usedBytes / 8) * 8;
      const sumsAt = ends + Math.ceil(scan.ends.length / 2) * 8;
      reserve(sumsAt + sums.byteLength);
      new Uint32Array(memory.buffer, ends, scan.ends.length).set(scan.ends);
      const cellSums = new Float64Array(memory.buffer, sumsAt, sums.length);
      cellSums.set(sums);
      usedBytes = sumsAt + sums.byteLength - WORK;
      writeJob(new Uint32Array(memory.buffer, JOB, JOB_HEAD_WORDS + 3 * COMPONENT_WORDS), scan, ends, sumsAt);
      scan.components.forEach((component, c) => {
        if (loaded[c]?.dc !== component.dc || loaded[c]?.ac !== component.ac)
          loadTables(memory.buffer, component, c);
        loaded[c] = component;
      });
      const outcome: DcOutcome | undefined = DC_OUTCOMES[dcSums(JOB)];
      sums.set(cellSums);
      return outcome ?? "bits are no Huffman code";
    },
  };
}

/** The order is that of assembly/dc-sums.ts. */
function writeJob(words: Uint32Array, scan: DcScan, ends: number, sums: number): void {
  const { interval, mcuColumns, mcuRows, mcusAcross, mcusDown, gridColumns, gridRows, components } = scan;
  words.set([WORK, ends, scan.ends.length, interval, mcuColumns, mcuRows, mcusAcross, mcusDown, gridColumns]);
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
  const { columnSums, dcSums } = exports;
  if (!isFunction(columnSums) || !isFunction(dcSums)) throw new TypeError("kernels lack a function");
  return { columnSums, dcSums };
}

function isFunction(value: unknown): value is (...args: number[]) => number {
  return typeof value === "function";
}
