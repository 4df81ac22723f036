import { RST0 } from "./markers.ts";

// A block is at most 64 symbols of 16 + 15 bits: reading on after the last byte stays inside this.
const PADDING_BYTES = 64 * 4 + 16;

/** The entropy-coded bytes of a scan without stuffing; `ends[i]` is the end of restart interval i. */
export interface EntropyBytes {
  readonly bytes: Uint8Array;
  readonly ends: readonly number[];
}

/** Memory that scans are unpacked into, one after another; zeroed after each, since it holds coded originals. */
export interface Scratch {
  take(sizeBytes: number): Uint8Array;
  clear(): void;
}

export function createScratch(): Scratch {
  let bytes = new Uint8Array(0);
  let used = 0;
  return {
    take(sizeBytes) {
      if (bytes.length < sizeBytes) bytes = new Uint8Array(sizeBytes);
      used = sizeBytes;
      return bytes;
    },
    clear: () => void bytes.fill(0, 0, used),
  };
}

/**
 * Takes out stuffed zeros, fill bytes and restart markers of data[start, end), where every 0xFF is followed by one of
 * them (`parseJpeg` has seen to that, and to the order of the restart markers).
 */
export function unstuff(data: Uint8Array, start: number, end: number, scratch: Scratch): EntropyBytes {
  const bytes = scratch.take(end - start + PADDING_BYTES);
  const ends: number[] = [];
  let size = 0;
  let from = start;
  while (from < end) {
    const found = data.indexOf(0xff, from);
    const marker = found === -1 || found >= end ? end : found;
    const keepsFf = data[marker + 1] === 0 && marker < end;
    const to = keepsFf ? marker + 1 : marker;
    bytes.set(data.subarray(from, to), size);
    size += to - from;
    if (marker < end && (data[marker + 1] ?? 0) >= RST0 && data[marker + 1] !== 0xff) ends.push(size);
    from = marker + (data[marker + 1] === 0xff ? 1 : 2);
  }
  ends.push(size);
  bytes.fill(0, size, end - start + PADDING_BYTES);
  return { bytes, ends };
}
