import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import internal from "@foxglove/schemas/internal.js";
import { McapIndexedReader, McapStreamReader } from "@mcap/core";
import type { McapTypes } from "@mcap/core";
import protobuf from "protobufjs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fileDescriptorSet, IMAGE_SCHEMAS } from "../../src/buffer/mcap/foxglove-schemas.ts";
import { openReleasedMcap } from "../../src/buffer/released-mcap.ts";
import type { Frame, FrameFormat } from "../../src/sources/frame.ts";

const TIME_MS = 1_772_352_000_100.25;
const SCHEMAS = ["CompressedImage", "RawImage", "CompressedVideo"] as const;
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "camfence-mcap-"));
});
afterEach(() => rm(folder, { recursive: true }));

const { foxgloveMessageSchemas, generateProto } = internal;

/** Foxglove's own definition of a message. */
function foxgloveType(name: keyof typeof IMAGE_SCHEMAS): protobuf.Type {
  const source = generateProto(foxgloveMessageSchemas[name], []);
  const root = protobuf.parse(source).root;
  root.add(protobuf.parse(TIMESTAMP_PROTO).root.nested?.["google"] ?? new protobuf.Namespace("google"));
  return root.lookupType(`foxglove.${name}`);
}
const TIMESTAMP_PROTO =
  'syntax = "proto3"; package google.protobuf; message Timestamp { int64 seconds = 1; int32 nanos = 2; }';

function frameOf(format: FrameFormat, width: number, height: number, sizeBytes: number, more = {}): Frame {
  const data = Uint8Array.from({ length: sizeBytes }, (_, i) => i % 251);
  return { camera: "front", timeMs: TIME_MS, seq: 7, width, height, format, data, keyframe: true, ...more };
}

async function recordAll(frames: readonly Frame[], informationBits?: number): Promise<string> {
  const path = join(folder, "released.mcap");
  const recording = await openReleasedMcap(path);
  for (const frame of frames) await recording.write(frame, informationBits);
  await recording.close();
  return path;
}

interface Read {
  readonly reader: McapIndexedReader;
  readonly messages: readonly McapTypes.Message[];
}

async function read(path: string): Promise<Read> {
  const bytes = new Uint8Array(await readFile(path));
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: () => Promise.resolve(BigInt(bytes.length)),
      read: (offset, size) => Promise.resolve(bytes.slice(Number(offset), Number(offset + size))),
    },
  });
  const messages: McapTypes.Message[] = [];
  for await (const message of reader.readMessages()) messages.push(message);
  return { reader, messages };
}

function decode(
  { reader, messages }: Read,
  index: number,
): { schema: string; image: Record<string, unknown> } {
  const message = messages[index];
  const channel = reader.channelsById.get(message?.channelId ?? -1);
  const schema = reader.schemasById.get(channel?.schemaId ?? -1)?.name ?? "";
  const name = SCHEMAS.find((known) => `foxglove.${known}` === schema);
  if (name === undefined) throw new Error(`no such schema: ${schema}`);
  const type = foxgloveType(name);
  return { schema, image: type.toObject(type.decode(message?.data ?? new Uint8Array(0)), { longs: Number }) };
}

function bytesOf({ data }: Record<string, unknown>): Uint8Array {
  return data instanceof Uint8Array ? Uint8Array.from(data) : new Uint8Array(0);
}

test("a recording with no frame is a valid MCAP", async () => {
  const { messages, reader } = await read(await recordAll([]));
  expect(messages).toEqual([]);
  expect(reader.statistics?.messageCount).toBe(0n);
});

test("log time, publish time and timestamp are the frame's time, to the nanosecond", async () => {
  const recording = await read(await recordAll([frameOf("jpeg", 16, 16, 50)]));
  const [message] = recording.messages;
  expect(message).toMatchObject({ sequence: 7, logTime: 1_772_352_000_100_250_000n });
  expect(message?.publishTime).toBe(message?.logTime);
  const { image } = decode(recording, 0);
  expect(image["timestamp"]).toEqual({ seconds: 1_772_352_000, nanos: 100_250_000 });
});

test("a JPEG is a CompressedImage on the camera's topic", async () => {
  const frame = frameOf("jpeg", 16, 16, 50);
  const recording = await read(await recordAll([frame]));
  const { schema, image } = decode(recording, 0);
  expect(schema).toBe("foxglove.CompressedImage");
  expect(image).toMatchObject({ frameId: "front", format: "jpeg" });
  expect(bytesOf(image)).toEqual(frame.data);
  expect([...recording.reader.channelsById.values()].map((channel) => channel.topic)).toEqual([
    "/camera/front",
  ]);
});

test.each([
  ["gray8", "mono8", 4, 3, 12, 4],
  ["rgb24", "rgb8", 4, 3, 36, 12],
  ["bgr24", "bgr8", 4, 3, 36, 12],
  ["rgba", "rgba8", 4, 3, 48, 16],
  ["yuyv", "yuyv", 4, 3, 24, 8],
  ["nv12", "nv12", 4, 2, 12, 4],
] as const)("%s is a RawImage with encoding %s", async (format, encoding, width, height, sizeBytes, step) => {
  const frame = frameOf(format, width, height, sizeBytes);
  const { schema, image } = decode(await read(await recordAll([frame])), 0);
  expect(schema).toBe("foxglove.RawImage");
  expect(image).toMatchObject({ width, height, encoding, step });
  expect(bytesOf(image)).toEqual(frame.data);
});

