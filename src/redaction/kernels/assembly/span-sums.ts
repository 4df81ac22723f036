import { addColumns, foldColumns } from "./column-sums";

// Rows of which sums of 16 bits hold what is added at once: 64 × 4 × 255 = 65,280.
const ROWS_AT_ONCE: usize = 64;

/**
 * Adds up the bytes of `rows` rows that begin at `data` and are `stride` apart, by span and channel:
 * out[span × period + x mod period] for the byte in column x. `columns` is room for sums of 32 bits by column; up to 63
 * columns more than are added are read.
 */
export function spanSums(
  data: usize,
  stride: usize,
  rowBytes: usize,
  rows: usize,
  spanBytes: usize,
  period: usize,
  columns: usize,
  out: usize,
): void {
  if (period == 3) {
    addColumns(data, stride, rowBytes, rows, columns);
    foldColumns(columns, rowBytes, spanBytes, out);
    return;
  }
  for (let row: usize = 0; row < rows; row += ROWS_AT_ONCE) {
    const top = data + row * stride;
    const bottom = data + min(row + ROWS_AT_ONCE, rows) * stride;
    let sums = out;
    for (let from: usize = 0; from < rowBytes; from += spanBytes) {
      const to = min(from + spanBytes, rowBytes);
      const blocks = from + ((to - from) & ~63);
      if (period == 1) addPlain(top, bottom, stride, from, blocks, sums);
      else addGroups(top, bottom, stride, from, blocks, period, sums);
      addRest(top, bottom, stride, blocks, to, from, period, sums);
      sums += period * 8;
    }
  }
}

/** One channel; columns [from, to) in blocks of 64, one line of the cache a row. */
function addPlain(top: usize, bottom: usize, stride: usize, from: usize, to: usize, out: usize): void {
  let sum = i32x4.splat(0);
  for (let x = from; x < to; x += 64) {
    let a = i16x8.splat(0);
    let b = i16x8.splat(0);
    for (let at = top + x; at < bottom + x; at += stride) {
      a = i16x8.add(a, i16x8.extadd_pairwise_i8x16_u(v128.load(at)));
      b = i16x8.add(b, i16x8.extadd_pairwise_i8x16_u(v128.load(at, 16)));
      a = i16x8.add(a, i16x8.extadd_pairwise_i8x16_u(v128.load(at, 32)));
      b = i16x8.add(b, i16x8.extadd_pairwise_i8x16_u(v128.load(at, 48)));
    }
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(a));
    sum = i32x4.add(sum, i32x4.extadd_pairwise_i16x8_u(b));
  }
  add(out, total(sum));
}

/** Two or four channels; columns by their number modulo four. */
function addGroups(
  top: usize,
  bottom: usize,
  stride: usize,
  from: usize,
  to: usize,
  period: usize,
  out: usize,
): void {
  const lowBytes = i16x8.splat(0xff);
  let sums02 = i32x4.splat(0);
  let sums13 = i32x4.splat(0);
  let next02 = i32x4.splat(0);
  let next13 = i32x4.splat(0);
  for (let x = from; x < to; x += 64) {
    let even = i16x8.splat(0);
    let odd = i16x8.splat(0);
    for (let at = top + x; at < bottom + x; at += stride) {
      const p = v128.load(at);
      const q = v128.load(at, 16);
      const r = v128.load(at, 32);
      const s = v128.load(at, 48);
      even = i16x8.add(even, i16x8.add(v128.and(p, lowBytes), v128.and(q, lowBytes)));
      odd = i16x8.add(odd, i16x8.add(i16x8.shr_u(p, 8), i16x8.shr_u(q, 8)));
      even = i16x8.add(even, i16x8.add(v128.and(r, lowBytes), v128.and(s, lowBytes)));
      odd = i16x8.add(odd, i16x8.add(i16x8.shr_u(r, 8), i16x8.shr_u(s, 8)));
    }
    sums02 = i32x4.add(sums02, v128.and(even, i32x4.splat(0xffff)));
    sums13 = i32x4.add(sums13, v128.and(odd, i32x4.splat(0xffff)));
    next02 = i32x4.add(next02, i32x4.shr_u(even, 16));
    next13 = i32x4.add(next13, i32x4.shr_u(odd, 16));
  }
  add(out, total(sums02));
  add(out + 8, total(sums13));
  add(out + (2 % period) * 8, total(next02));
  add(out + (3 % period) * 8, total(next13));
}

/** Columns [from, to), one by one; the span begins at `start`. */
function addRest(
  top: usize,
  bottom: usize,
  stride: usize,
  from: usize,
  to: usize,
  start: usize,
  period: usize,
  out: usize,
): void {
  for (let x = from; x < to; x++) {
    let sum: u32 = 0;
    for (let at = top; at < bottom; at += stride) sum += load<u8>(at + x);
    add(out + ((x - start) % period) * 8, sum);
  }
}

function add(out: usize, sum: u32): void {
  store<f64>(out, load<f64>(out) + <f64>sum);
}

function total(four: v128): u32 {
  return (
    i32x4.extract_lane(four, 0) +
    i32x4.extract_lane(four, 1) +
    i32x4.extract_lane(four, 2) +
    i32x4.extract_lane(four, 3)
  );
}
