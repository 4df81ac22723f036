import { crc32 } from "node:zlib";
import { putNanoseconds, putU16, putU32, putU64, putVarint } from "./little-endian.ts";

// Records and their fields: https://mcap.dev/spec
const CHUNK_HEAD_BYTES =
  1 + 8 + 8 /* start */ + 8 /* end */ + 8 /* size */ + 4 /* crc */ + 4 /* "" */ + 8; /* size */
const MESSAGE_HEAD_BYTES =
  1 + 8 + 2 /* channel */ + 4 /* sequence */ + 8 /* log time */ + 8; /* publish time */
const LOG_TIME_OFFSET = 1 + 8 + 2 + 4;
const INDEX_ENTRY_BYTES = 8 + 8;
const MESSAGE = 0x05;
const CHUNK = 0x06;
const MESSAGE_INDEX = 0x07;

/** A time since the Unix epoch. */
export interface Stamp {
  readonly seconds: number;
  readonly nanos: number;
}

/**
 * One message whose protobuf fields are `fixed`, a Timestamp as field 1, and `data` as field `dataField`; null: `data` is
 * the whole message.
 */
export interface StampedMessage extends Stamp {
  readonly channelId: number;
  readonly sequence: number;
  readonly fixed: Uint8Array;
  readonly dataField: number | null;
  readonly data: Uint8Array;
}

/** What the summary says of a chunk. Offsets count from the chunk's first byte. */
export interface ChunkSummary {
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly chunkBytes: number;
  readonly recordBytes: number;
  readonly indexOffsets: ReadonlyMap<number, number>;
  readonly totalBytes: number;
}

/** Builds an uncompressed MCAP chunk and its message indexes in one buffer: no allocation for each message. */
export class ChunkBuffer {
  readonly #capacityBytes: number;
  #bytes: Uint8Array;
  #used = CHUNK_HEAD_BYTES;
  #start: Stamp = { seconds: 0, nanos: 0 };
  #end: Stamp = { seconds: 0, nanos: 0 };
  #messages = 0;
  readonly #offsets = new Map<number, number[]>();

  constructor(capacityBytes: number) {
    this.#capacityBytes = CHUNK_HEAD_BYTES + capacityBytes;
    this.#bytes = new Uint8Array(this.#capacityBytes);
  }

  get messages(): number {
    return this.#messages;
  }

  /** True when the chunk stays within its capacity with `moreBytes`; a larger one grows. */
  fits(moreBytes: number): boolean {
    return this.#used + moreBytes <= this.#capacityBytes;
  }

  /** Adds whole schema or channel records. */
  addRecords(records: Uint8Array): void {
    this.#reserve(records.length);
    this.#bytes.set(records, this.#used);
    this.#used += records.length;
  }

