import { execFileSync } from "node:child_process";
import { createCipheriv, createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { NODE_OPTIONS } from "../../src/cli/run/unit-file.ts";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { Frame } from "../../src/sources/frame.ts";
import { DEVICE_KEY, frameNumber, releasedOutcome, writerFor } from "../kit/buffer.ts";
import { T0_MS } from "../kit/drives.ts";
import { cpuSeconds } from "./clocks.ts";
import { median } from "./rounds.ts";

const JPEG_BYTES = 150_000;
const CHUNK_BYTES = 64 * 1024;
const OWN_FILE = fileURLToPath(import.meta.url);

/** What sealing takes of a core while frames come as they come, in a process that runs as the systemd unit says. */
export function benchBufferLoad(print: (line: string) => void): void {
  print(`sealing in real time (node ${NODE_OPTIONS})`);
  print(execFileSync(process.execPath, [NODE_OPTIONS, OWN_FILE], { encoding: "utf8" }).trimEnd());
}

/** `SLOW=1`: ten minutes of it, as the target for memory says. */
const IS_LONG = process.env["SLOW"] === "1";
const LOAD_ROUNDS = IS_LONG ? 1 : 3;
const LOAD_SECONDS = IS_LONG ? 600 : 10;
const LOAD_FPS = 8 * 36;
const MIB = 1024 * 1024;

/** Eight cameras of 36 frames of 150 kB a second, as they come; the oldest segments make room. */
async function measureLoad(print: (line: string) => void): Promise<void> {
  const frames = Array.from({ length: 32 }, (_, seq) => frameNumber(seq, JPEG_BYTES));
  const shares: number[] = [];
  for (let round = 0; round < LOAD_ROUNDS; round++) {
    const { share, rss } = await load(frames);
    shares.push(share);
    if (IS_LONG) printGrowth(rss, print);
  }
  const share = median(shares);
  const bare = await bareShare(frames);
  const met = share < 0.25 ? "met" : "MISSED";
  print(`  8 cameras × 36 a second × 150 kB: ${percent(share)} of one core; target 25 %: ${met}`);
  print(`  of that the bare cipher and SHA-256: ${percent(bare)}`);
}

async function load(frames: readonly Frame[]) {
  const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
  const policy = { maxBytes: 1024 * MIB, whenFull: "delete-oldest" };
  const writer = writerFor(vault, { policy });
  const before = process.cpuUsage();
  const startMs = performance.now();
  const rss: number[] = [];
  for (let i = 0; i < LOAD_SECONDS * LOAD_FPS; i++) {
    const dueMs = (i * 1000) / LOAD_FPS;
    const aheadMs = dueMs - (performance.now() - startMs);
    if (aheadMs > 2) await new Promise((resolve) => setTimeout(resolve, aheadMs));
    if (i % LOAD_FPS === 0) rss.push(process.memoryUsage.rss());
    const frame = frames[i % frames.length];
    if (frame !== undefined) await writer.write(releasedOutcome({ ...frame, seq: i, timeMs: T0_MS + dueMs }));
  }
  await writer.close();
  const { user, system } = process.cpuUsage(before);
  rmSync(folder, { recursive: true });
  return { share: (user + system) / 1000 / (performance.now() - startMs), rss };
}

/** The garbage that waits for its collection comes and goes: medians of minutes tell what stays. */
function printGrowth(rss: readonly number[], print: (line: string) => void): void {
  const minutes = Array.from(
    { length: rss.length / 60 },
    (_, m) => median(rss.slice(60 * m, 60 * m + 60)) / MIB,
  );
  const growthMb = (minutes.at(-1) ?? NaN) - (minutes[1] ?? NaN);
  print(`  RSS by minute, MiB: ${minutes.map((each) => each.toFixed(0)).join(" ")}`);
  print(
    `  growth from the second to the last: ${growthMb.toFixed(1)} MiB; target 20: ${growthMb < 20 ? "met" : "MISSED"}`,
  );
}

/** What the same bytes cost in a second when they are only sealed and hashed. */
async function bareShare(frames: readonly Frame[]): Promise<number> {
  const key = randomBytes(32);
  const hash = createHash("sha256");
  const seconds = 10;
  const cpu = await cpuSeconds(async () => {
    for (let i = 0; i < seconds * LOAD_FPS; i++) {
      const data = frames[i % frames.length]?.data ?? new Uint8Array(0);
      for (let at = 0; at < data.length; at += CHUNK_BYTES) {
        const options = { authTagLength: 16 };
        const cipher = createCipheriv("chacha20-poly1305", key, Buffer.alloc(12), options);
        hash.update(cipher.update(data.subarray(at, at + CHUNK_BYTES)));
        cipher.final();
      }
    }
  });
  return cpu / seconds;
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}

if (process.argv[1] === OWN_FILE) await measureLoad((line) => process.stdout.write(`${line}\n`));
