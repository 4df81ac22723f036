import { open, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { McapRecordBuilder, Opcode } from "@mcap/core";
import type { McapTypes } from "@mcap/core";
import { crc32 } from "node:zlib";
import { ChunkBuffer, sizeBoundBytes } from "./chunk-buffer.ts";
import type { ChunkSummary, StampedMessage } from "./chunk-buffer.ts";

// A cut loses the last chunk at most (trap 5): small chunks, and larger ones only for a message larger than this.
const CHUNK_BYTES = 256 * 1024;
const LIBRARY = "camfence";

/**
 * An MCAP file of uncompressed chunks with a summary. It is written as `path.partial`; `close` makes it durable and
 * gives it its name, so that a file named `path` is always whole. After a power cut the partial file holds whole chunks.
 */
export class McapFile {
  readonly #path: string;
  readonly #handle: FileHandle;
  readonly #schemas: McapTypes.Schema[] = [];
  readonly #channels: McapTypes.Channel[] = [];
  readonly #messageCounts: number[] = [];
  readonly #chunks: (ChunkSummary & { readonly startOffset: bigint })[] = [];
  readonly #spare: ChunkBuffer[] = [];
  #chunk = new ChunkBuffer(CHUNK_BYTES);
  #sizeBytes = 0n;
  #written: Promise<void>;

  private constructor(path: string, handle: FileHandle) {
    this.#path = path;
    this.#handle = handle;
    const records = new McapRecordBuilder();
    records.writeMagic();
    records.writeHeader({ profile: "", library: LIBRARY });
    this.#written = this.#append(records.buffer);
  }

  static async create(path: string): Promise<McapFile> {
    return new McapFile(path, await open(`${path}.partial`, "w"));
  }

  addSchema(schema: Omit<McapTypes.Schema, "id">): number {
    const id = this.#schemas.length + 1;
    this.#schemas.push({ ...schema, id });
    const records = new McapRecordBuilder();
    records.writeSchema({ ...schema, id });
    this.#chunk.addRecords(records.buffer);
    return id;
  }

  addChannel(channel: Omit<McapTypes.Channel, "id">): number {
    const id = this.#channels.length;
    this.#channels.push({ ...channel, id });
    const records = new McapRecordBuilder();
    records.writeChannel({ ...channel, id });
    this.#chunk.addRecords(records.buffer);
    return id;
  }

  /** Copies the message. A promise says that a chunk is being written: await it, or memory grows. */
  addMessage(message: StampedMessage): Promise<void> | undefined {
    const full = this.#chunk.messages > 0 && !this.#chunk.fits(sizeBoundBytes(message));
    const flushed = full ? this.#flush() : undefined;
    this.#chunk.addMessage(message);
    this.#messageCounts[message.channelId] = (this.#messageCounts[message.channelId] ?? 0) + 1;
    return flushed;
  }

  async close(): Promise<void> {
    try {
      if (this.#chunk.messages > 0) await this.#flush();
      await this.#written;
      await this.#append(this.#summary());
      await this.#handle.sync();
    } finally {
      await this.#handle.close();
    }
    await rename(`${this.#path}.partial`, this.#path);
    await syncFolder(dirname(this.#path));
  }

  /** Begins to write the chunk; the promise is that of the chunk before it, so that two are under way at most. */
  #flush(): Promise<void> {
    const before = this.#written;
    const chunk = this.#chunk;
    this.#chunk = this.#spare.pop() ?? new ChunkBuffer(CHUNK_BYTES);
    const { bytes, summary } = chunk.finish();
    this.#chunks.push({ ...summary, startOffset: this.#sizeBytes });
    this.#written = this.#writeChunk(before, bytes, chunk);
    // A failure is not lost: it comes from the next flush or from close. Until then it must not end the process.
    this.#written.catch(() => undefined);
    return before;
  }

  async #writeChunk(before: Promise<void>, bytes: Uint8Array, chunk: ChunkBuffer): Promise<void> {
    await Promise.all([before, this.#append(bytes)]);
    chunk.reset();
    this.#spare.push(chunk);
  }

  #append(bytes: Uint8Array): Promise<void> {
    const position = Number(this.#sizeBytes);
    this.#sizeBytes += BigInt(bytes.length);
    return writeAll(this.#handle, bytes, position);
  }

  /** Everything after the last chunk. */
  #summary(): Uint8Array {
    const records = new McapRecordBuilder();
    records.writeDataEnd({ dataSectionCrc: 0 });
    const dataEndBytes = records.length;
    const summaryStart = this.#sizeBytes + BigInt(dataEndBytes);
    const groups = [
      { opcode: Opcode.SCHEMA, write: () => this.#schemas.forEach((schema) => records.writeSchema(schema)) },
      {
        opcode: Opcode.CHANNEL,
        write: () => this.#channels.forEach((channel) => records.writeChannel(channel)),
      },
      { opcode: Opcode.STATISTICS, write: () => records.writeStatistics(this.#statistics()) },
      {
        opcode: Opcode.CHUNK_INDEX,
        write: () => this.#chunks.forEach((chunk) => writeChunkIndex(records, chunk)),
      },
    ];
    const offsets = groups.map(({ opcode, write }) => {
      const start = records.length;
      write();
      const groupStart = this.#sizeBytes + BigInt(start);
      return { groupOpcode: opcode, groupStart, groupLength: BigInt(records.length - start) };
    });
    const summaryOffsetStart = this.#sizeBytes + BigInt(records.length);
    for (const offset of offsets) if (offset.groupLength > 0n) records.writeSummaryOffset(offset);
    writeFooter(records, dataEndBytes, summaryStart, summaryOffsetStart);
    records.writeMagic();
    return records.buffer;
  }

  #statistics(): McapTypes.Statistics {
    const counts = this.#channels.map(({ id }) => BigInt(this.#messageCounts[id] ?? 0));
    const times = this.#chunks.flatMap(({ startNs, endNs }) => [startNs, endNs]);
    return {
      messageCount: counts.reduce((sum, count) => sum + count, 0n),
      schemaCount: this.#schemas.length,
      channelCount: this.#channels.length,
      attachmentCount: 0,
      metadataCount: 0,
      chunkCount: this.#chunks.length,
      messageStartTime: times.reduce((least, time) => (time < least ? time : least), times[0] ?? 0n),
      messageEndTime: times.reduce((most, time) => (time > most ? time : most), 0n),
      channelMessageCounts: new Map(counts.map((count, id) => [id, count])),
    };
  }
}

function writeChunkIndex(
  records: McapRecordBuilder,
  chunk: ChunkSummary & { readonly startOffset: bigint },
): void {
  const { startOffset, chunkBytes, recordBytes, totalBytes } = chunk;
  records.writeChunkIndex({
    messageStartTime: chunk.startNs,
    messageEndTime: chunk.endNs,
    chunkStartOffset: startOffset,
    chunkLength: BigInt(chunkBytes),
    messageIndexOffsets: new Map([...chunk.indexOffsets].map(([id, at]) => [id, startOffset + BigInt(at)])),
    messageIndexLength: BigInt(totalBytes - chunkBytes),
    compression: "",
    compressedSize: BigInt(recordBytes),
    uncompressedSize: BigInt(recordBytes),
  });
}

/** The footer's checksum covers the summary and the footer up to the checksum itself. */
function writeFooter(
  records: McapRecordBuilder,
  dataEndBytes: number,
  summaryStart: bigint,
  summaryOffsetStart: bigint,
): void {
  const footer = new McapRecordBuilder();
  footer.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc: 0 });
  const withoutCrc = footer.buffer.subarray(0, footer.length - 4);
  const summaryCrc = crc32(withoutCrc, crc32(records.buffer.subarray(dataEndBytes)));
  records.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc });
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
