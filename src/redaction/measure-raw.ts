import type { CellGrid, CellMeans } from "./cell-grid.ts";
import type { Kernels } from "./kernels/kernels.ts";
import { OPAQUE } from "./raw-layout.ts";
import type { Plane, RawLayout } from "./raw-layout.ts";

/** The sum of every sample of every cell. `data` holds at least `layout.leastBytes`. */
export function measureRaw(data: Uint8Array, layout: RawLayout, grid: CellGrid, kernels: Kernels): CellMeans {
  const size = layout.channels * grid.columns * grid.rows;
  const means = { sums: new Float64Array(size), counts: new Float64Array(size) };
  for (const plane of layout.planes) measurePlane(data, plane, grid, kernels, means);
  kernels.clear();
  return means;
}

function measurePlane(
  data: Uint8Array,
  plane: Plane,
  grid: CellGrid,
  kernels: Kernels,
  means: CellMeans,
): void {
  const period = plane.pattern.length;
  const bandRows = bandRowsOf(plane, grid);
  const spanBytes = spanBytesOf(plane, grid);
  const spans = new Float64Array(grid.columns * grid.rows * period);
  kernels.spanSums(data, plane, { bandRows, spanBytes, period }, spans);
  for (let k = 0; k < period; k++) {
    const channel = plane.pattern[k] ?? OPAQUE;
    if (channel === OPAQUE) continue;
    for (let row = 0, cell = 0; row < grid.rows; row++) {
      const rows = Math.min(bandRows, plane.rows - row * bandRows);
      for (let column = 0; column < grid.columns; column++, cell++) {
        const i = channel * grid.rows * grid.columns + cell;
        const groups = Math.min(spanBytes, plane.rowBytes - column * spanBytes) / period;
        means.sums[i] = (means.sums[i] ?? 0) + (spans[cell * period + k] ?? 0);
        means.counts[i] = (means.counts[i] ?? 0) + rows * groups;
      }
    }
  }
}

/** Rows of a plane in one row of cells; the last row of cells may have fewer. */
export function bandRowsOf(plane: Plane, grid: CellGrid): number {
  return grid.cellHeightPx / plane.rowHeightPx;
}

/** Bytes of a plane's row in one column of cells; the last column of cells may have fewer. */
export function spanBytesOf({ groupWidthPx, pattern }: Plane, grid: CellGrid): number {
  return (grid.cellWidthPx / groupWidthPx) * pattern.length;
}
