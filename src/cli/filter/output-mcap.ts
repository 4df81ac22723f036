import { McapRecordBuilder } from "@mcap/core";
import { crc32 } from "node:zlib";
import type { Channel } from "../../sources/mcap/channel.ts";
import { Cursor } from "../../sources/mcap/cursor.ts";
import { HEAD_BYTES, OPCODE } from "../../sources/mcap/records.ts";
import type { Pack } from "./output-chunk.ts";
import { OutputChunk } from "./output-chunk.ts";

/** Takes bytes one after the other; they are the writer's again when the promise settles. */
export type Write = (bytes: Uint8Array) => Promise<void>;

const MIN_CHUNK_BYTES = 1024 * 1024;
const MAX_CHUNK_BYTES = 16 * 1024 * 1024;
/** Chunks grow with the file, so that its index does not: a terabyte has one of 10 MB. */
const CHUNKS_PER_FILE = 8192;

/**
 * Writes a recording out of the records of another: chunked, with checksums and an index, which grows by about 150 bytes
 * a chunk and is all that is remembered. Schemas, channels, attachments and metadata are copied as they are.
 */
export class OutputMcap {
  readonly #write: Write;
  readonly #chunk = new OutputChunk();
  readonly #declared = { [OPCODE.schema]: [] as Uint8Array[], [OPCODE.channel]: [] as Uint8Array[] };
  readonly #counts = new Map<number, bigint>();
  readonly #indexes = { chunks: [] as Buffer[], attachments: [] as Buffer[], metadata: [] as Buffer[] };
  #header = { profile: "", library: "" };
  #offset = 0n;
  #startNs: bigint | null = null;
  #endNs = 0n;
  /** How the next chunk is packed. */
  pack: Pack = null;

  constructor(write: Write) {
    this.#write = write;
  }

  /** What the file says of itself; before anything else, or it says nothing. */
  header(profile: string, library: string): void {
    this.#header = { profile, library };
  }

  addSchema(record: Uint8Array): void {
    this.#declare(OPCODE.schema, record);
  }

  addChannel({ id }: Channel, record: Uint8Array): void {
    this.#counts.set(id, 0n);
    this.#declare(OPCODE.channel, record);
  }

