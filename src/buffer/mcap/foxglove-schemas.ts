import protobuf from "protobufjs/minimal.js";

/** The schemas of Foxglove that a frame is recorded as, by the format's kind. */
export const IMAGE_SCHEMAS = {
  CompressedImage: { timestamp: 1, frame_id: 4, data: 2, format: 3 },
  RawImage: { timestamp: 1, frame_id: 7, width: 2, height: 3, encoding: 4, step: 5, data: 6 },
  CompressedVideo: { timestamp: 1, frame_id: 2, data: 3, format: 4 },
} as const;
export type ImageSchema = keyof typeof IMAGE_SCHEMAS;

/** The `google.protobuf.FileDescriptorSet` of one of Foxglove's messages and of what it imports. */
export function fileDescriptorSet(name: ImageSchema): Uint8Array {
  const fields: Readonly<Record<string, number>> = IMAGE_SCHEMAS[name];
  const timestamp = file("google/protobuf/timestamp.proto", "google.protobuf", [], "Timestamp", [
    field("seconds", 1, TYPE.int64),
    field("nanos", 2, TYPE.int32),
  ]);
  const image = file(
    `foxglove/${name}.proto`,
    "foxglove",
    ["google/protobuf/timestamp.proto"],
    name,
    Object.entries(fields).map(([fieldName, number]) => field(fieldName, number, typeOf(fieldName))),
  );
  const set = new protobuf.Writer();
  set.uint32(tag(1)).bytes(timestamp).uint32(tag(1)).bytes(image);
  return set.finish();
}

// descriptor.proto: FieldDescriptorProto.Type
const TYPE = { int64: 3, int32: 5, fixed32: 7, string: 9, message: 11, bytes: 12 } as const;
const LABEL_OPTIONAL = 1;

function typeOf(name: string): number {
  if (name === "timestamp") return TYPE.message;
  if (name === "data") return TYPE.bytes;
  return name === "width" || name === "height" || name === "step" ? TYPE.fixed32 : TYPE.string;
}

/** FileDescriptorProto: name 1, package 2, dependency 3, message_type 4, syntax 12. */
function file(
  path: string,
  packageName: string,
  imports: readonly string[],
  message: string,
  fields: readonly Uint8Array[],
): Uint8Array {
  const type = new protobuf.Writer().uint32(tag(1)).string(message);
  for (const bytes of fields) type.uint32(tag(2)).bytes(bytes);
  const out = new protobuf.Writer().uint32(tag(1)).string(path).uint32(tag(2)).string(packageName);
  for (const imported of imports) out.uint32(tag(3)).string(imported);
  return out.uint32(tag(4)).bytes(type.finish()).uint32(tag(12)).string("proto3").finish();
}

/** FieldDescriptorProto: name 1, number 3, label 4, type 5, type_name 6. */
function field(name: string, number: number, type: number): Uint8Array {
  const out = new protobuf.Writer().uint32(tag(1)).string(name).uint32(tag(3, 0)).int32(number);
  out.uint32(tag(4, 0)).int32(LABEL_OPTIONAL).uint32(tag(5, 0)).int32(type);
  if (type === TYPE.message) out.uint32(tag(6)).string(".google.protobuf.Timestamp");
  return out.finish();
}

function tag(number: number, wireType: 0 | 2 = 2): number {
  return (number << 3) | wireType;
}
