import { crc32 } from "node:zlib";
import { CamfenceError } from "../../core/errors.ts";
import type { ByteStream } from "./byte-stream.ts";
import type { Declarations } from "./channel.ts";
import { eachRecord, openChunk } from "./chunk.ts";
import { Cursor } from "./cursor.ts";
import type { Losses } from "./losses.ts";
import type { RecordingSink } from "./recording-sink.ts";
import type { TopRecord } from "./records.ts";
import { HEAD_BYTES, MAX_RECORD_BYTES, MESSAGE_HEAD_BYTES, OPCODE, uint64 } from "./records.ts";

/** A recording while it is read. */
export interface Reading {
  readonly sink: RecordingSink;
  readonly stream: ByteStream;
  readonly losses: Losses;
  readonly declared: Declarations;
  inSummary: boolean;
  /** Of all bytes so far; null where chunks have checksums of their own, which say more. */
  crc: number | null;
}

type LongRecord = Extract<TopRecord, { kind: "long" }>;

/** A record that is too large to be held: an attachment goes on as it comes, anything else is left out. */
export async function takeLong(
  reading: Reading,
  { opcode, head, bodyBytes, parts }: LongRecord,
  atByte: number,
) {
  async function* checked(): AsyncGenerator<Uint8Array> {
    reading.crc = reading.crc === null ? null : crc32(head, reading.crc);
    let missing = bodyBytes;
    for await (const part of parts()) {
      reading.crc = reading.crc === null ? null : crc32(part, reading.crc);
      missing -= part.length;
      yield part;
    }
    if (missing > 0)
      reading.losses.add(`an attachment is cut off: ${missing} of its bytes are missing`, atByte);
  }
  const body = checked();
  if (opcode === OPCODE.attachment) await reading.sink.attachment?.(head, bodyBytes, body);
  else
    reading.losses.add(`a record of ${bodyBytes} bytes, over the ${MAX_RECORD_BYTES} that are read`, atByte);
  for await (const rest of body) void rest;
}

/** Hands a record to the sink. Damage in it is a loss, and not the end. */
export async function takeWhole(
  reading: Reading,
  opcode: number,
  record: Uint8Array,
  atByte: number,
): Promise<void> {
  const { sink, losses, crc } = reading;
  if (opcode === OPCODE.chunk) reading.crc = null;
  else if (crc !== null) reading.crc = crc32(record, crc);
  try {
    switch (opcode) {
      case OPCODE.chunk:
        return await takeChunk(reading, record, atByte);
      case OPCODE.attachment:
        return await sink.attachment?.(
          record.subarray(0, HEAD_BYTES),
          record.length - HEAD_BYTES,
          once(record),
        );
      case OPCODE.metadata:
        return await sink.metadata?.(record);
      case OPCODE.dataEnd:
        reading.inSummary = true;
        return checkCrc(record, crc, losses, atByte);
      default:
        return takeRecord(reading, opcode, record, atByte);
    }
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError) || !isDamage(thrown)) throw thrown;
    losses.add(`a damaged record: ${thrown.message}`, atByte);
  }
}

const isDamage = ({ code }: CamfenceError) =>
  code === "malformed" || code === "unsupported" || code === "too-large";

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
    await sink.packed?.(compression);
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

function takeMessage(
  { sink, losses, declared, inSummary }: Reading,
  record: Uint8Array,
  atByte: number,
): void {
  // The summary has no messages: whatever stands there was never meant to be read.
  if (inSummary) return;
  if (record.length < MESSAGE_HEAD_BYTES) return losses.add("a message shorter than its own head", atByte);
  const id = (record[HEAD_BYTES] ?? 0) + (record[HEAD_BYTES + 1] ?? 0) * 256;
  const channel = declared.channel(id);
  if (channel === undefined)
    return losses.add(`a message of channel ${id}, which is not rightly declared`, atByte);
  const logMs = uint64(record, LOG_TIME_AT) / 1e6;
  sink.message({ channel, record, data: record.subarray(MESSAGE_HEAD_BYTES), logMs });
}

const LOG_TIME_AT = HEAD_BYTES + 2 /* channel */ + 4; /* sequence */
