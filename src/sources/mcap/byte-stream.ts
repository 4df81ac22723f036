/**
 * Takes a stream of bytes in the portions that its reader asks for, whatever pieces it comes in. What lies whole within one piece is
 * not copied, so pieces must not be written to again.
 */
export class ByteStream {
  readonly #pieces: AsyncIterator<Uint8Array>;
  #piece: Uint8Array = NOTHING;
  #at = 0;
  #takenBytes = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  /** Bytes handed out so far. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** The next `count` bytes if they are there already. */
  peeked(count: number): Uint8Array | null {
    if (this.#piece.length - this.#at < count) return null;
    const bytes = this.#piece.subarray(this.#at, this.#at + count);
    this.#advance(count);
    return bytes;
  }

  /**
   * `before` and the next `count` bytes in one; fewer only where the stream ends. Memory grows with what came, not with
   * `count`.
   */
  async take(count: number, before: Uint8Array = NOTHING): Promise<Uint8Array> {
    const parts = [before];
    let missing = count;
    for await (const part of this.parts(count)) {
      parts.push(part);
      missing -= part.length;
    }
    return Buffer.concat(parts, before.length + count - missing);
  }

  /** The next `count` bytes as they come; fewer only where the stream ends. */
  async *parts(count: number): AsyncGenerator<Uint8Array> {
    for (let missing = count; missing > 0;) {
      if (this.#at === this.#piece.length && !(await this.#next())) return;
      const part = this.#piece.subarray(this.#at, this.#at + missing);
      this.#advance(part.length);
      missing -= part.length;
      yield part;
    }
  }

  /** Ends the source early. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }

  #advance(count: number): void {
    this.#at += count;
    this.#takenBytes += count;
  }

  async #next(): Promise<boolean> {
    const next = await this.#pieces.next();
    if (next.done === true) return false;
    this.#piece = next.value;
    this.#at = 0;
    return true;
  }
}

const NOTHING = new Uint8Array(0);
