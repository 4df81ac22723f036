import type { RecordMemory } from "../../sources/mcap/byte-source.ts";

/** Memory for records that is used again once nothing waits in it: the collector has next to nothing to do. */
export interface ReusedMemory extends RecordMemory {
  /** Nothing waits in it for now; whether that is still so is asked when it is needed. */
  maybeIdle(memory: ArrayBufferLike): void;
  /** Somebody may read it who is not waited for: it is never used again. */
  abandon(memory: ArrayBufferLike): void;
}

/** Smaller records are left to the collector. */
const LEAST_BYTES = 32 * 1024;
/** Sizes of chunks differ by a message: one memory is to serve for the next one too. */
const STEP_BYTES = 64 * 1024;
/** No more than this is kept for what may come. */
const MAX_IDLE_BYTES = 64 * 1024 * 1024;

/** `isHeld` must know of everything that still has to be read. */
export function createReusedMemory(isHeld: (memory: ArrayBufferLike) => boolean): ReusedMemory {
  const lent = new Set<ArrayBufferLike>();
  const maybeIdle = new Set<ArrayBufferLike>();
  let latest: ArrayBufferLike | null = null;

  /** An idle one of a fitting size; what is held after all is told of again. */
  function idle(sizeBytes: number): ArrayBufferLike | undefined {
    let idleBytes = 0;
    let fitting: ArrayBufferLike | undefined;
    for (const memory of maybeIdle) {
      if (isHeld(memory) || !lent.has(memory)) maybeIdle.delete(memory);
      else if (
        fitting === undefined &&
        memory.byteLength >= sizeBytes &&
        memory.byteLength <= 2 * sizeBytes
      ) {
        fitting = memory;
      } else if ((idleBytes += memory.byteLength) > MAX_IDLE_BYTES) {
        maybeIdle.delete(memory);
        lent.delete(memory);
      }
    }
    return fitting;
  }

  return {
    take(sizeBytes) {
      // Of the one before, nothing may have had to wait.
      if (latest !== null) maybeIdle.add(latest);
      latest = null;
      if (sizeBytes < LEAST_BYTES) return new Uint8Array(sizeBytes);
      const memory = idle(sizeBytes) ?? new ArrayBuffer(Math.ceil(sizeBytes / STEP_BYTES) * STEP_BYTES);
      lent.add(memory);
      maybeIdle.delete(memory);
      latest = memory;
      return new Uint8Array(memory, 0, sizeBytes);
    },
    maybeIdle(memory) {
      if (lent.has(memory)) maybeIdle.add(memory);
    },
    abandon(memory) {
      lent.delete(memory);
      maybeIdle.delete(memory);
    },
  };
}
