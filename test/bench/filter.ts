import {
  closeSync,
  createReadStream,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { McapStreamReader, McapWriter } from "@mcap/core";
import protobuf from "protobufjs/minimal.js";
import { fileDescriptorSet } from "../../src/buffer/mcap/foxglove-schemas.ts";
import { LOCATION_SCHEMA } from "../../src/buffer/location-messages.ts";
import { matchCameras } from "../../src/cli/filter/camera-match.ts";
import { filePieces } from "../../src/cli/file-pieces.ts";
import { filterRecording } from "../../src/cli/filter/filter-recording.ts";
import { OutputMcap } from "../../src/cli/filter/output-mcap.ts";
import { createTally } from "../../src/cli/filter/tally.ts";
import { parseCameras } from "../../src/sources/camera-option.ts";
import { FAR_AWAY, place, zoneSet } from "../kit/place.ts";
import { median } from "./rounds.ts";

const IMAGES = "simulator/drives/mountain-view/front";
const ROUNDS = 5;
const SECONDS = 20;
const START_MS = 1_772_352_000_000;
const TARGET_MB_PER_S = 200;
const TARGET_RATIO = 0.6;
const PIECE_BYTES = 1024 * 1024;

/**
 * A recording of two cameras' JPEG images, all of which pass, and fixes at 9 Hz: filtered, and its messages copied with
 * the reader and the writer of @mcap/core; both from a file into a file, in turn.
 */
export async function benchFilter(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  try {
    const input = join(folder, "in.mcap");
    await writeRecording(input);
    const megabytes = statSync(input).size / 1e6;
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = -1; round < ROUNDS; round++) {
      const [filtered, copied] = [await timed(filter, input, folder), await timed(copy, input, folder)];
      // The first warms up.
      if (round < 0) continue;
      ours.push(megabytes / filtered);
      theirs.push(megabytes / copied);
    }
    const [mine, peer] = [median(ours), median(theirs)];
    print(`camfence filter, ${megabytes.toFixed(0)} MB of JPEG images that pass, 9 Hz fixes`);
    print(
      `  ${mine.toFixed(0)} MB a second of processor time; target ${TARGET_MB_PER_S}, ${mine >= TARGET_MB_PER_S ? "met" : "MISSED"}`,
    );
    const ratio = mine / peer;
    print(
      `  ${ratio.toFixed(2)} × copying with @mcap/core (${peer.toFixed(0)} MB/s); ` +
        `target ${TARGET_RATIO}, ${ratio >= TARGET_RATIO ? "met" : "MISSED"}`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds of processor time, which does not count what other processes take. */
async function timed(work: Work, input: string, folder: string): Promise<number> {
  const output = join(folder, "out.mcap");
  const before = process.cpuUsage();
  await work(input, output);
  const { user, system } = process.cpuUsage(before);
  rmSync(output);
  return (user + system) / 1e6;
}

type Work = (input: string, output: string) => Promise<void>;

const pieces = (path: string) =>
  createReadStream(path, { highWaterMark: PIECE_BYTES }) as AsyncIterable<Buffer>;

async function filter(input: string, output: string): Promise<void> {
  const [source, file] = [openSync(input, "r"), openSync(output, "w")];
  const tally = createTally();
  await filterRecording(
    {
      input: filePieces(source),
      output: new OutputMcap(async (bytes) => writeAll(file, bytes)),
      packing: () => {},
      zones: zoneSet([FAR_AWAY]),
      policy: {},
      cameras: matchCameras(parseCameras("front:0:100,rear:180:120"), new Map()),
      positionTopics: null,
      keepPositions: false,
      logTimes: false,
      accuracyM: null,
      maxWaitingBytes: 256 * 1024 * 1024,
      say: () => {},
    },
    tally,
  );
  closeSync(file);
  closeSync(source);
  const passed = tally.topics().reduce((sum, topic) => sum + topic.passed, 0);
  const frames = tally.topics().reduce((sum, topic) => sum + topic.in, 0);
  if (passed < frames - 40) throw new Error(`only ${passed} of ${frames} frames passed`);
}

async function copy(input: string, output: string): Promise<void> {
  const file = openSync(output, "w");
  const writer = new McapWriter({ writable: fileWriter(file), chunkSize: 1024 * 1024 });
  await writer.start({ profile: "", library: "" });
  const reader = new McapStreamReader();
  const [schemas, channels] = [new Map<number, number>(), new Map<number, number>()];
  for await (const piece of pieces(input)) {
    reader.append(piece);
    for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
      if (record.type === "Schema" && !schemas.has(record.id)) {
        schemas.set(record.id, await writer.registerSchema(record));
      } else if (record.type === "Channel" && !channels.has(record.id)) {
        const schemaId = schemas.get(record.schemaId) ?? 0;
        channels.set(record.id, await writer.registerChannel({ ...record, schemaId }));
      } else if (record.type === "Message") {
        await writer.addMessage({ ...record, channelId: channels.get(record.channelId) ?? 0 });
      }
    }
  }
  await writer.end();
  closeSync(file);
}

async function writeRecording(path: string): Promise<void> {
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
  for (let i = 0; i < SECONDS * 36; i++) {
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

function fileWriter(file: number) {
  let position = 0n;
  return {
    position: () => position,
    write: async (bytes: Uint8Array): Promise<void> => {
      position += BigInt(bytes.length);
      writeAll(file, bytes);
    },
  };
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
