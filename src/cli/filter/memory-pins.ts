/** The memory that records keep. */
export interface MemoryPins {
  /** Each piece counts once, however many records keep it. */
  readonly sizeBytes: number;
  has(memory: ArrayBufferLike): boolean;
  add(parts: readonly Uint8Array[]): void;
  remove(parts: readonly Uint8Array[]): void;
}

/** `onLast` is told of each piece that nothing keeps any more. */
export function createMemoryPins(onLast: (memory: ArrayBufferLike) => void): MemoryPins {
  return new CountedPins(onLast);
}

class CountedPins implements MemoryPins {
  readonly #onLast: (memory: ArrayBufferLike) => void;
  readonly #counts = new Map<ArrayBufferLike, number>();
  #sizeBytes = 0;

  constructor(onLast: (memory: ArrayBufferLike) => void) {
    this.#onLast = onLast;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  has(memory: ArrayBufferLike): boolean {
    return this.#counts.has(memory);
  }

  add(parts: readonly Uint8Array[]): void {
    for (const { buffer } of parts) {
      const count = this.#counts.get(buffer) ?? 0;
      if (count === 0) this.#sizeBytes += buffer.byteLength;
      this.#counts.set(buffer, count + 1);
    }
  }

  remove(parts: readonly Uint8Array[]): void {
    for (const { buffer } of parts) this.#removeOne(buffer);
  }

  #removeOne(memory: ArrayBufferLike): void {
    const count = this.#counts.get(memory) ?? 0;
    if (count > 1) return void this.#counts.set(memory, count - 1);
    if (!this.#counts.delete(memory)) return;
    this.#sizeBytes -= memory.byteLength;
    this.#onLast(memory);
  }
}
