import { MessageReader as Ros1Reader, MessageWriter as Ros1Writer } from "@foxglove/rosmsg-serialization";
import { MessageReader as Ros2Reader, MessageWriter as Ros2Writer } from "@foxglove/rosmsg2-serialization";
import { parse } from "@foxglove/rosmsg";
import zstd from "@foxglove/wasm-zstd";
import { McapIndexedReader, McapStreamReader, McapWriter, TempBuffer } from "@mcap/core";
import type { McapTypes } from "@mcap/core";
import protobuf from "protobufjs";
import descriptor from "protobufjs/ext/descriptor/index.js";
import { FOXGLOVE_JSON, FOXGLOVE_PROTO, ROS1, ROS2 } from "./message-schemas.ts";

export type Encoding = "json" | "protobuf" | "ros1" | "ros2";
export type Packing = "none" | "zstd" | "lz4" | "unchunked";
export type Kind = "CompressedImage" | "RawImage" | "CompressedVideo" | "LocationFix" | "Text";

/** A message as a recorder gets it; fields have Foxglove's names. */
export interface Told {
  readonly topic: string;
  readonly kind: Kind;
  /** Time of the message itself; null = it states none. */
  readonly timeMs: number | null;
  /** When it was recorded. @default timeMs */
  readonly logMs?: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface RecordingOptions {
  readonly encoding?: Encoding;
  readonly packing?: Packing;
  readonly chunkSize?: number;
  readonly metadata?: boolean;
  /** Says that all schemas are in this instead. */
  readonly schemaEncoding?: string;
  /** Other names of topics' schemas; "" = the topic has none. */
  readonly schemaNames?: ReadonlyMap<string, string>;
}

/** Writes a recording with the writer of @mcap/core, the messages with writers that are not ours. */
export async function recording(
  messages: readonly Told[],
  options: RecordingOptions = {},
): Promise<Uint8Array> {
  const { encoding = "protobuf", packing = "none", chunkSize = 64 * 1024, metadata = false } = options;
  await zstd.isLoaded;
  const out = new TempBuffer();
  const compressed = packing === "zstd" || packing === "lz4";
  const writer = new McapWriter({
    writable: out,
    useChunks: packing !== "unchunked",
    chunkSize,
    ...(compressed && { compressChunk: (bytes: Uint8Array) => compressors[packing](bytes) }),
  });
  await writer.start({ profile: encoding === "ros1" ? "ros1" : "", library: "test" });
  const channels = new Map<string, number>();
  for (const [sequence, told] of messages.entries()) {
    const key = `${told.topic} ${told.kind}`;
    const channelId = channels.get(key) ?? (await register(writer, told, encoding, options));
    channels.set(key, channelId);
    const logTime = nanoseconds(told.logMs ?? told.timeMs ?? 0);
    const data = encode(told, encoding);
    await writer.addMessage({ channelId, sequence, logTime, publishTime: logTime - 1n, data });
  }
  if (metadata) {
    await writer.addMetadata({ name: "vehicle", metadata: new Map([["plate", "none"]]) });
    const [logTime, createTime] = [5n, 6n];
    await writer.addAttachment({
      name: "calibration.yaml",
      mediaType: "text/yaml",
      logTime,
      createTime,
      data: ATTACHED,
    });
  }
  await writer.end();
  return out.get();
}

export const ATTACHED = new TextEncoder().encode("focal: 721.5\n");

const compressors = {
  zstd: (bytes: Uint8Array) => ({ compression: "zstd", compressedData: zstd.compress(bytes) }),
  lz4: (bytes: Uint8Array) => ({ compression: "lz4", compressedData: storedLz4(bytes) }),
};

/** An LZ4 frame of stored blocks (frame format 1.6.2): magic, FLG, BD and their checksum; blocks of 64 KiB; end mark. */
function storedLz4(bytes: Uint8Array): Uint8Array {
  const parts = [Buffer.from("04224d18604082", "hex")];
  for (let at = 0; at < bytes.length; at += 65_536) {
    const block = bytes.subarray(at, at + 65_536);
    const size = Buffer.alloc(4);
    size.writeUInt32LE((block.length | 0x8000_0000) >>> 0);
    parts.push(size, Buffer.from(block));
  }
  return Buffer.concat([...parts, Buffer.alloc(4)]);
}

async function register(
  writer: McapWriter,
  { topic, kind }: Told,
  encoding: Encoding,
  { schemaEncoding, schemaNames }: RecordingOptions,
): Promise<number> {
  const schema = schemaOf(kind, encoding);
  const name = schemaNames?.get(topic) ?? schema.name;
  const described = { ...schema, name, encoding: schemaEncoding ?? schema.encoding };
  const schemaId = name === "" ? 0 : await writer.registerSchema(described);
  const messageEncoding = schemaEncoding ?? (encoding === "ros2" ? "cdr" : encoding);
  return writer.registerChannel({ schemaId, topic, messageEncoding, metadata: new Map([["by", "test"]]) });
}

export function nanoseconds(timeMs: number): bigint {
  return BigInt(Math.round(timeMs * 1000)) * 1000n;
}

function schemaOf(kind: Kind, encoding: Encoding): Omit<McapTypes.Schema, "id"> {
  const bytes = (text: string) => new TextEncoder().encode(text);
  if (encoding === "json") {
    return {
      name: `foxglove.${kind}`,
      encoding: "jsonschema",
      data: bytes(JSON.stringify(FOXGLOVE_JSON[kind])),
    };
  }
  if (encoding === "protobuf")
    return { name: `foxglove.${kind}`, encoding: "protobuf", data: descriptorSet(kind) };
  const { name, text } = encoding === "ros1" ? ROS1[kind] : ROS2[kind];
  return { name, encoding: `${encoding}msg`, data: bytes(text) };
}

function encode(told: Told, encoding: Encoding): Uint8Array {
  const { kind, fields, timeMs } = told;
  const sec = Math.floor((timeMs ?? 0) / 1000);
  const nsec = Math.round(((timeMs ?? 0) - sec * 1000) * 1e6);
  switch (encoding) {
    case "json": {
      const data =
        fields["data"] instanceof Uint8Array ? Buffer.from(fields["data"]).toString("base64") : undefined;
      return new TextEncoder().encode(
        JSON.stringify({ timestamp: { sec, nsec }, ...fields, ...(data !== undefined && { data }) }),
      );
    }
    case "protobuf": {
      const type = root.lookupType(`foxglove.${kind}`);
      return type
        .encode(type.fromObject({ timestamp: { seconds: sec, nanos: nsec }, ...camelled(fields) }))
        .finish();
    }
    case "ros1":
      return new Ros1Writer(parse(ROS1[kind].text)).writeMessage(rosFields(told, { sec, nsec }));
    case "ros2":
      return new Ros2Writer(parse(ROS2[kind].text, { ros2: true })).writeMessage(
        rosFields(told, { sec, nanosec: nsec, nsec }),
      );
    default:
      return encoding satisfies never;
  }
}

const root = protobuf.parse(FOXGLOVE_PROTO, { keepCase: false }).root;

function camelled(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name.replaceAll(/_(\w)/g, (_, c: string) => c.toUpperCase()),
      value,
    ]),
  );
}

