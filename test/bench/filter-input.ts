import { openSync, closeSync, readFileSync, readdirSync, writeSync } from "node:fs";
import { join } from "node:path";
import { McapWriter } from "@mcap/core";
import protobuf from "protobufjs/minimal.js";
import { fileDescriptorSet } from "../../src/buffer/mcap/foxglove-schemas.ts";
import { LOCATION_SCHEMA } from "../../src/buffer/location-messages.ts";
import { place } from "../kit/place.ts";

const IMAGES = "simulator/drives/mountain-view/front";
const START_MS = 1_772_352_000_000;

/** A recording of two cameras' JPEG images at 36 a second each, 4.5 MB a second, and fixes at 9 Hz. */
export async function writeRecording(path: string, seconds: number): Promise<void> {
  const file = openSync(path, "w");
  const writer = new McapWriter({ writable: fileWriter(file), chunkSize: 1024 * 1024 });
  await writer.start({ profile: "", library: "bench" });
  const schemaId = await writer.registerSchema({
    name: "foxglove.CompressedImage",
    encoding: "protobuf",
    data: fileDescriptorSet("CompressedImage"),
  });
  const fixSchemaId = await writer.registerSchema({
    name: LOCATION_SCHEMA.name,
    encoding: "jsonschema",
    data: new TextEncoder().encode(JSON.stringify(LOCATION_SCHEMA.schema)),
  });
  const metadata = new Map<string, string>();
  const described = { schemaId, messageEncoding: "protobuf", metadata };
  const cameras = ["front", "rear"];
  const ids = await Promise.all(
    cameras.map((id) => writer.registerChannel({ ...described, topic: `/camera/${id}` })),
  );
  const fixId = await writer.registerChannel({
    schemaId: fixSchemaId,
    topic: "/gps",
    messageEncoding: "json",
    metadata,
  });
  const images = readdirSync(IMAGES).map((name) => readFileSync(join(IMAGES, name)));
  const add = (channelId: number, timeMs: number, data: Uint8Array) => {
    const time = BigInt(Math.round(timeMs)) * 1_000_000n;
    return writer.addMessage({ channelId, sequence: 0, logTime: time, publishTime: time, data });
  };
  for (let i = 0; i < seconds * 36; i++) {
    const timeMs = START_MS + (i * 1000) / 36;
    if (i % 4 === 0) await add(fixId, timeMs, fixMessage(timeMs));
    for (const [c, id] of ids.entries()) {
      await add(
        id,
        timeMs,
        imageMessage(cameras[c] ?? "", timeMs, images[(i + c) % images.length] ?? Buffer.of()),
      );
    }
  }
  await writer.end();
  closeSync(file);
}

function fixMessage(timeMs: number): Uint8Array {
  const sec = Math.floor(timeMs / 1000);
  const { latDeg: latitude, lonDeg: longitude } = place((timeMs - START_MS) / 100, 0);
  const timestamp = { sec, nsec: Math.round((timeMs - sec * 1000) * 1e6) };
  return new TextEncoder().encode(
    JSON.stringify({ timestamp, frame_id: "gps", latitude, longitude, altitude: 0 }),
  );
}

function imageMessage(frameId: string, timeMs: number, data: Uint8Array): Uint8Array {
  const seconds = Math.floor(timeMs / 1000);
  const out = new protobuf.Writer();
  out.uint32(10).fork().uint32(8).int64(seconds).uint32(16);
  out.int32(Math.round((timeMs - seconds * 1000) * 1e6)).ldelim();
  out.uint32(18).bytes(data).uint32(26).string("jpeg").uint32(34).string(frameId);
  return out.finish();
}

export function fileWriter(file: number) {
  let position = 0n;
  return {
    position: () => position,
    write: async (bytes: Uint8Array): Promise<void> => {
      position += BigInt(bytes.length);
      writeAll(file, bytes);
    },
  };
}

export function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