test("I420 is recorded as NV12 with the same samples", async () => {
  const data = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 20, 21);
  const { image } = decode(await read(await recordAll([{ ...frameOf("i420", 4, 2, 12), data }])), 0);
  expect(image).toMatchObject({ encoding: "nv12", step: 4 });
  expect([...bytesOf(image)]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 10, 20, 11, 21]);
});

test("padding between rows is not recorded", async () => {
  const data = Uint8Array.of(1, 2, 99, 3, 4, 99);
  const frame = { ...frameOf("gray8", 2, 2, 0), data, strideBytes: 3 };
  const { image } = decode(await read(await recordAll([frame])), 0);
  expect(image).toMatchObject({ step: 2 });
  expect([...bytesOf(image)]).toEqual([1, 2, 3, 4]);
});

test("H.264 is a CompressedVideo", async () => {
  const { schema, image } = decode(await read(await recordAll([frameOf("h264", 16, 16, 30)])), 0);
  expect(schema).toBe("foxglove.CompressedVideo");
  expect(image).toMatchObject({ format: "h264" });
});

test("a blurred frame has a note of what it holds beside it", async () => {
  const { reader, messages } = await read(await recordAll([frameOf("gray8", 2, 2, 4)], 3000));
  const note = messages.find((message) =>
    reader.channelsById.get(message.channelId)?.topic.endsWith("/redaction"),
  );
  expect(JSON.parse(new TextDecoder().decode(note?.data))).toEqual({ action: "blur", informationBits: 3000 });
  expect(note).toMatchObject({ sequence: 7, logTime: 1_772_352_000_100_250_000n });
});

test("a frame that no schema can hold, or of an impossible time, is refused", async () => {
  const recording = await openReleasedMcap(join(folder, "x.mcap"));
  expect(() => recording.write(frameOf("nv12", 3, 2, 14))).toThrow(/even sizes/);
  expect(() => recording.write(frameOf("gray8", 2, 2, 4, { timeMs: Number.NaN }))).toThrow(/frame time/);
  await recording.close();
});

test("the name appears only when the recording is whole", async () => {
  const recording = await openReleasedMcap(join(folder, "x.mcap"));
  await recording.write(frameOf("gray8", 2, 2, 4));
  expect(await readdir(folder)).toEqual(["x.mcap.partial"]);
  await recording.close();
  expect(await readdir(folder)).toEqual(["x.mcap"]);
});

test("many frames of several cameras come back in order from small chunks, whose checksums hold", async () => {
  const frames = Array.from({ length: 20_000 }, (_, i) => ({
    ...frameOf("gray8", 16, 12, 192),
    camera: `camera-${i % 8}`,
    timeMs: TIME_MS + i,
    seq: i,
  }));
  const path = await recordAll(frames);
  const { reader, messages } = await read(path);
  expect(messages.map((message) => message.sequence)).toEqual(frames.map((frame) => frame.seq));
  expect(reader.statistics).toMatchObject({ messageCount: 20_000n, channelCount: 8, schemaCount: 1 });
  const largest = reader.chunkIndexes.reduce((most, chunk) => Math.max(most, Number(chunk.chunkLength)), 0);
  expect(largest).toBeLessThanOrEqual(1024 * 1024);
  expect(streamed(new Uint8Array(await readFile(path)))).toBe(20_000);
});

test("a recording that is cut off gives back every whole chunk", async () => {
  const frames = Array.from({ length: 5000 }, (_, i) => ({ ...frameOf("gray8", 16, 12, 192), seq: i }));
  const path = await recordAll(frames);
  const whole = await readFile(path);
  const cut = new Uint8Array(whole.subarray(0, Math.floor(whole.length * 0.6)));
  expect(streamed(cut)).toBeGreaterThan(5000 * 0.4);
});

test("a frame larger than a chunk is recorded whole", async () => {
  const frame = frameOf("nv12", 1280, 960, (1280 * 960 * 3) / 2);
  const { messages } = await read(await recordAll([frame, frame]));
  expect(messages).toHaveLength(2);
});

test.each(SCHEMAS)("the fields of %s are those of Foxglove", (name) => {
  const fields = Object.fromEntries(
    foxgloveType(name).fieldsArray.map((field) => [snake(field.name), field.id]),
  );
  expect(IMAGE_SCHEMAS[name]).toEqual(fields);
  expect(fileDescriptorSet(name).length).toBeGreaterThan(100);
});

function snake(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Messages that a reader without an index gets, checksums checked. */
function streamed(bytes: Uint8Array): number {
  const reader = new McapStreamReader({ validateCrcs: true });
  let messages = 0;
  reader.append(bytes);
  for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
    if (record.type === "Message") messages++;
  }
  return messages;
}
