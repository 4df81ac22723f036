// As in ../kernels.ts.
const PADDING_BYTES: usize = 10 * 64 * 4 + 16;
const RST0: u32 = 0xd0;

/**
 * ../../jpeg/entropy-bytes.ts: copies `size` bytes without stuffed zeros, fill bytes and restart markers, here in reverse,
 * the first one to `top` − 1, with zeros below the last. Writes at most `most` ends of intervals; gives how many there are.
 */
export function unstuff(from: usize, size: usize, top: usize, ends: usize, most: u32): u32 {
  const end = from + size;
  const ffs = i8x16.splat(-1);
  let at = from;
  let out = top;
  let count: u32 = 0;
  while (at < end) {
    const part = v128.load(at);
    if (at + 16 <= end && !v128.any_true(i8x16.eq(part, ffs))) {
      out -= 16;
      v128.store(out, i8x16.shuffle(part, part, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
      at += 16;
      continue;
    }
    const byte: u32 = load<u8>(at);
    const code: u32 = load<u8>(at, 1);
    if (byte != 0xff || code == 0) store<u8>(--out, byte);
    if (byte != 0xff) {
      at += 1;
      continue;
    }
    if (code >= RST0 && code != 0xff) {
      if (count < most) store<u32>(ends + count * 4, top - out);
      count++;
    }
    at += code == 0xff ? 1 : 2;
  }
  if (count < most) store<u32>(ends + count * 4, top - out);
  memory.fill(out - PADDING_BYTES, 0, PADDING_BYTES);
  return count + 1;
}
