import { mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { McapWriter } from "@mcap/core";
import { openReleasedMcap } from "../../src/buffer/released-mcap.ts";
import type { Frame } from "../../src/sources/frame.ts";

const FRAMES = 100_000;
const CAMERAS = Array.from({ length: 8 }, (_, i) => `camera-${i}`);
const ROUNDS = 3;
// A replay of GPS only records eight cameras × 36 fps × 500 × real time.
const TARGET_PER_SECOND = 150_000;

/** Frames of 16 × 12 a second into a recording, with the writer of @mcap/core beside it. */
export async function benchReleasedMcap(print: (line: string) => void): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "camfence-bench-"));
  try {
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      ours.push(await perSecond(() => writeOurs(join(folder, "ours.mcap"))));
      theirs.push(await perSecond(() => writeTheirs(join(folder, "theirs.mcap"))));
    }
    const [mine, peer] = [median(ours), median(theirs)];
    print("released frames 16×12 into an MCAP file");
    print(
      `  ${mine.toFixed(0)} a second; target ${TARGET_PER_SECOND}, ${mine >= TARGET_PER_SECOND ? "met" : "MISSED"}`,
    );
    print(`    ${(mine / peer).toFixed(1)} × McapWriter of @mcap/core (${peer.toFixed(0)} a second)`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeOurs(path: string): Promise<void> {
  const recording = await openReleasedMcap(path);
  const data = new Uint8Array(16 * 12).fill(7);
  for (let seq = 0; seq < FRAMES; seq++) {
    const camera = CAMERAS[seq % CAMERAS.length] ?? "";
    const timeMs = 1_772_352_000_000 + seq;
    const size = { width: 16, height: 12, format: "gray8" } as const;
    const frame: Frame = { camera, timeMs, seq, ...size, data, keyframe: true };
    const written = recording.write(frame);
    if (written !== undefined) await written;
  }
  await recording.close();
}

async function writeTheirs(path: string): Promise<void> {
  const file = await open(path, "w");
  let position = 0n;
  const write = async (bytes: Uint8Array): Promise<void> => {
    position += BigInt(bytes.length);
    await file.write(bytes);
  };
  const writer = new McapWriter({ writable: { position: () => position, write }, chunkSize: 256 * 1024 });
  await writer.start();
  const schemaId = await writer.registerSchema({ name: "x", encoding: "protobuf", data: new Uint8Array(8) });
  const described = { schemaId, messageEncoding: "protobuf", metadata: new Map<string, string>() };
  const ids = await Promise.all(
    CAMERAS.map((camera) => writer.registerChannel({ ...described, topic: camera })),
  );
  for (let sequence = 0; sequence < FRAMES; sequence++) {
    const time = BigInt(1_772_352_000_000 + sequence) * 1_000_000n;
    const message = { sequence, logTime: time, publishTime: time, data: new Uint8Array(240) };
    await writer.addMessage({ channelId: ids[sequence % ids.length] ?? 0, ...message });
  }
  await writer.end();
  await file.close();
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const startMs = performance.now();
  await work();
  return (FRAMES * 1000) / (performance.now() - startMs);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await benchReleasedMcap((line) => process.stdout.write(`${line}\n`));
}
