import protobuf from "protobufjs/minimal.js";
import { CamfenceError } from "../../core/errors.ts";
import type { ImageFields } from "./image-message.ts";
import type { ProtobufFields } from "./protobuf-fields.ts";

type Reader = protobuf.Reader;

const decoder = new TextDecoder();

interface Values {
  stampMs: number | null;
  frame_id: string;
  format: string;
  encoding: string;
  width: number;
  height: number;
  step: number;
  data: Uint8Array | null;
  /** Where the data field begins, and where it ends. */
  tagAt: number;
  end: number;
}

/**
 * Makes the reader of a protobuf image message: only the fields that an image has are read, and the data is not copied.
 * It throws CamfenceError `malformed` for a message with any other field, or with two pictures: either could hold one
 * that is not looked at.
 */
export function protobufImage(fields: ProtobufFields): (message: Uint8Array) => ImageFields {
  const roles = new Map([...fields].map(([name, number]) => [number, name]));
  return (message) => {
    const values: Values = {
      stampMs: null,
      frame_id: "",
      format: "",
      encoding: "",
      width: 0,
      height: 0,
      step: 0,
      data: null,
      tagAt: message.length,
      end: message.length,
    };
    const reader = protobuf.Reader.create(message);
    attempt(() => {
      while (reader.pos < reader.len) readField(reader, roles, values);
    });
    const { stampMs, frame_id: frameId, format, encoding, width, height, step, tagAt, end } = values;
    const data = values.data ?? message.subarray(0, 0);
    const withData = (other: Uint8Array) => spliced(message, tagAt, end, fields.get("data") ?? 0, other);
    return { stampMs, frameId, format, encoding, width, height, step, data, withData };
  };
}

function readField(reader: Reader, roles: ReadonlyMap<number, string>, values: Values): void {
  const tagAt = reader.pos;
  const tag = reader.uint32();
  const role = roles.get(tag >>> 3);
  const wireType = tag & 7;
  switch (role) {
    case "timestamp":
      values.stampMs = stampOf(bytesOf(reader, wireType));
      return;
    case "frame_id":
    case "format":
    case "encoding":
      values[role] = decoder.decode(bytesOf(reader, wireType));
      return;
    case "width":
    case "height":
    case "step":
      values[role] = wireType === 5 ? reader.fixed32() : varintOf(reader, wireType);
      return;
    case "data":
      if (values.data !== null) throw malformed("has two pictures");
      values.data = bytesOf(reader, wireType);
      values.tagAt = tagAt;
      values.end = reader.pos;
      return;
    case undefined:
    default:
      throw malformed(`has a field ${tag >>> 3}, which its schema does not name or an image does not have`);
  }
}

/** google.protobuf.Timestamp: seconds 1, nanos 2. Zero is a time that nobody set. */
export function stampOf(bytes: Uint8Array): number | null {
  const reader = protobuf.Reader.create(bytes);
  let [seconds, nanos] = [0, 0];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag >>> 3 === 1) seconds = Number(reader.int64());
    else if (tag >>> 3 === 2) nanos = reader.int32();
    else reader.skipType(tag & 7);
  }
  return seconds === 0 && nanos === 0 ? null : seconds * 1000 + nanos / 1e6;
}

function bytesOf(reader: Reader, wireType: number): Uint8Array {
  if (wireType !== 2) throw malformed(`has a field of wire type ${wireType}, expected bytes`);
  const length = reader.uint32();
  const start = reader.pos;
  reader.skip(length);
  return reader.buf.subarray(start, start + length);
}

function varintOf(reader: Reader, wireType: number): number {
  if (wireType !== 0) throw malformed(`has a field of wire type ${wireType}, expected a number`);
  return reader.uint32();
}

function spliced(
  message: Uint8Array,
  tagAt: number,
  end: number,
  number: number,
  data: Uint8Array,
): readonly Uint8Array[] {
  const head = new protobuf.Writer()
    .uint32(((number << 3) | 2) >>> 0)
    .uint32(data.length)
    .finish();
  return [message.subarray(0, tagAt), head, data, message.subarray(end)];
}

function attempt(read: () => void): void {
  try {
    read();
  } catch (cause) {
    if (cause instanceof CamfenceError) throw cause;
    throw new CamfenceError("malformed", "an image message is no protobuf message", { cause });
  }
}

function malformed(what: string): CamfenceError {
  return new CamfenceError("malformed", `an image message ${what}`);
}
