import type { Bytes } from "./bytes.ts";

/** Buffers that are used again, for originals and for blurred copies alike. */
export interface BufferPool {
  /** A buffer of exactly `sizeBytes`, all zero. */
  take(sizeBytes: number): Bytes;
  /**
   * Zeroes the buffer and keeps it for the next `take` of its size. One that this pool did not hand out, or that came
   * back before, is left alone: it may be somebody else's by now.
   */
  giveBack(buffer: Bytes): void;
}

export interface BufferPoolOptions {
  /** Most bytes kept for reuse, at least 0; a buffer that would exceed it is zeroed and let go. @default 256 × 1024 × 1024 */
  readonly keptBytes: number;
}

/** What was in a buffer is gone before anyone else gets it, whether it was released or not. */
export function createBufferPool({
  keptBytes = 256 * 1024 * 1024,
}: Partial<BufferPoolOptions> = {}): BufferPool {
  const idle = new Map<number, Bytes[]>();
  const lent = new WeakSet<Bytes>();
  let idleBytes = 0;
  return {
    take(sizeBytes) {
      const buffer = idle.get(sizeBytes)?.pop();
      if (buffer !== undefined) idleBytes -= sizeBytes;
      const taken = buffer ?? new Uint8Array(sizeBytes);
      lent.add(taken);
      return taken;
    },
    giveBack(buffer) {
      if (!lent.delete(buffer)) return;
      buffer.fill(0);
      if (idleBytes + buffer.length > keptBytes) return;
      idleBytes += buffer.length;
      const same = idle.get(buffer.length);
      if (same === undefined) idle.set(buffer.length, [buffer]);
      else same.push(buffer);
    },
  };
}
