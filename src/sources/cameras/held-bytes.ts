const FIRST_GUESS_BYTES = 256 * 1024;
const LEAST_BYTES = 4096;

/** The bytes of a stream that are not used yet. What is taken out is the taker's: nothing writes to it again. */
export interface HeldBytes {
  /** What is held, until the next call of anything else. */
  bytes(): Buffer<ArrayBuffer>;
  /** Where the first of it lay in the stream. */
  fromByte(): number;
  append(chunk: Uint8Array): void;
  /** The first `count` bytes, without a copy. */
  take(count: number): Buffer<ArrayBuffer>;
  skip(count: number): void;
}

export function holdBytes(): HeldBytes {
  let memory = Buffer.allocUnsafeSlow(FIRST_GUESS_BYTES);
  let length = 0;
  let fromByte = 0;

  function grow(leastBytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(leastBytes, 2 * memory.length));
    memory.copy(larger, 0, 0, length);
    memory = larger;
  }

  function use(count: number): void {
    fromByte += count;
    length -= count;
  }

  return {
    bytes: () => memory.subarray(0, length),
    fromByte: () => fromByte,
    append(chunk) {
      if (length + chunk.length > memory.length) grow(length + chunk.length);
      memory.set(chunk, length);
      length += chunk.length;
    },
    take(count) {
      const taken = memory.subarray(0, count);
      const rest = memory.subarray(count, length);
      // Pictures of a camera are about alike in size.
      memory = Buffer.allocUnsafeSlow(Math.max(rest.length, count + (count >> 2), LEAST_BYTES));
      memory.set(rest);
      use(count);
      return taken;
    },
    skip(count) {
      memory.copyWithin(0, count, length);
      use(count);
    },
  };
}
