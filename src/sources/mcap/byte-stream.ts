import type { ByteSource, RecordMemory } from "./byte-source.ts";
import { FRESH_MEMORY } from "./byte-source.ts";

/** Takes the bytes of a source in the portions that its reader asks for; large ones are read to where they are wanted. */
export class ByteStream {
  readonly #source: ByteSource;
  readonly #memory: RecordMemory;
  /** What was read ahead is [at, end). */
  readonly #ahead = new Uint8Array(AHEAD_BYTES);
  #at = 0;
  #end = 0;
  #takenBytes = 0;

  constructor(source: ByteSource, memory: RecordMemory = FRESH_MEMORY) {
    this.#source = source;
    this.#memory = memory;
  }

  /** Bytes handed out so far. */
  get takenBytes(): number {
    return this.#takenBytes;
  }

  /** A copy of `before` and the next `count` bytes; fewer only where the stream ends. */
  async take(count: number, before: Uint8Array = NOTHING): Promise<Uint8Array> {
    if (count > MAX_AT_ONCE_BYTES) return this.#takeAsItComes(count, before);
    const bytes = this.#memory.take(before.length + count);
    bytes.set(before);
    let end = before.length + this.#takeAhead(bytes.subarray(before.length));
    while (end < bytes.length) {
      // Reading ahead saves calls for small records; a large one has no need of a copy.
      const isLarge = bytes.length - end >= AHEAD_BYTES;
      const read = isLarge ? await this.#readInto(bytes.subarray(end)) : await this.#readAhead();
      if (read === 0) break;
      end += isLarge ? read : this.#takeAhead(bytes.subarray(end));
    }
    return bytes.subarray(0, end);
  }

  /** Memory grows with what came, not with `count`, which a damaged file may say. */
  async #takeAsItComes(count: number, before: Uint8Array): Promise<Uint8Array> {
    const parts = [before];
    for await (const part of this.parts(count)) parts.push(new Uint8Array(part));
    return Buffer.concat(parts);
  }

  /** The next `count` bytes as they come, each part valid until the next; fewer only where the stream ends. */
  async *parts(count: number): AsyncGenerator<Uint8Array> {
    for (let missing = count; missing > 0;) {
      if (this.#at === this.#end && (await this.#readAhead()) === 0) return;
      const part = this.#ahead.subarray(this.#at, Math.min(this.#end, this.#at + missing));
      this.#at += part.length;
      this.#takenBytes += part.length;
      missing -= part.length;
      yield part;
    }
  }

  #takeAhead(target: Uint8Array): number {
    const part = this.#ahead.subarray(this.#at, Math.min(this.#end, this.#at + target.length));
    target.set(part);
    this.#at += part.length;
    this.#takenBytes += part.length;
    return part.length;
  }

  async #readInto(target: Uint8Array): Promise<number> {
    const reading = this.#source.read(target);
    const read = typeof reading === "number" ? reading : await reading;
    this.#takenBytes += read;
    return read;
  }

  /** Only when nothing is left of what was read before. */
  async #readAhead(): Promise<number> {
    const reading = this.#source.read(this.#ahead);
    this.#end = typeof reading === "number" ? reading : await reading;
    this.#at = 0;
    return this.#end;
  }
}

const NOTHING = new Uint8Array(0);

const AHEAD_BYTES = 64 * 1024;

/** So much is reserved on a length's word. */
const MAX_AT_ONCE_BYTES = 8 * 1024 * 1024;
