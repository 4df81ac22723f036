import { crc32 } from "node:zlib";
import { HEAD_BYTES, MESSAGE_HEAD_BYTES, OPCODE } from "../../sources/mcap/records.ts";

/** Packs a chunk's records; null = leave them as they are. */
export type Pack = { readonly name: string; readonly pack: (records: Uint8Array) => Uint8Array } | null;

const CHUNK_HEAD_BYTES = HEAD_BYTES + 8 /* start */ + 8 /* end */ + 8 /* size */ + 4; /* crc */
const LOG_TIME_AT = HEAD_BYTES + 2 /* channel */ + 4; /* sequence */
const INDEX_ENTRY_BYTES = 8 /* log time */ + 8; /* offset */

/** A chunk as it goes into the file, with what the file's index says of it. */
export interface FinishedChunk {
  readonly parts: readonly Uint8Array[];
  readonly sizeBytes: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  /** The record of its index for a chunk that begins at `offset`. */
  readonly index: (offset: bigint) => Buffer;
}

/** Collects whole records, which are copied, into MCAP chunks. One buffer serves all chunks. */
export class OutputChunk {
  #bytes = Buffer.alloc(1024 * 1024);
  #used = 0;
  #startNs = 0n;
  #endNs = 0n;
  #messages = 0;
  readonly #offsets = new Map<number, number[]>();

  get usedBytes(): number {
    return this.#used;
  }

  addRecord(record: Uint8Array): void {
    this.#reserve(record.length);
    this.#bytes.set(record, this.#used);
    this.#used += record.length;
  }

  /** A message with the head of its record, and with the data of these parts. */
  addMessage(head: Uint8Array, parts: readonly Uint8Array[]): void {
    const dataBytes = parts.reduce((sum, { length }) => sum + length, 0);
    this.#reserve(MESSAGE_HEAD_BYTES + dataBytes);
    const start = this.#used;
    this.#bytes.set(head, start);
    this.#bytes.writeBigUInt64LE(BigInt(MESSAGE_HEAD_BYTES - HEAD_BYTES + dataBytes), start + 1);
    this.#used = start + MESSAGE_HEAD_BYTES;
    for (const part of parts) {
      this.#bytes.set(part, this.#used);
      this.#used += part.length;
    }
    this.#note(this.#bytes.readUInt16LE(start + HEAD_BYTES), start);
  }

