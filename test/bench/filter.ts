import { closeSync, createReadStream, mkdtempSync, openSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { McapStreamReader, McapWriter } from "@mcap/core";
import { matchCameras } from "../../src/cli/filter/camera-match.ts";
import { openFileSource } from "../../src/cli/standard-streams.ts";
import { filterRecording } from "../../src/cli/filter/filter-recording.ts";
import { OutputMcap } from "../../src/cli/filter/output-mcap.ts";
import { createTally } from "../../src/cli/filter/tally.ts";
import { parseCameras } from "../../src/sources/camera-option.ts";
import { FAR_AWAY, zoneSet } from "../kit/place.ts";
import { printCommand } from "./filter-command.ts";
import { fileWriter, writeAll, writeRecording } from "./filter-input.ts";
import { median } from "./rounds.ts";

const ROUNDS = 5;
const SECONDS = 20;
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
    await writeRecording(input, SECONDS);
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
    await printCommand(folder, print);
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
      input: openFileSource(source, () => Readable.from([])),
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
