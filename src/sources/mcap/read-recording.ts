import { crc32 } from "node:zlib";
import { CamfenceError } from "../../core/errors.ts";
import type { ByteSource, RecordMemory } from "./byte-source.ts";
import { piecesSource } from "./byte-source.ts";
import { ByteStream } from "./byte-stream.ts";
import { createDeclarations } from "./channel.ts";
import { createLosses } from "./losses.ts";
import type { RecordedMessage, RecordingSink } from "./recording-sink.ts";
import { MAGIC, OPCODE, isMagic, nextRecord } from "./records.ts";
import type { Reading } from "./take-record.ts";
import { takeLong, takeWhole } from "./take-record.ts";

/** Attachments over this come in parts. */
const LONG_BYTES = 1024 * 1024;

/**
 * Reads an MCAP recording once, from its first byte to its last, without its index: chunked or not, in memory bounded by
 * its largest record. Damage is not the end: what is whole is handed on, and the lines that are returned say what is
 * missing. Throws CamfenceError `malformed` for what is no MCAP at all.
 */
export async function readRecording(
  source: ByteSource,
  sink: RecordingSink,
  memory?: RecordMemory,
): Promise<readonly string[]> {
  const reading = await beginReading(new ByteStream(source, memory), sink);
  while (await readOne(reading)) await sink.settle?.();
  return reading.losses.list();
}

/** The same for a reader that asks: the messages of one chunk, or of one record outside of chunks, at a time. */
export async function* recordedMessages(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly RecordedMessage[], readonly string[]> {
  let messages: RecordedMessage[] = [];
  const stream = new ByteStream(piecesSource(source));
  const reading = await beginReading(stream, { message: (message) => messages.push(message) });
  while (await readOne(reading)) {
    const read = messages;
    messages = [];
    if (read.length > 0) yield read;
  }
  return reading.losses.list();
}

async function beginReading(stream: ByteStream, sink: RecordingSink): Promise<Reading> {
  const magic = await stream.take(MAGIC.length);
  if (!isMagic(magic)) throw noRecording(magic);
  const [losses, declared] = [createLosses(), createDeclarations()];
  return { sink, stream, losses, declared, inSummary: false, crc: crc32(magic) };
}

function noRecording(magic: Uint8Array): CamfenceError {
  const got = magic.length === 0 ? "nothing" : `bytes ${Buffer.from(magic).toString("hex")}`;
  const expected = "expected an MCAP recording, which begins with 894d434150300d0a";
  return new CamfenceError("malformed", `got ${got}, ${expected}`);
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
    losses.add(cutOff(reading.inSummary, leftBytes + restBytes), atByte);
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
  if (!isMagic(await stream.take(MAGIC.length)))
    losses.add("the recording lacks its last eight bytes", atByte);
  let strayBytes = 0;
  for await (const rest of stream.parts(Number.MAX_SAFE_INTEGER)) strayBytes += rest.length;
  if (strayBytes > 0) losses.add(`${strayBytes} bytes after the end of the recording`, atByte + MAGIC.length);
}
