import { unstuff } from "../jpeg/entropy-bytes.ts";
import { dcSums } from "./dc-sums.ts";
import { SCAN_PADDING_BYTES } from "./kernels.ts";
import type { CellBytes, Kernels, PixelRows } from "./kernels.ts";

/** Runs everywhere. */
export function typescriptKernels(): Kernels {
  let columns = new Uint32Array(0);
  let scan = new Uint8Array(0);
  return {
    name: "typescript",
    spanSums(data, rows, cells, out) {
      if (columns.length < rows.rowBytes) columns = new Uint32Array(rows.rowBytes);
      for (let row = 0, at = 0; row < rows.rows; row += cells.bandRows) {
        columns.fill(0, 0, rows.rowBytes);
        addRows(data, rows, row, Math.min(row + cells.bandRows, rows.rows), columns);
        at = foldColumns(columns, rows.rowBytes, cells, out, at);
      }
    },
    dcSums(data, start, end, job, sums) {
      const neededBytes = end - start + SCAN_PADDING_BYTES;
      if (scan.length < neededBytes) scan = new Uint8Array(neededBytes);
      const ends = unstuff(data, start, end, scan);
      const outcome =
        ends.length === job.intervals ? dcSums(scan, ends, job, sums) : "wrong number of intervals";
      scan.fill(0);
      return outcome;
    },
    clear: () => void columns.fill(0),
  };
}

/** No overflow: a picture has at most 65,535 rows of at most 255. */
function addRows(
  data: Uint8Array,
  { offsetBytes, strideBytes, rowBytes }: PixelRows,
  first: number,
  last: number,
  columns: Uint32Array,
): void {
  for (let row = first; row < last; row++) {
    const start = offsetBytes + row * strideBytes;
    for (let x = 0; x < rowBytes; x++) columns[x] = (columns[x] ?? 0) + (data[start + x] ?? 0);
  }
}

/** Adds to out[at …]; gives where the next band's sums go. */
function foldColumns(
  columns: Uint32Array,
  rowBytes: number,
  { spanBytes, period }: CellBytes,
  out: Float64Array,
  start: number,
): number {
  let at = start;
  for (let from = 0; from < rowBytes; from += spanBytes, at += period) {
    const to = Math.min(from + spanBytes, rowBytes);
    for (let x = from, k = 0; x < to; x++, k = k + 1 === period ? 0 : k + 1) {
      out[at + k] = (out[at + k] ?? 0) + (columns[x] ?? 0);
    }
  }
  return at;
}
