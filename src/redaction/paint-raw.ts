import type { CellGrid, CellValues } from "./cell-grid.ts";
import { bandRowsOf, spanBytesOf } from "./measure-raw.ts";
import { OPAQUE } from "./raw-layout.ts";
import type { Plane, RawLayout } from "./raw-layout.ts";

const OPAQUE_ALPHA = 255;
// Rows that are copied at once: few enough to stay in the nearest cache.
const COPIED_ROWS = 8;

/** Writes every byte of the layout, padding included; nothing of what `out` held before stays. */
export function paintRaw(out: Uint8Array, layout: RawLayout, { grid, bytes }: CellValues): void {
  for (const plane of layout.planes) {
    const bandRows = bandRowsOf(plane, grid);
    const line = createLine(plane.strideBytes);
    const group = createLine(4);
    for (let row = 0; row < grid.rows; row++) {
      paintLine(line, group, plane, grid, bytes, row);
      const rows = Math.min(bandRows, plane.rows - row * bandRows);
      repeat(out, line.bytes, plane.offsetBytes + row * bandRows * plane.strideBytes, rows);
    }
  }
}

/** One row of a plane, to be filled a byte, a pair or four bytes at a time: a fill runs at memory speed. */
interface Line {
  readonly bytes: Uint8Array;
  readonly pairs: Uint16Array;
  readonly fours: Uint32Array;
}

function createLine(sizeBytes: number): Line {
  const fours = new Uint32Array(Math.ceil(sizeBytes / 4));
  return { bytes: new Uint8Array(fours.buffer, 0, sizeBytes), pairs: new Uint16Array(fours.buffer), fours };
}

function paintLine(
  line: Line,
  group: Line,
  plane: Plane,
  grid: CellGrid,
  bytes: Uint8Array,
  row: number,
): void {
  const { pattern, rowBytes } = plane;
  const spanBytes = spanBytesOf(plane, grid);
  for (let column = 0; column < grid.columns; column++) {
    for (let k = 0; k < pattern.length; k++) {
      const channel = pattern[k] ?? OPAQUE;
      const cell = (channel * grid.rows + row) * grid.columns + column;
      group.bytes[k] = channel === OPAQUE ? OPAQUE_ALPHA : (bytes[cell] ?? 0);
    }
    fillGroups(line, group, pattern.length, column * spanBytes, Math.min((column + 1) * spanBytes, rowBytes));
  }
}

function fillGroups(line: Line, group: Line, size: number, from: number, to: number): void {
  if (size === 1) line.bytes.fill(group.bytes[0] ?? 0, from, to);
  else if (size === 2) line.pairs.fill(group.pairs[0] ?? 0, from / 2, to / 2);
  else if (size === 4) line.fours.fill(group.fours[0] ?? 0, from / 4, to / 4);
  else for (let x = from; x < to; x++) line.bytes[x] = group.bytes[(x - from) % size] ?? 0;
}

/** Puts `line` `times` times at `offset`, cut off at the end of `out`. */
function repeat(out: Uint8Array, line: Uint8Array, offset: number, times: number): void {
  const end = Math.min(offset + times * line.length, out.length);
  if (offset >= end) return;
  out.set(line.subarray(0, end - offset), offset);
  const copiedBytes = COPIED_ROWS * line.length;
  for (let done = line.length; offset + done < end;) {
    const sizeBytes = Math.min(done, copiedBytes, end - offset - done);
    out.copyWithin(offset + done, offset, offset + sizeBytes);
    done += sizeBytes;
  }
}
