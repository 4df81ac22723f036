import { createCipheriv, randomBytes } from "node:crypto";
import { mkdtempSync, openSync, closeSync, fdatasyncSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { Frame } from "../../src/sources/frame.ts";
import { DEVICE_KEY, frameNumber, releasedOutcome, writerFor } from "../kit/buffer.ts";
import { T0_MS } from "../kit/drives.ts";
import { cpuSeconds, timed } from "./clocks.ts";
import { median } from "./rounds.ts";

const JPEG_BYTES = 150_000;
const FRAMES = 2880;
const SEALING_ROUNDS = 5;
const CHUNK_BYTES = 64 * 1024;

/** The speed of sealing, with Node's bare cipher and file write as the peer in the same run. */
export async function benchBuffer(print: (line: string) => void): Promise<void> {
  print(
    `sealing one segment of ${FRAMES} JPEGs of ${JPEG_BYTES / 1000} kB (${SEALING_ROUNDS} rounds, medians)`,
  );
  await benchSealing(print);
}

async function benchSealing(print: (line: string) => void): Promise<void> {
  const frames = Array.from({ length: 32 }, (_, seq) => frameNumber(seq, JPEG_BYTES));
  const ours: number[] = [];
  const cpu: number[] = [];
  const bareCpu: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < SEALING_ROUNDS; round++) {
    cpu.push(await cpuSeconds(async () => ours.push(await timed(() => sealFrames(frames)))));
    bareCpu.push(await cpuSeconds(async () => bare.push(await timed(async () => bareCipher(frames)))));
  }
  const megabytes = (FRAMES * JPEG_BYTES) / 1e6;
  const rate = megabytes / median(ours);
  const share = median(bare) / median(ours);
  const cpuShare = median(bareCpu) / median(cpu);
  const isMet = rate >= 300 || share >= 0.35 ? "met" : "MISSED";
  print(
    `  sealed and written: ${rate.toFixed(0)} MB/s (${(megabytes / median(cpu)).toFixed(0)} MB per CPU second)`,
  );
  print(`  bare ChaCha20-Poly1305 and file write: ${(megabytes / median(bare)).toFixed(0)} MB/s`);
  print(
    `  ${share.toFixed(2)} × bare (${cpuShare.toFixed(2)} × by CPU time); target 300 MB/s or 0.35 ×: ${isMet}`,
  );
}

async function sealFrames(frames: readonly Frame[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { policy: { maxSegmentMs: 3_600_000 } });
  for (let i = 0; i < FRAMES; i++) {
    const frame = frames[i % frames.length];
    if (frame === undefined) continue;
    // 8 cameras of 36 frames a second.
    const timeMs = T0_MS + (i * 1000) / (8 * 36);
    const events = await writer.write(releasedOutcome({ ...frame, seq: i, timeMs }));
    if (events.length > 0) throw new Error(JSON.stringify(events));
  }
  await writer.close();
  rmSync(folder, { recursive: true });
}

/** The least that sealing could cost: the cipher over the same bytes, and one file. */
function bareCipher(frames: readonly Frame[]): void {
  const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  const file = openSync(join(folder, "bare"), "w");
  const key = randomBytes(32);
  let counter = 0;
  for (let i = 0; i < FRAMES; i++) {
    const data = frames[i % frames.length]?.data ?? new Uint8Array(0);
    for (let at = 0; at < data.length; at += CHUNK_BYTES) {
      const nonce = Buffer.alloc(12);
      nonce.writeUInt32LE(counter++);
      const cipher = createCipheriv("chacha20-poly1305", key, nonce, { authTagLength: 16 });
      writeSync(file, cipher.update(data.subarray(at, at + CHUNK_BYTES)));
      cipher.final();
      writeSync(file, cipher.getAuthTag());
    }
  }
  fdatasyncSync(file);
  closeSync(file);
  rmSync(folder, { recursive: true });
}
