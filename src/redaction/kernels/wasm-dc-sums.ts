import { STEP_BITS } from "../jpeg/ac-skip.ts";
import { DC_OUTCOMES, SCAN_PADDING_BYTES } from "./kernels.ts";
import type { DcComponent, DcScan, Kernels } from "./kernels.ts";
import type { WasmModule } from "./wasm-module.ts";

// The job and its tables at fixed places, then the scan as it is, the scan without stuffing, the ends of its intervals,
// and the sums.
const JOB = 1024;
const JOB_HEAD_WORDS = 12;
const COMPONENT_WORDS = 9;
const TABLES = 4096;
const DC_SHORT_BYTES = 2 * 4096;
const LONG_BYTES = 2 * 65_536;
const AC_STEPS_BYTES = 4 * 2 ** STEP_BITS;
const TABLES_BYTES = DC_SHORT_BYTES + LONG_BYTES + AC_STEPS_BYTES + LONG_BYTES;
export const DC_END = TABLES + 3 * TABLES_BYTES;
const SCAN = DC_END;

/** `Kernels.dcSums` by the module; it leaves nothing of the scan in memory. */
export function createWasmDcSums(module: WasmModule): Kernels["dcSums"] {
  const loaded: (DcComponent | undefined)[] = [];
  return (data, start, end, scan, sums) => {
    const places = placesOf(end - start, scan, sums.length);
    module.reserve(places.end);
    const buffer = module.buffer();
    // One byte more: the one after a last 0xFF says what that is.
    new Uint8Array(buffer).set(data.subarray(start, end + 1), SCAN);
    const ends = module.kernel.unstuff(SCAN, end - start, places.top, places.ends, scan.intervals);
    const cellSums = new Float64Array(buffer, places.sums, sums.length);
    cellSums.set(sums);
    writeJob(new Uint32Array(buffer, JOB, JOB_HEAD_WORDS + 3 * COMPONENT_WORDS), scan, places);
    scan.components.forEach((component, c) => {
      const known = loaded[c];
      if (known?.dc !== component.dc || known.ac !== component.ac) loadTables(buffer, component, c);
      loaded[c] = component;
    });
    const outcome =
      ends === scan.intervals ? DC_OUTCOMES[module.kernel.dcSums(JOB)] : "wrong number of intervals";
    sums.set(cellSums);
    new Uint8Array(buffer, SCAN, places.end - SCAN).fill(0);
    return outcome ?? "bits are no Huffman code";
  };
}

interface Places {
  /** Where the unstuffed bytes end; they lie in reverse, the first one before this. */
  readonly top: number;
  readonly ends: number;
  readonly sums: number;
  readonly end: number;
}

function placesOf(sizeBytes: number, { intervals }: DcScan, sums: number): Places {
  const bytesEach = roundUp(sizeBytes + SCAN_PADDING_BYTES + 16, 16);
  const top = SCAN + 2 * bytesEach;
  const sumsAt = top + roundUp(4 * intervals, 8);
  return { top, ends: top, sums: sumsAt, end: sumsAt + 8 * sums };
}

/** The order is that of assembly/dc-sums.ts. */
function writeJob(words: Uint32Array, scan: DcScan, { top, ends, sums }: Places): void {
  const { intervals, interval, mcuColumns, mcuRows, mcusAcross, mcusDown, gridColumns, gridRows } = scan;
  words.set([top - 8, ends, intervals, interval, mcuColumns, mcuRows, mcusAcross, mcusDown, gridColumns]);
  words.set([sums, gridColumns * gridRows, scan.components.length], 9);
  scan.components.forEach(({ h, v, blockColumns, blockRows }, c) => {
    const dcShort = TABLES + c * TABLES_BYTES;
    const dcLong = dcShort + DC_SHORT_BYTES;
    const acSteps = dcLong + LONG_BYTES;
    const tables = [dcShort, dcLong, acSteps, acSteps + AC_STEPS_BYTES];
    words.set([...tables, h, v, blockColumns, blockRows, 0], JOB_HEAD_WORDS + c * COMPONENT_WORDS);
  });
}

function loadTables(buffer: ArrayBuffer, { dc, ac }: DcComponent, c: number): void {
  const dcShort = TABLES + c * TABLES_BYTES;
  const dcLong = dcShort + DC_SHORT_BYTES;
  const acSteps = dcLong + LONG_BYTES;
  new Uint16Array(buffer, dcShort, dc.short.length).set(dc.short);
  new Uint16Array(buffer, dcLong, dc.long.length).set(dc.long);
  new Uint32Array(buffer, acSteps, ac.steps.length).set(ac.steps);
  new Uint16Array(buffer, acSteps + AC_STEPS_BYTES, ac.code.long.length).set(ac.code.long);
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple;
}
