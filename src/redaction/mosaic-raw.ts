import type { CellGrid, CellMeans, CellValues } from "./cell-grid.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { OPAQUE } from "./raw-layout.ts";
import type { Plane, RawLayout } from "./raw-layout.ts";

const OPAQUE_ALPHA = 255;

/** The sum of every sample of every cell. `data` holds at least `layout.leastBytes`. */
export function measureRaw(data: Uint8Array, layout: RawLayout, grid: CellGrid, kernels: Kernels): CellMeans {
  const cells = grid.columns * grid.rows;
  const means = {
    sums: new Float64Array(layout.channels * cells),
    counts: new Float64Array(layout.channels * cells),
  };
  for (const plane of layout.planes) {
    for (let row = 0; row < grid.rows; row++) {
      const band = bandOf(plane, grid, row);
      const columnSums = kernels.columnSums(
        data,
        band.offsetBytes,
        plane.strideBytes,
        plane.rowBytes,
        band.rows,
      );
      addBand(columnSums, plane, grid, row, band.rows, means);
    }
  }
  kernels.clear();
  return means;
}

/** Writes every byte of the layout, padding included; nothing of what `out` held before stays. */
export function paintRaw(out: Uint8Array, layout: RawLayout, { grid, bytes }: CellValues): void {
  const cells = grid.columns * grid.rows;
  for (const plane of layout.planes) {
    const line = new Uint8Array(plane.strideBytes);
    for (let row = 0; row < grid.rows; row++) {
      paintLine(line, plane, grid, bytes, cells, row);
      const band = bandOf(plane, grid, row);
      repeat(out, line, band.offsetBytes, band.rows);
    }
  }
}

function bandOf(plane: Plane, grid: CellGrid, row: number): { offsetBytes: number; rows: number } {
  const bandRows = grid.cellHeightPx / plane.rowHeightPx;
  const first = row * bandRows;
  return {
    offsetBytes: plane.offsetBytes + first * plane.strideBytes,
    rows: Math.max(0, Math.min(bandRows, plane.rows - first)),
  };
}

/** Bytes of one plane's row that belong to a column of cells: [from, to). */
function spanOf(plane: Plane, grid: CellGrid, column: number): { from: number; to: number } {
  const spanBytes = (grid.cellWidthPx / plane.groupWidthPx) * plane.pattern.length;
  return { from: column * spanBytes, to: Math.min((column + 1) * spanBytes, plane.rowBytes) };
}

function addBand(
  columnSums: Uint32Array,
  plane: Plane,
  grid: CellGrid,
  row: number,
  bandRows: number,
  { sums, counts }: CellMeans,
): void {
  const cells = grid.columns * grid.rows;
  const step = plane.pattern.length;
  for (let column = 0; column < grid.columns; column++) {
    const { from, to } = spanOf(plane, grid, column);
    for (let k = 0; k < step; k++) {
      const channel = plane.pattern[k] ?? OPAQUE;
      if (channel === OPAQUE) continue;
      let sum = 0;
      for (let x = from + k; x < to; x += step) sum += columnSums[x] ?? 0;
      const cell = channel * cells + row * grid.columns + column;
      sums[cell] = (sums[cell] ?? 0) + sum;
      counts[cell] = (counts[cell] ?? 0) + (bandRows * (to - from)) / step;
    }
  }
}

function paintLine(
  line: Uint8Array,
  plane: Plane,
  grid: CellGrid,
  bytes: Uint8Array,
  cells: number,
  row: number,
): void {
  const step = plane.pattern.length;
  for (let column = 0; column < grid.columns; column++) {
    const { from, to } = spanOf(plane, grid, column);
    for (let k = 0; k < step; k++) {
      const channel = plane.pattern[k] ?? OPAQUE;
      const value =
        channel === OPAQUE ? OPAQUE_ALPHA : (bytes[channel * cells + row * grid.columns + column] ?? 0);
      if (step === 1) line.fill(value, from, to);
      else for (let x = from + k; x < to; x += step) line[x] = value;
    }
  }
}

/** Puts `line` `rows` times at `offset`, cut off at the end of `out`; copies double, so it runs at memory speed. */
function repeat(out: Uint8Array, line: Uint8Array, offset: number, rows: number): void {
  const end = Math.min(offset + rows * line.length, out.length);
  if (offset >= end) return;
  out.set(line.subarray(0, end - offset), offset);
  for (let done = line.length; offset + done < end; done *= 2) {
    out.copyWithin(offset + done, offset, Math.min(offset + done, end - done));
  }
}