function descriptorSet(kind: Kind): Uint8Array {
  void descriptor;
  const own = protobuf.parse(FOXGLOVE_PROTO, { keepCase: true }).root;
  own.resolveAll();
  const set = (own as unknown as { toDescriptor(version: string): protobuf.Message }).toDescriptor("proto3");
  void kind;
  return set.$type.encode(set).finish();
}

function rosFields({ kind, fields }: Told, stamp: unknown): Record<string, unknown> {
  const { frame_id = "", ...rest } = fields;
  const header = { seq: 0, stamp, frame_id };
  if (kind === "LocationFix") {
    const { status = 0, ...position } = rest;
    return { header, status: { status, service: 1 }, altitude: 0, ...position };
  }
  if (kind === "CompressedVideo") return { timestamp: stamp, frame_id, ...rest };
  if (kind === "RawImage") return { header, is_bigendian: 0, ...rest };
  return { header, ...rest };
}

/** The fields of an image message, read by readers that are not ours. */
export function decode(
  message: ReadMessage | undefined,
  kind: Kind,
  encoding: Encoding,
): Record<string, unknown> & { readonly data: Uint8Array } {
  const bytes = message?.data ?? new Uint8Array(0);
  const { data, ...fields } = decodeAny(bytes, kind, encoding);
  return { ...fields, data: typeof data === "string" ? Buffer.from(data, "base64") : (data as Uint8Array) };
}

