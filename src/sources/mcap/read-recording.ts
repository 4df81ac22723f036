import { crc32 } from "node:zlib";
import { CamfenceError } from "../../core/errors.ts";
import { ByteStream } from "./byte-stream.ts";
import type { Channel, Declarations } from "./channel.ts";
import { createDeclarations } from "./channel.ts";
import { eachRecord, openChunk } from "./chunk.ts";
import { Cursor } from "./cursor.ts";
import type { Compression } from "./decompress.ts";
import { createLosses } from "./losses.ts";
import type { Losses } from "./losses.ts";
import type { TopRecord } from "./records.ts";
import {
  HEAD_BYTES,
  MAGIC,
  MAX_RECORD_BYTES,
  MESSAGE_HEAD_BYTES,
  OPCODE,
  isMagic,
  nextRecord,
  uint64,
} from "./records.ts";

/** A message as it was recorded. */
export interface RecordedMessage {
  readonly channel: Channel;
  /** The whole record; `data` is its end. */
  readonly record: Uint8Array;
  readonly data: Uint8Array;
  /** When it was recorded, milliseconds since the Unix epoch on the recorder's clock. */
  readonly logMs: number;
}

/** Takes a recording as it is read. What it is given stays valid. Only `message` is needed. */
export interface RecordingSink {
  header?(header: { readonly profile: string; readonly library: string }): void;
  /** A schema record that is new. */
  schema?(record: Uint8Array): void;
  channel?(channel: Channel, record: Uint8Array): void;
  message(message: RecordedMessage): void;
  metadata?(record: Uint8Array): void | Promise<void>;
  /** `parts` are the body; to be read to their end. */
  attachment?(head: Uint8Array, bodyBytes: number, parts: AsyncIterable<Uint8Array>): void | Promise<void>;
  /** How the next messages are packed. */
  packed?(compression: Compression): void;
  /** After every chunk and every record outside of one; reading goes on when it is through. */
  settle?(): void | Promise<void>;
}

/** Attachments over this come in parts. */
const LONG_BYTES = 1024 * 1024;

/**
 * Reads an MCAP recording once, from its first byte to its last, without its index: chunked or not, in memory bounded by
 * its largest record. Damage is not the end: what is whole is handed on, and the lines that are returned say what is
 * missing. Throws CamfenceError `malformed` for what is no MCAP at all.
 */
export async function readRecording(
  source: AsyncIterable<Uint8Array>,
  sink: RecordingSink,
): Promise<readonly string[]> {
  const stream = new ByteStream(source);
  const magic = await stream.take(MAGIC.length);
  if (!isMagic(magic)) {
    const got = magic.length === 0 ? "nothing" : `bytes ${Buffer.from(magic).toString("hex")}`;
    throw new CamfenceError("malformed", `got ${got}, expected an MCAP recording, which begins with 894d434150300d0a`);
  }
  const reading: Reading = { sink, stream, losses: createLosses(), declared: createDeclarations(), crc: crc32(magic) };
  while (await readOne(reading)) await sink.settle?.();
  return reading.losses.list();
}

interface Reading {
  readonly sink: RecordingSink;
  readonly stream: ByteStream;
  readonly losses: Losses;
  readonly declared: Declarations;
  /** Of all bytes so far; null once they are those of the summary. */
  crc: number | null;
}

/** Reads a record; false when there is no more. */
async function readOne(reading: Reading): Promise<boolean> {
  const { stream, losses } = reading;
  const atByte = stream.takenBytes;
  const next = await nextRecord(stream, LONG_BYTES);
  if (next === null || next.kind === "cut") {
    const leftBytes = next?.leftBytes ?? 0;
    // Whatever follows what is no record is none either.
    for await (const rest of stream.parts(Number.MAX_SAFE_INTEGER)) void rest;
    const restBytes = stream.takenBytes - atByte - leftBytes;
    losses.add(cutOff(reading.crc === null, leftBytes + restBytes), atByte);
    return false;
  }
  if (next.opcode === OPCODE.footer) {
    await checkEnd(reading);
    return false;
  }
  if (next.kind === "long") await takeLong(reading, next, atByte);
  else await takeWhole(reading, next.opcode, next.record, atByte);
  return true;
}

function cutOff(inSummary: boolean, leftBytes: number): string {
  const where = inSummary
    ? "the recording is cut off in its index, after the last message"
    : "the recording is cut off: what came after is lost";
  return leftBytes === 0 ? where : `${where}, with ${leftBytes} bytes that are no whole record`;
}

/** After the footer comes the magic, and nothing else. */
async function checkEnd({ stream, losses }: Reading): Promise<void> {
  const atByte = stream.takenBytes;
  if (!isMagic(await stream.take(MAGIC.length))) losses.add("the recording lacks its last eight bytes", atByte);
  let strayBytes = 0;
  for await (const rest of stream.parts(Number.MAX_SAFE_INTEGER)) strayBytes += rest.length;
  if (strayBytes > 0) losses.add(`${strayBytes} bytes after the end of the recording`, atByte + MAGIC.length);
}

