import { McapRecordBuilder, Opcode } from "@mcap/core";
import type { McapTypes } from "@mcap/core";
import { ChunkBuffer, sizeBoundBytes } from "./chunk-buffer.ts";
import type { ChunkSummary, StampedMessage } from "./chunk-buffer.ts";
import { putU64 } from "./little-endian.ts";
import { writeChunkIndex, writeFooter } from "./mcap-records.ts";

// A cut loses the last chunk at most (trap 5): small chunks, and larger ones only for a message larger than this.
const CHUNK_BYTES = 256 * 1024;
const LIBRARY = "camfence";
// Of the opcodes that the specification leaves to applications; readers skip it.
const PADDING_OPCODE = 0x80;
/** Of any record: opcode and length. */
export const RECORD_HEAD_BYTES = 1 + 8;

/** Takes the bytes of a file one after the other. They are the writer's again when the promise settles. */
export interface ByteSink {
  append(bytes: Uint8Array): Promise<void>;
}

/**
 * Writes MCAP in uncompressed chunks, with a summary at the end. All that the sink gets at a time is whole records.
 * Messages wait in a chunk until `flush`, which whoever adds them calls when `fits` says no.
 */
export class McapWriter {
  readonly #sink: ByteSink;
  readonly #schemas: McapTypes.Schema[] = [];
  readonly #channels: McapTypes.Channel[] = [];
  readonly #messageCounts: number[] = [];
  readonly #chunks: (ChunkSummary & { readonly startOffset: bigint })[] = [];
  readonly #metadata: McapTypes.MetadataIndex[] = [];
  readonly #spare: ChunkBuffer[] = [];
  #chunk = new ChunkBuffer(CHUNK_BYTES);
  #sizeBytes = 0n;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** The file's first records; before anything else. */
  begin(): Promise<void> {
    const records = new McapRecordBuilder();
    records.writeMagic();
    records.writeHeader({ profile: "", library: LIBRARY });
    return this.#append(records.buffer);
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

  /** True when the chunk has room for the message, or is empty. */
  fits(message: StampedMessage): boolean {
    return this.#chunk.messages === 0 || this.#chunk.fits(sizeBoundBytes(message));
  }

  /** Copies the message into the chunk, which grows if it must. */
  addMessage(message: StampedMessage): void {
    this.#chunk.addMessage(message);
    this.#messageCounts[message.channelId] = (this.#messageCounts[message.channelId] ?? 0) + 1;
  }

  /** A metadata record, at once and outside of chunks. */
  addMetadata(name: string, metadata: ReadonlyMap<string, string>): Promise<void> {
    const records = new McapRecordBuilder();
    const length = records.writeMetadata({ name, metadata: new Map(metadata) });
    this.#metadata.push({ name, offset: this.#sizeBytes, length });
    return this.#append(records.buffer);
  }

  /** A record that says nothing, of `bytes` in all, at least `RECORD_HEAD_BYTES`. */
  addPadding(bytes: number): Promise<void> {
    const record = new Uint8Array(bytes);
    record[0] = PADDING_OPCODE;
    putU64(record, 1, bytes - RECORD_HEAD_BYTES);
    return this.#append(record);
  }

  /** Hands the chunk to the sink; messages may be added to the next one meanwhile. */
  async flush(): Promise<void> {
    if (this.#chunk.messages === 0) return;
    const chunk = this.#chunk;
    this.#chunk = this.#spare.pop() ?? new ChunkBuffer(CHUNK_BYTES);
    const { bytes, summary } = chunk.finish();
    this.#chunks.push({ ...summary, startOffset: this.#sizeBytes });
    await this.#append(bytes);
    chunk.reset();
    this.#spare.push(chunk);
  }

  /** The file's last records, once everything is flushed. */
  end(): Promise<void> {
    return this.#append(this.#summary());
  }

  /** Zeroes the messages that were never flushed, and those that were. */
  forget(): void {
    for (const chunk of [this.#chunk, ...this.#spare]) chunk.wipe();
  }

  #append(bytes: Uint8Array): Promise<void> {
    this.#sizeBytes += BigInt(bytes.length);
    return this.#sink.append(bytes);
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
      {
        opcode: Opcode.METADATA_INDEX,
        write: () => this.#metadata.forEach((index) => records.writeMetadataIndex(index)),
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
      metadataCount: this.#metadata.length,
      chunkCount: this.#chunks.length,
      messageStartTime: times.reduce((least, time) => (time < least ? time : least), times[0] ?? 0n),
      messageEndTime: times.reduce((most, time) => (time > most ? time : most), 0n),
      channelMessageCounts: new Map(counts.map((count, id) => [id, count])),
    };
  }
}