  /** Ends the chunk. Its parts are valid until the next record is added. */
  finish(pack: Pack): FinishedChunk {
    const records = this.#bytes.subarray(0, this.#used);
    const packed = pack === null ? records : pack.pack(records);
    const compression = Buffer.from(pack?.name ?? "");
    const head = Buffer.alloc(CHUNK_HEAD_BYTES + 4 + compression.length + 8);
    head[0] = OPCODE.chunk;
    head.writeBigUInt64LE(BigInt(head.length - HEAD_BYTES + packed.length), 1);
    head.writeBigUInt64LE(this.#startNs, 9);
    head.writeBigUInt64LE(this.#endNs, 17);
    head.writeBigUInt64LE(BigInt(records.length), 25);
    head.writeUInt32LE(crc32(records), 33);
    head.writeUInt32LE(compression.length, CHUNK_HEAD_BYTES);
    head.set(compression, CHUNK_HEAD_BYTES + 4);
    head.writeBigUInt64LE(BigInt(packed.length), CHUNK_HEAD_BYTES + 4 + compression.length);
    const chunkBytes = head.length + packed.length;
    const indexes = this.#indexes(chunkBytes);
    const chunk = { chunkBytes, startNs: this.#startNs, endNs: this.#endNs, compression, indexes };
    const sizes = { packedBytes: packed.length, recordBytes: records.length };
    this.#reset();
    return {
      parts: [head, packed, indexes.bytes],
      sizeBytes: chunkBytes + indexes.bytes.length,
      startNs: chunk.startNs,
      endNs: chunk.endNs,
      index: (offset) => chunkIndex({ ...chunk, ...sizes }, offset),
    };
  }

  #note(channelId: number, offset: number): void {
    const logNs = this.#bytes.readBigUInt64LE(offset + LOG_TIME_AT);
    if (this.#messages === 0 || logNs < this.#startNs) this.#startNs = logNs;
    if (this.#messages === 0 || logNs > this.#endNs) this.#endNs = logNs;
    this.#messages++;
    const offsets = this.#offsets.get(channelId);
    if (offsets === undefined) this.#offsets.set(channelId, [offset]);
    else offsets.push(offset);
  }

  /** The message index records that follow the chunk, and where each will be, counted from the chunk's first byte. */
  #indexes(chunkBytes: number): Indexes {
    const at = new Map<number, number>();
    const records: Buffer[] = [];
    let sizeBytes = chunkBytes;
    for (const [channelId, offsets] of this.#offsets) {
      const record = this.#indexOf(channelId, offsets);
      at.set(channelId, sizeBytes);
      records.push(record);
      sizeBytes += record.length;
    }
    return { bytes: Buffer.concat(records), at };
  }

  #indexOf(channelId: number, offsets: readonly number[]): Buffer {
    const entriesBytes = offsets.length * INDEX_ENTRY_BYTES;
    const record = Buffer.alloc(HEAD_BYTES + 2 + 4 + entriesBytes);
    record[0] = OPCODE.messageIndex;
    record.writeBigUInt64LE(BigInt(record.length - HEAD_BYTES), 1);
    record.writeUInt16LE(channelId, HEAD_BYTES);
    record.writeUInt32LE(entriesBytes, HEAD_BYTES + 2);
    let at = HEAD_BYTES + 2 + 4;
    for (const offset of offsets) {
      this.#bytes.copy(record, at, offset + LOG_TIME_AT, offset + LOG_TIME_AT + 8);
      record.writeUInt32LE(offset, at + 8);
      at += INDEX_ENTRY_BYTES;
    }
    return record;
  }

  #reserve(moreBytes: number): void {
    if (this.#used + moreBytes <= this.#bytes.length) return;
    const grown = Buffer.alloc(Math.max(this.#bytes.length * 2, this.#used + moreBytes));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = grown;
  }

  #reset(): void {
    this.#used = 0;
    this.#messages = 0;
    this.#startNs = 0n;
    this.#endNs = 0n;
    this.#offsets.clear();
  }
}

interface Indexes {
  readonly bytes: Buffer;
  readonly at: ReadonlyMap<number, number>;
}

interface Chunk {
  readonly chunkBytes: number;
  readonly packedBytes: number;
  readonly recordBytes: number;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly compression: Buffer;
  readonly indexes: Indexes;
}

/** The chunk index record of the summary. */
function chunkIndex(chunk: Chunk, offset: bigint): Buffer {
  const { indexes, compression } = chunk;
  const offsetsBytes = indexes.at.size * (2 + 8);
  const record = Buffer.alloc(HEAD_BYTES + 4 * 8 + 4 + offsetsBytes + 8 + 4 + compression.length + 2 * 8);
  record[0] = OPCODE.chunkIndex;
  let at = 1;
  const u64 = (value: bigint): number => (at = record.writeBigUInt64LE(value, at));
  for (const value of [BigInt(record.length - HEAD_BYTES), chunk.startNs, chunk.endNs, offset]) u64(value);
  u64(BigInt(chunk.chunkBytes));
  at = record.writeUInt32LE(offsetsBytes, at);
  for (const [channelId, indexAt] of indexes.at) {
    at = record.writeUInt16LE(channelId, at);
    u64(offset + BigInt(indexAt));
  }
  u64(BigInt(indexes.bytes.length));
  at = record.writeUInt32LE(compression.length, at);
  at += compression.copy(record, at);
  u64(BigInt(chunk.packedBytes));
  u64(BigInt(chunk.recordBytes));
  return record;
}