type LongRecord = Extract<TopRecord, { kind: "long" }>;

async function takeLong(reading: Reading, { opcode, head, bodyBytes, parts }: LongRecord, atByte: number) {
  async function* checked(): AsyncGenerator<Uint8Array> {
    reading.crc = reading.crc === null ? null : crc32(head, reading.crc);
    let missing = bodyBytes;
    for await (const part of parts()) {
      reading.crc = reading.crc === null ? null : crc32(part, reading.crc);
      missing -= part.length;
      yield part;
    }
    if (missing > 0) reading.losses.add(`an attachment is cut off: ${missing} of its bytes are missing`, atByte);
  }
  const body = checked();
  if (opcode === OPCODE.attachment) await reading.sink.attachment?.(head, bodyBytes, body);
  else reading.losses.add(`a record of ${bodyBytes} bytes, over the ${MAX_RECORD_BYTES} that are read`, atByte);
  for await (const rest of body) void rest;
}

async function takeWhole(reading: Reading, opcode: number, record: Uint8Array, atByte: number): Promise<void> {
  const { sink, losses, crc } = reading;
  const crcBefore = crc;
  if (crc !== null) reading.crc = crc32(record, crc);
  try {
    switch (opcode) {
      case OPCODE.chunk:
        return await takeChunk(reading, record, atByte);
      case OPCODE.attachment:
        return await sink.attachment?.(record.subarray(0, HEAD_BYTES), record.length - HEAD_BYTES, once(record));
      case OPCODE.metadata:
        return await sink.metadata?.(record);
      case OPCODE.dataEnd:
        reading.crc = null;
        return checkCrc(record, crcBefore, losses, atByte);
      default:
        return takeRecord(reading, opcode, record, atByte);
    }
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError) || !isDamage(thrown)) throw thrown;
    losses.add(`a damaged record: ${thrown.message}`, atByte);
  }
}

const isDamage = ({ code }: CamfenceError) => code === "malformed" || code === "unsupported" || code === "too-large";

function checkCrc(record: Uint8Array, crc: number | null, losses: Losses, atByte: number): void {
  const stated = new Cursor(record, HEAD_BYTES).u32();
  // 0 says that there is no checksum.
  if (stated !== 0 && crc !== null && stated !== crc) {
    losses.add("the checksum of all data is wrong: something in it was damaged", atByte);
  }
}

async function* once(record: Uint8Array): AsyncGenerator<Uint8Array> {
  yield record.subarray(HEAD_BYTES);
}

async function takeChunk(reading: Reading, record: Uint8Array, atByte: number): Promise<void> {
  const { sink, losses } = reading;
  try {
    const { compression, records } = await openChunk(record);
    sink.packed?.(compression);
    eachRecord(records, (opcode, inner) => takeRecord(reading, opcode, inner, atByte));
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError) || !isDamage(thrown)) throw thrown;
    losses.add(`a chunk with whatever it held: ${thrown.message}`, atByte);
  }
}

/** A record that may stand in a chunk or outside. */
function takeRecord(reading: Reading, opcode: number, record: Uint8Array, atByte: number): void {
  const { sink, losses, declared } = reading;
  switch (opcode) {
    case OPCODE.message:
      return takeMessage(reading, record, atByte);
    case OPCODE.schema:
      if (declare(() => declared.addSchema(record), losses, atByte) === true) sink.schema?.(record);
      return;
    case OPCODE.channel: {
      const channel = declare(() => declared.addChannel(record), losses, atByte);
      if (channel !== null) sink.channel?.(channel, record);
      return;
    }
    case OPCODE.header: {
      const cursor = new Cursor(record, HEAD_BYTES);
      return sink.header?.({ profile: cursor.text(), library: cursor.text() });
    }
    default:
    // Indexes and statistics are made anew; the specification has readers skip what they do not know.
  }
}

function declare<T>(attempt: () => T, losses: Losses, atByte: number): T | null {
  try {
    return attempt();
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError)) throw thrown;
    losses.add(`a declaration: ${thrown.message}`, atByte);
    return null;
  }
}

function takeMessage({ sink, losses, declared, crc }: Reading, record: Uint8Array, atByte: number): void {
  // The summary has no messages: whatever stands there was never meant to be read.
  if (crc === null) return;
  if (record.length < MESSAGE_HEAD_BYTES) return losses.add("a message shorter than its own head", atByte);
  const id = (record[HEAD_BYTES] ?? 0) + (record[HEAD_BYTES + 1] ?? 0) * 256;
  const channel = declared.channel(id);
  if (channel === undefined) return losses.add(`a message of channel ${id}, which is not rightly declared`, atByte);
  const logMs = uint64(record, LOG_TIME_AT) / 1e6;
  sink.message({ channel, record, data: record.subarray(MESSAGE_HEAD_BYTES), logMs });
}

const LOG_TIME_AT = HEAD_BYTES + 2 /* channel */ + 4; /* sequence */