  /** Adds a message with log time = publish time = its timestamp, in nanoseconds. */
  addMessage(message: StampedMessage): void {
    this.#reserve(sizeBoundBytes(message));
    const bytes = this.#bytes;
    const start = this.#used;
    this.#note(message, start - CHUNK_HEAD_BYTES);
    const body = putBody(bytes, start + MESSAGE_HEAD_BYTES, message);
    bytes.set(message.data, body);
    this.#used = body + message.data.length;
    bytes[start] = MESSAGE;
    putU64(bytes, start + 1, this.#used - start - 9);
    putU16(bytes, start + 9, message.channelId);
    putU32(bytes, start + 11, message.sequence);
    putNanoseconds(bytes, start + LOG_TIME_OFFSET, message.seconds, message.nanos);
    putNanoseconds(bytes, start + LOG_TIME_OFFSET + 8, message.seconds, message.nanos);
  }

  /** Completes the chunk. The bytes are valid until `reset`. */
  finish(): { readonly bytes: Uint8Array; readonly summary: ChunkSummary } {
    const recordBytes = this.#used - CHUNK_HEAD_BYTES;
    const chunkBytes = this.#used;
    this.#putHead(recordBytes);
    const indexOffsets = new Map<number, number>();
    for (const [channelId, offsets] of this.#offsets) {
      indexOffsets.set(channelId, this.#used);
      this.#putIndex(channelId, offsets);
    }
    const sizes = { chunkBytes, recordBytes, totalBytes: this.#used };
    const summary = { startNs: toNs(this.#start), endNs: toNs(this.#end), indexOffsets, ...sizes };
    return { bytes: this.#bytes.subarray(0, this.#used), summary };
  }

  reset(): void {
    this.#used = CHUNK_HEAD_BYTES;
    this.#messages = 0;
    this.#offsets.clear();
  }

  /** Zeroes all that it ever held. */
  wipe(): void {
    this.#bytes.fill(0);
    this.reset();
  }

  #note(message: StampedMessage, offset: number): void {
    const { channelId } = message;
    if (this.#messages === 0 || isBefore(message, this.#start)) this.#start = message;
    if (this.#messages === 0 || isBefore(this.#end, message)) this.#end = message;
    this.#messages++;
    const offsets = this.#offsets.get(channelId);
    if (offsets === undefined) this.#offsets.set(channelId, [offset]);
    else offsets.push(offset);
  }

  #putHead(recordBytes: number): void {
    const bytes = this.#bytes;
    bytes[0] = CHUNK;
    putU64(bytes, 1, this.#used - 9);
    putNanoseconds(bytes, 9, this.#start.seconds, this.#start.nanos);
    putNanoseconds(bytes, 17, this.#end.seconds, this.#end.nanos);
    putU64(bytes, 25, recordBytes);
    putU32(bytes, 33, crc32(bytes.subarray(CHUNK_HEAD_BYTES, this.#used)));
    putU32(bytes, 37, 0);
    putU64(bytes, 41, recordBytes);
  }

  #putIndex(channelId: number, offsets: readonly number[]): void {
    const entriesBytes = offsets.length * INDEX_ENTRY_BYTES;
    this.#reserve(1 + 8 + 2 + 4 + entriesBytes);
    const bytes = this.#bytes;
    const start = this.#used;
    bytes[start] = MESSAGE_INDEX;
    putU64(bytes, start + 1, 2 + 4 + entriesBytes);
    putU16(bytes, start + 9, channelId);
    putU32(bytes, start + 11, entriesBytes);
    let at = start + 15;
    for (const offset of offsets) {
      const logTime = CHUNK_HEAD_BYTES + offset + LOG_TIME_OFFSET;
      for (let i = 0; i < 8; i++) bytes[at + i] = bytes[logTime + i] ?? 0;
      putU32(bytes, at + 8, offset);
      putU32(bytes, at + 12, 0);
      at += INDEX_ENTRY_BYTES;
    }
    this.#used = at;
  }

  #reserve(moreBytes: number): void {
    if (this.#used + moreBytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#used + moreBytes));
    grown.set(this.#bytes.subarray(0, this.#used));
    this.#bytes.fill(0);
    this.#bytes = grown;
  }
}

function isBefore(a: Stamp, b: Stamp): boolean {
  return a.seconds < b.seconds || (a.seconds === b.seconds && a.nanos < b.nanos);
}

function toNs({ seconds, nanos }: Stamp): bigint {
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanos);
}

/** At least what a message takes in a chunk. */
export function sizeBoundBytes({ fixed, data }: StampedMessage): number {
  return MESSAGE_HEAD_BYTES + fixed.length + 32 /* timestamp and length of data */ + data.length;
}

/** The protobuf fields up to the first byte of `data`; protobuf wants no order. Returns the end. */
function putBody(bytes: Uint8Array, start: number, message: StampedMessage): number {
  if (message.dataField === null) return start;
  bytes.set(message.fixed, start);
  const stamp = start + message.fixed.length;
  bytes[stamp] = (1 << 3) | 2; // field 1, a message
  bytes[stamp + 2] = (1 << 3) | 0; // seconds
  const nanos = putVarint(bytes, stamp + 3, message.seconds);
  bytes[nanos] = (2 << 3) | 0; // nanos
  const end = putVarint(bytes, nanos + 1, message.nanos);
  bytes[stamp + 1] = end - stamp - 2;
  bytes[end] = (message.dataField << 3) | 2;
  return putVarint(bytes, end + 1, message.data.length);
}
