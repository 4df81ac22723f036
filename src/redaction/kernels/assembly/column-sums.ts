// Rows whose bytes sum up in 16 bits: 257 × 255 = 65535.
const ROWS_AT_ONCE: usize = 257;
const PERIOD: usize = 3;

/** The bytes of each column, in sums of 32 bits, for any number of channels; in blocks of 64 columns. */
export function addColumns(data: usize, stride: usize, rowBytes: usize, rows: usize, sums: usize): void {
  memory.fill(sums, 0, (rowBytes + 64) * 4);
  for (let first: usize = 0; first < rows; first += ROWS_AT_ONCE) {
    const last = min(rows, first + ROWS_AT_ONCE);
    for (let x: usize = 0; x < rowBytes; x += 64) addBlock(data + x, stride, first, last, sums + x * 4);
  }
}

/** Sums of columns to sums of spans, by column modulo three. */
export function foldColumns(sums: usize, rowBytes: usize, spanBytes: usize, out: usize): void {
  for (let from: usize = 0; from < rowBytes; from += spanBytes) {
    const to = min(from + spanBytes, rowBytes);
    for (let channel: usize = 0; channel < PERIOD; channel++) {
      let sum: u32 = 0;
      for (let x = from + channel; x < to; x += PERIOD) sum += load<u32>(sums + x * 4);
      store<f64>(out, load<f64>(out) + <f64>sum);
      out += 8;
    }
  }
}

/** 64 columns: one line of the cache a row. */
function addBlock(data: usize, stride: usize, first: usize, last: usize, sums: usize): void {
  let a = i16x8.splat(0);
  let b = i16x8.splat(0);
  let c = i16x8.splat(0);
  let d = i16x8.splat(0);
  let e = i16x8.splat(0);
  let f = i16x8.splat(0);
  let g = i16x8.splat(0);
  let h = i16x8.splat(0);
  let at = data + first * stride;
  for (let row = first; row < last; row++) {
    const p = v128.load(at);
    const q = v128.load(at, 16);
    const r = v128.load(at, 32);
    const s = v128.load(at, 48);
    a = i16x8.add(a, i16x8.extend_low_i8x16_u(p));
    b = i16x8.add(b, i16x8.extend_high_i8x16_u(p));
    c = i16x8.add(c, i16x8.extend_low_i8x16_u(q));
    d = i16x8.add(d, i16x8.extend_high_i8x16_u(q));
    e = i16x8.add(e, i16x8.extend_low_i8x16_u(r));
    f = i16x8.add(f, i16x8.extend_high_i8x16_u(r));
    g = i16x8.add(g, i16x8.extend_low_i8x16_u(s));
    h = i16x8.add(h, i16x8.extend_high_i8x16_u(s));
    at += stride;
  }
  addEight(sums, a);
  addEight(sums + 32, b);
  addEight(sums + 64, c);
  addEight(sums + 96, d);
  addEight(sums + 128, e);
  addEight(sums + 160, f);
  addEight(sums + 192, g);
  addEight(sums + 224, h);
}

function addEight(sums: usize, eight: v128): void {
  v128.store(sums, i32x4.add(v128.load(sums), i32x4.extend_low_i16x8_u(eight)));
  v128.store(sums, i32x4.add(v128.load(sums, 16), i32x4.extend_high_i16x8_u(eight)), 16);
}