  /** A promise says that a chunk is being written, and is to be awaited. */
  addMessage(channelId: number, head: Uint8Array, parts: readonly Uint8Array[]): void | Promise<void> {
    this.#chunk.addMessage(head, parts);
    this.#counts.set(channelId, (this.#counts.get(channelId) ?? 0n) + 1n);
    const wanted = Math.max(MIN_CHUNK_BYTES, Number(this.#offset) / CHUNKS_PER_FILE);
    return this.#chunk.usedBytes < Math.min(wanted, MAX_CHUNK_BYTES) ? undefined : this.#flush();
  }

  async addMetadata(record: Uint8Array): Promise<void> {
    await this.#begin();
    const cursor = new Cursor(record, HEAD_BYTES);
    const index = new McapRecordBuilder();
    index.writeMetadataIndex({ offset: this.#offset, length: BigInt(record.length), name: cursor.text() });
    this.#indexes.metadata.push(Buffer.from(index.buffer));
    await this.#append(record);
  }

  async addAttachment(head: Uint8Array, bodyBytes: number, parts: AsyncIterable<Uint8Array>): Promise<void> {
    await this.#begin();
    const offset = this.#offset;
    await this.#append(head);
    let first = Buffer.alloc(0);
    let missing = bodyBytes;
    for await (const part of parts) {
      if (first.length < ATTACHMENT_HEAD_BYTES) {
        first = Buffer.concat([first, part.subarray(0, ATTACHMENT_HEAD_BYTES - first.length)]);
      }
      missing -= part.length;
      await this.#append(part);
    }
    // What was cut off is made up for with zeros: a record shorter than it says would spoil all that follows.
    for (; missing > 0; missing -= Math.min(missing, ZEROS.length))
      await this.#append(ZEROS.subarray(0, missing));
    const index = attachmentIndex(first, offset, BigInt(HEAD_BYTES + bodyBytes));
    if (index !== null) this.#indexes.attachments.push(index);
  }

  /** Everything that is left, and the index. */
  async end(): Promise<void> {
    await this.#begin();
    await this.#flush();
    await this.#append(this.#summary());
  }

  #declare(opcode: typeof OPCODE.schema | typeof OPCODE.channel, record: Uint8Array): void {
    this.#declared[opcode].push(new Uint8Array(record));
    this.#chunk.addRecord(record);
  }

  async #flush(): Promise<void> {
    if (this.#chunk.usedBytes === 0) return;
    await this.#begin();
    const { parts, sizeBytes, startNs, endNs, index } = this.#chunk.finish(this.pack);
    this.#indexes.chunks.push(index(this.#offset));
    // A chunk without messages has no times.
    if (endNs > 0n && (this.#startNs === null || startNs < this.#startNs)) this.#startNs = startNs;
    if (endNs > this.#endNs) this.#endNs = endNs;
    this.#offset += BigInt(sizeBytes);
    for (const part of parts) await this.#write(part);
  }

  async #begin(): Promise<void> {
    if (this.#offset > 0n) return;
    const records = new McapRecordBuilder();
    records.writeMagic();
    records.writeHeader(this.#header);
    await this.#append(records.buffer);
  }

  async #append(bytes: Uint8Array): Promise<void> {
    this.#offset += BigInt(bytes.length);
    await this.#write(bytes);
  }

  #summary(): Uint8Array {
    const records = new McapRecordBuilder();
    records.writeDataEnd({ dataSectionCrc: 0 });
    const dataEnd = Buffer.from(records.buffer);
    const summaryStart = this.#offset + BigInt(dataEnd.length);
    const statistics = new McapRecordBuilder();
    statistics.writeStatistics(this.#statistics());
    const groups: readonly (readonly [number, readonly Uint8Array[]])[] = [
      [OPCODE.schema, this.#declared[OPCODE.schema]],
      [OPCODE.channel, this.#declared[OPCODE.channel]],
      [OPCODE.statistics, [statistics.buffer]],
      [OPCODE.chunkIndex, this.#indexes.chunks],
      [OPCODE.attachmentIndex, this.#indexes.attachments],
      [OPCODE.metadataIndex, this.#indexes.metadata],
    ];
    const offsets = new McapRecordBuilder();
    let at = summaryStart;
    for (const [groupOpcode, group] of groups) {
      const groupLength = group.reduce((sum, { length }) => sum + BigInt(length), 0n);
      if (groupLength > 0n) offsets.writeSummaryOffset({ groupOpcode, groupStart: at, groupLength });
      at += groupLength;
    }
    const summary = Buffer.concat([...groups.flatMap(([, group]) => group), offsets.buffer]);
    return Buffer.concat([dataEnd, summary, footerOf(summary, summaryStart, at)]);
  }

  #statistics() {
    const counts = [...this.#counts];
    return {
      messageCount: counts.reduce((sum, [, count]) => sum + count, 0n),
      schemaCount: this.#declared[OPCODE.schema].length,
      channelCount: this.#declared[OPCODE.channel].length,
      attachmentCount: this.#indexes.attachments.length,
      metadataCount: this.#indexes.metadata.length,
      chunkCount: this.#indexes.chunks.length,
      messageStartTime: this.#startNs ?? 0n,
      messageEndTime: this.#endNs,
      channelMessageCounts: new Map(counts.filter(([, count]) => count > 0n)),
    };
  }
}

/** Times, name and media type stand before an attachment's data; longer names than this fit no file system. */
const ATTACHMENT_HEAD_BYTES = 16 * 1024;
const ZEROS = new Uint8Array(64 * 1024);

/** null where the attachment's head cannot be read: then no index can say what it is. */
function attachmentIndex(first: Uint8Array, offset: bigint, length: bigint): Buffer | null {
  try {
    const cursor = new Cursor(first);
    const [logTime, createTime] = [cursor.u64Exact(), cursor.u64Exact()];
    const [name, mediaType, dataSize] = [cursor.text(), cursor.text(), cursor.u64Exact()];
    const index = new McapRecordBuilder();
    index.writeAttachmentIndex({ offset, length, logTime, createTime, dataSize, name, mediaType });
    return Buffer.from(index.buffer);
  } catch {
    return null;
  }
}

/** The footer and the last magic. Its checksum covers the summary and the footer up to the checksum itself. */
function footerOf(summary: Uint8Array, summaryStart: bigint, at: bigint): Uint8Array {
  const summaryOffsetStart = at;
  const start = summary.length === 0 ? 0n : summaryStart;
  const footer = new McapRecordBuilder();
  footer.writeFooter({ summaryStart: start, summaryOffsetStart, summaryCrc: 0 });
  const summaryCrc = crc32(footer.buffer.subarray(0, footer.length - 4), crc32(summary));
  const whole = new McapRecordBuilder();
  whole.writeFooter({ summaryStart: start, summaryOffsetStart, summaryCrc });
  whole.writeMagic();
  return whole.buffer;
}
