/**
 * Takes a stream of bytes in the portions that its reader asks for, whatever pieces it comes in. A piece need only be valid
 * until the next one is asked for: one buffer may serve for all, which spares the collector two thirds of its work.
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

  /** A copy of `before` and the next `count` bytes; fewer only where the stream ends. */
  async take(count: number, before: Uint8Array = NOTHING): Promise<Uint8Array> {
    return count <= MAX_AT_ONCE_BYTES ? this.#takeAtOnce(count, before) : this.#takeAsItComes(count, before);
  }

  async #takeAtOnce(count: number, before: Uint8Array): Promise<Uint8Array> {
    const bytes = new Uint8Array(before.length + count);
    bytes.set(before);
    let end = before.length;
    while (end < bytes.length) {
      if (this.#at === this.#piece.length && !(await this.#next())) break;
      const part = this.#piece.subarray(this.#at, this.#at + bytes.length - end);
      bytes.set(part, end);
      end += part.length;
      this.#advance(part.length);
    }
    return bytes.subarray(0, end);
  }

  /** Memory grows with what came, not with `count`, which a damaged file may say. */
  async #takeAsItComes(count: number, before: Uint8Array): Promise<Uint8Array> {
    const parts = [before];
    for await (const part of this.parts(count)) parts.push(new Uint8Array(part));
    return Buffer.concat(parts);
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

/** So much is reserved on a length's word. */
const MAX_AT_ONCE_BYTES = 8 * 1024 * 1024;
