import { open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { McapWriter } from "./mcap-writer.ts";

/**
 * An MCAP file. It is written as `path.partial`; `close` makes it durable and gives it its name, so that a file named
 * `path` is always whole. After a power cut the partial file holds whole chunks.
 */
export class McapFile {
  readonly writer: McapWriter;
  readonly #path: string;
  readonly #handle: FileHandle;
  #sizeBytes = 0;
  #written: Promise<void> = Promise.resolve();

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
    this.writer = new McapWriter({ append: (bytes) => this.#append(bytes) });
    this.#written = this.writer.begin();
  }

  static async create(path: string): Promise<McapFile> {
    return new McapFile(path, await open(`${path}.partial`, "w"));
  }

  /**
   * Begins to write the chunk; the promise is that of the chunk before it, so that two are under way at most: await
   * it, or memory grows.
   */
  flush(): Promise<void> {
    const before = this.#written;
    const flushed = this.writer.flush();
    this.#written = Promise.all([before, flushed]).then(() => undefined);
    // A failure is not lost: it comes from the next flush or from close. Until then it must not end the process.
    this.#written.catch(() => undefined);
    return before;
  }

  async close(): Promise<void> {
    try {
      await this.flush();
      await this.#written;
      await this.writer.end();
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
    await rename(`${this.#path}.partial`, this.#path);
    await syncFolder(dirname(this.#path));
  }

  #append(bytes: Uint8Array): Promise<void> {
    const position = this.#sizeBytes;
    this.#sizeBytes += bytes.length;
    return writeAll(this.#handle, bytes, position);
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** A rename is durable only when its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
