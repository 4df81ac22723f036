import { RST0 } from "./markers.ts";

/**
 * Copies data[start, end) to `bytes` without stuffed zeros, fill bytes and restart markers; gives the end of each restart
 * interval in `bytes`. Every 0xFF is followed by one of the three: `parseJpeg` has seen to that, and to the order of
 * the restart markers.
 */
export function unstuff(data: Uint8Array, start: number, end: number, bytes: Uint8Array): number[] {
  const ends: number[] = [];
  let size = 0;
  for (let from = start; from < end;) {
    const found = data.indexOf(0xff, from);
    if (found === -1 || found >= end) {
      bytes.set(data.subarray(from, end), size);
      size += end - from;
      break;
    }
    const code = data[found + 1] ?? 0;
    const to = code === 0 ? found + 1 : found;
    bytes.set(data.subarray(from, to), size);
    size += to - from;
    if (code >= RST0 && code !== 0xff) ends.push(size);
    from = found + (code === 0xff ? 1 : 2);
  }
  ends.push(size);
  return ends;
}
