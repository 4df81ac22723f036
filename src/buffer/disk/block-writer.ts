import type { OpenFile } from "./files.ts";
import { writeAll } from "./files.ts";

/** Large enough that the way to the disk's thread and back costs little. */
const BLOCK_BYTES = 1024 * 1024;

/** Writes a file from its beginning on in large blocks: one fills while the one before is being written. */
export class BlockWriter {
  readonly #file: OpenFile;
  #block = Buffer.alloc(BLOCK_BYTES);
  #spare = Buffer.alloc(BLOCK_BYTES);
  #used = 0;
  #position = 0;
  #written: Promise<void> = Promise.resolve();

  constructor(file: OpenFile) {
    this.#file = file;
  }

  /** Copies the bytes. Rejects when an earlier block could not be written. */
  async append(bytes: Uint8Array): Promise<void> {
    for (let from = 0; from < bytes.length;) {
      const taken = bytes.subarray(from, from + BLOCK_BYTES - this.#used);
      this.#block.set(taken, this.#used);
      this.#used += taken.length;
      from += taken.length;
      if (this.#used === BLOCK_BYTES) await this.#begin();
    }
  }

  /** Everything is written when this resolves, though not yet durable. */
  async flush(): Promise<void> {
    await this.#begin();
    await this.#written;
  }

  /** Resolves when nothing is under way any more, whatever became of it. */
  async settle(): Promise<void> {
    await this.#written.catch(() => undefined);
  }

  async #begin(): Promise<void> {
    await this.#written;
    const bytes = this.#block.subarray(0, this.#used);
    this.#written = writeAll(this.#file, bytes, this.#position);
    // The error comes from the next call; until then it must not end the process.
    this.#written.catch(() => undefined);
    this.#position += this.#used;
    this.#used = 0;
    [this.#block, this.#spare] = [this.#spare, this.#block];
  }
}
