import type { ByteStream } from "./byte-stream.ts";

/** Record types of https://mcap.dev/spec. */
export const OPCODE = {
  header: 0x01,
  footer: 0x02,
  schema: 0x03,
  channel: 0x04,
  message: 0x05,
  chunk: 0x06,
  messageIndex: 0x07,
  chunkIndex: 0x08,
  attachment: 0x09,
  attachmentIndex: 0x0a,
  statistics: 0x0b,
  metadata: 0x0c,
  metadataIndex: 0x0d,
  summaryOffset: 0x0e,
  dataEnd: 0x0f,
} as const;

export const MAGIC = Uint8Array.of(0x89, 0x4d, 0x43, 0x41, 0x50, 0x30, 0x0d, 0x0a);

/** Of any record: its type and length. */
export const HEAD_BYTES = 1 + 8;

/** A message has channel, sequence, log time and publish time before its data. */
export const MESSAGE_HEAD_BYTES = HEAD_BYTES + 2 + 4 + 8 + 8;

/** Recorders make chunks of 1 to 64 MiB, and no camera's image is larger. */
export const MAX_RECORD_BYTES = 256 * 1024 * 1024;

/** A record at the file's own level: whole, or, where it is too large to be held, as it comes. */
export type TopRecord =
  | { readonly kind: "whole"; readonly opcode: number; readonly record: Uint8Array }
  | {
      readonly kind: "long";
      readonly opcode: number;
      readonly head: Uint8Array;
      readonly bodyBytes: number;
      /** To be read to its end before the next record. */
      readonly parts: () => AsyncGenerator<Uint8Array>;
    }
  /** The file ends within a record, or is not a file of records any more. */
  | { readonly kind: "cut"; readonly atByte: number; readonly leftBytes: number };

export function isMagic(bytes: Uint8Array): boolean {
  return bytes.length === MAGIC.length && MAGIC.every((byte, i) => bytes[i] === byte);
}

/**
 * The next record after the magic; null where the stream ends between records. Attachments over `longBytes` come as
 * they are read; so does anything over the bound, to be left out.
 */
export async function nextRecord(stream: ByteStream, longBytes: number): Promise<TopRecord | null> {
  const atByte = stream.takenBytes;
  const head = await stream.take(HEAD_BYTES);
  if (head.length === 0) return null;
  if (head.length < HEAD_BYTES) return { kind: "cut", atByte, leftBytes: head.length };
  const opcode = head[0] ?? 0;
  const bodyBytes = lengthOf(head);
  // Opcode 0 is not allowed, and no length is 2^53: these are not records.
  if (opcode === 0 || !Number.isSafeInteger(bodyBytes))
    return { kind: "cut", atByte, leftBytes: head.length };
  const boundBytes = opcode === OPCODE.attachment ? Math.min(longBytes, MAX_RECORD_BYTES) : MAX_RECORD_BYTES;
  if (bodyBytes > boundBytes) {
    return {
      kind: "long",
      opcode,
      head: new Uint8Array(head),
      bodyBytes,
      parts: () => stream.parts(bodyBytes),
    };
  }
  const record = await stream.take(bodyBytes, head);
  const sizeBytes = HEAD_BYTES + bodyBytes;
  return record.length < sizeBytes
    ? { kind: "cut", atByte, leftBytes: record.length }
    : { kind: "whole", opcode, record };
}

/** The length of the record that begins at `at`, past 2^53 not exact. */
export function lengthOf(record: Uint8Array, at = 0): number {
  return uint64(record, at + 1);
}

/** 64 little-endian bits, past 2^53 not exact. */
export function uint64(bytes: Uint8Array, at: number): number {
  let value = 0;
  for (let i = at + 7; i >= at; i--) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
