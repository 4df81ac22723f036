import { CamfenceError } from "../../core/errors.ts";
import { Cursor } from "./cursor.ts";
import type { ImageFields } from "./image-message.ts";
import type { FieldType, RosField } from "./ros-fields.ts";
import { SIZES } from "./ros-fields.ts";

/** Of a CDR message: two bytes of representation, two of options. */
const ENCAPSULATION_BYTES = 4;
/** Plain CDR, versions 1 and 2 (OMG DDS-XTYPES 1.3, 7.6.3.1.2); they differ only for fields of 8 bytes, which images lack. */
const PLAIN_CDR: readonly number[] = [0x0000, 0x0001, 0x0006, 0x0007];

/** Reads an image message of ROS 1. Throws CamfenceError `malformed` where the bytes are not those fields and no more. */
export function ros1Image(fields: readonly RosField[], data: Uint8Array): ImageFields {
  return readFields(fields, new Cursor(data), data, null);
}

/** Reads an image message of ROS 2; throws as above, and for a representation that is no plain CDR. */
export function cdrImage(fields: readonly RosField[], data: Uint8Array): ImageFields {
  const representation = (data[0] ?? 0) * 256 + (data[1] ?? 0);
  if (data.length < ENCAPSULATION_BYTES || !PLAIN_CDR.includes(representation)) {
    throw new CamfenceError("malformed", `an image of CDR representation ${representation} is not read`);
  }
  return readFields(
    fields,
    new Cursor(data, ENCAPSULATION_BYTES, representation % 2 === 1),
    data,
    ENCAPSULATION_BYTES,
  );
}

/** `origin`: where alignment counts from; null = fields are not aligned. */
function readFields(
  fields: readonly RosField[],
  cursor: Cursor,
  message: Uint8Array,
  origin: number | null,
): ImageFields {
  const names = new Map<string, string>();
  const numbers = new Map<string, number>();
  let stampMs: number | null = null;
  let span = { lengthAt: 0, dataAt: 0, end: 0 };
  const align = (bytes: number): void => {
    if (origin !== null) cursor.take((bytes - ((cursor.at - origin) % bytes)) % bytes);
  };
  for (const { name, type } of fields) {
    align(alignmentOf(type));
    if (type === "string") names.set(name, textOf(cursor, origin !== null));
    else if (type === "time") stampMs = stampOf(cursor, origin !== null);
    else if (type === "bytes") span = spanOf(cursor);
    else numbers.set(name, numberOf(cursor, type));
  }
  // CDR may end with padding to 4 bytes; anything more is no part of the message.
  if (cursor.left > (origin === null ? 0 : 3)) {
    throw new CamfenceError("malformed", `an image message has ${cursor.left} bytes after its last field`);
  }
  return {
    stampMs,
    frameId: names.get("frame_id") ?? "",
    format: names.get("format") ?? "",
    encoding: names.get("encoding") ?? "",
    width: numbers.get("width") ?? 0,
    height: numbers.get("height") ?? 0,
    step: numbers.get("step") ?? 0,
    data: message.subarray(span.dataAt, span.end),
    withData: (data) => spliced(message, span, data, origin),
  };
}

function alignmentOf(type: FieldType): number {
  return type === "string" || type === "bytes" || type === "time" ? 4 : SIZES[type];
}

/** A CDR text counts and holds its final zero byte. */
function textOf(cursor: Cursor, isCdr: boolean): string {
  const text = cursor.text();
  return isCdr && text.endsWith("\0") ? text.slice(0, -1) : text;
}

/** Seconds and nanoseconds; ROS 2 counts seconds with a sign. Zero is a time that nobody set. */
function stampOf(cursor: Cursor, isRos2: boolean): number | null {
  const seconds = isRos2 ? cursor.i32() : cursor.u32();
  const nanos = cursor.u32();
  return seconds === 0 && nanos === 0 ? null : seconds * 1000 + nanos / 1e6;
}

function spanOf(cursor: Cursor) {
  const lengthAt = cursor.at;
  const { length } = cursor.take(cursor.u32());
  return { lengthAt, dataAt: cursor.at - length, end: cursor.at };
}

function numberOf(cursor: Cursor, type: Exclude<FieldType, "string" | "bytes" | "time">): number {
  if (type === "uint32") return cursor.u32();
  if (type === "int32") return cursor.i32();
  if (type === "uint16") return cursor.u16();
  if (type === "uint8") return cursor.u8();
  cursor.take(SIZES[type]);
  return Number.NaN;
}

/** The message with other data. In CDR, what follows keeps its alignment: image fields need 4 bytes at most. */
function spliced(
  message: Uint8Array,
  { lengthAt, dataAt, end }: { readonly lengthAt: number; readonly dataAt: number; readonly end: number },
  data: Uint8Array,
  origin: number | null,
): readonly Uint8Array[] {
  const isLittle = origin === null || (message[1] ?? 0) % 2 === 1;
  const length = Buffer.alloc(dataAt - lengthAt);
  if (isLittle) length.writeUInt32LE(data.length);
  else length.writeUInt32BE(data.length);
  const padding = (at: number): number => (origin === null ? 0 : (4 - ((at - origin) % 4)) % 4);
  const rest = message.subarray(Math.min(message.length, end + padding(end)));
  const gap = new Uint8Array(rest.length === 0 ? 0 : padding(dataAt + data.length));
  return [message.subarray(0, lengthAt), length, data, gap, rest];
}
