/** Where a recording comes from: each read goes straight to where its bytes are wanted. */
export interface ByteSource {
  /** Writes the next bytes to the beginning of `target`, at least one, and tells how many; 0 where there are no more. */
  read(target: Uint8Array): number | Promise<number>;
}

/** Where a record is put. What it is given to may ask for more of the same size soon. */
export interface RecordMemory {
  /** So many bytes, whatever they hold. */
  take(sizeBytes: number): Uint8Array;
}

export const FRESH_MEMORY: RecordMemory = { take: (sizeBytes) => new Uint8Array(sizeBytes) };

/** A stream of pieces of any sizes. A piece need only be valid until the next one is asked for. */
export function piecesSource(source: AsyncIterable<Uint8Array>): ByteSource {
  const pieces = source[Symbol.asyncIterator]();
  let left: Uint8Array = new Uint8Array(0);
  return {
    async read(target) {
      while (left.length === 0) {
        const next = await pieces.next();
        if (next.done === true) return 0;
        left = next.value;
      }
      const part = left.subarray(0, target.length);
      target.set(part);
      left = left.subarray(part.length);
      return part.length;
    },
  };
}