function decodeAny(bytes: Uint8Array, kind: Kind, encoding: Encoding): Record<string, unknown> {
  switch (encoding) {
    case "json":
      return JSON.parse(Buffer.from(bytes).toString("utf8")) as Record<string, unknown>;
    case "protobuf":
      return root.lookupType(`foxglove.${kind}`).decode(bytes).toJSON();
    case "ros1":
      return { ...new Ros1Reader(parse(ROS1[kind].text)).readMessage<Record<string, unknown>>(bytes) };
    case "ros2":
      return new Ros2Reader(parse(ROS2[kind].text, { ros2: true })).readMessage(bytes);
    default:
      return encoding satisfies never;
  }
}

export interface ReadMessage {
  readonly topic: string;
  readonly schema: string;
  readonly sequence: number;
  readonly logTime: bigint;
  readonly publishTime: bigint;
  readonly data: Uint8Array;
}

export interface ReadRecording {
  readonly messages: readonly ReadMessage[];
  readonly topics: readonly string[];
  readonly metadata: readonly McapTypes.Metadata[];
  readonly attachments: readonly McapTypes.Attachment[];
  readonly statistics: McapTypes.Statistics | undefined;
}

/** Reads a recording with the indexed reader of @mcap/core, which checks every checksum. */
export async function readBack(bytes: Uint8Array): Promise<ReadRecording> {
  await zstd.isLoaded;
  const readable = {
    size: async () => BigInt(bytes.length),
    read: async (offset: bigint, size: bigint) => bytes.subarray(Number(offset), Number(offset + size)),
  };
  const decompressHandlers = {
    zstd: (packed: Uint8Array, size: bigint) => zstd.decompress(packed, Number(size)),
  };
  const reader = await McapIndexedReader.Initialize({ readable, decompressHandlers });
  const messages: ReadMessage[] = [];
  for await (const { channelId, ...message } of reader.readMessages({ validateCrcs: true })) {
    const channel = reader.channelsById.get(channelId);
    const schema = reader.schemasById.get(channel?.schemaId ?? 0)?.name ?? "";
    messages.push({ topic: channel?.topic ?? "", schema, ...message, data: message.data.slice() });
  }
  const metadata: McapTypes.Metadata[] = [];
  for await (const record of reader.readMetadata()) metadata.push(record);
  const attachments: McapTypes.Attachment[] = [];
  for await (const record of reader.readAttachments()) attachments.push(record);
  const topics = [...reader.channelsById.values()].map(({ topic }) => topic);
  return { messages, topics, metadata, attachments, statistics: reader.statistics };
}

/** Reads a recording with the streaming reader of @mcap/core: every record, in its order; throws for what is wrong. */
export function readStream(bytes: Uint8Array): readonly McapTypes.TypedMcapRecord[] {
  const reader = new McapStreamReader({
    validateCrcs: true,
    decompressHandlers: { zstd: (packed: Uint8Array, size: bigint) => zstd.decompress(packed, Number(size)) },
  });
  reader.append(bytes);
  const records: McapTypes.TypedMcapRecord[] = [];
  for (let record = reader.nextRecord(); record; record = reader.nextRecord()) records.push(record);
  if (!reader.done()) throw new Error("the recording is not whole");
  return records;
}
