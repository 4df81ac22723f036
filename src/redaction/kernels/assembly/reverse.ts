/** Writes `size` bytes, a multiple of 16, in reverse order; the two places do not overlap. */
export function reverse(from: usize, to: usize, size: usize): void {
  let out = to + size;
  for (let at = from; at < from + size; at += 16) {
    out -= 16;
    const part = v128.load(at);
    v128.store(out, v128.shuffle<u8>(part, part, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0));
  }
}
