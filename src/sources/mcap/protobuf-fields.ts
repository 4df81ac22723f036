import protobuf from "protobufjs/minimal.js";
import type { Schema } from "./channel.ts";

/** Field numbers of a message by their names. */
export type ProtobufFields = ReadonlyMap<string, number>;

/**
 * The fields of a schema's message, out of its `google.protobuf.FileDescriptorSet`; null where it holds no such message or
 * cannot be read. The path of numbers is that of descriptor.proto: file 1; package 2, message 4; name 1, field 2; name 1,
 * number 3.
 */
export function protobufFields({ encoding, name, data }: Schema): ProtobufFields | null {
  if (encoding !== "protobuf") return null;
  try {
    for (const file of submessages(data, 1)) {
      const packageName = textOf(file, 2);
      const message = submessages(file, 4).find((each) => qualified(packageName, textOf(each, 1)) === name);
      if (message === undefined) continue;
      return new Map(submessages(message, 2).map((field) => [textOf(field, 1), numberOf(field, 3)]));
    }
  } catch {
    // No schema that can be read: whoever asks drops what it describes.
  }
  return null;
}

function qualified(packageName: string, name: string): string {
  return packageName === "" ? name : `${packageName}.${name}`;
}

function submessages(bytes: Uint8Array, wanted: number): Uint8Array[] {
  const found: Uint8Array[] = [];
  eachField(bytes, (number, reader, wireType) => {
    if (number !== wanted || wireType !== 2) return false;
    found.push(reader.bytes());
    return true;
  });
  return found;
}

function textOf(bytes: Uint8Array, wanted: number): string {
  const [last] = submessages(bytes, wanted).slice(-1);
  return last === undefined ? "" : new TextDecoder().decode(last);
}

function numberOf(bytes: Uint8Array, wanted: number): number {
  let value = 0;
  eachField(bytes, (number, reader, wireType) => {
    if (number !== wanted || wireType !== 0) return false;
    value = reader.int32();
    return true;
  });
  return value;
}

function eachField(
  bytes: Uint8Array,
  take: (number: number, reader: protobuf.Reader, wireType: number) => boolean,
): void {
  const reader = protobuf.Reader.create(bytes);
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (!take(tag >>> 3, reader, tag & 7)) reader.skipType(tag & 7);
  }
}
