import { spawn } from "node:child_process";
import { join } from "node:path";
import { build } from "esbuild";
import { beforeAll, expect, test } from "vitest";
import type { Files } from "../../src/buffer/disk/files.ts";
import { withFile } from "../../src/buffer/disk/files.ts";
import { memoryFiles } from "../../src/buffer/disk/memory-files.ts";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { SegmentVault } from "../../src/buffer/segment-vault.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { Opened } from "../kit/buffer.ts";
import {
  DEVICE_KEY,
  RECIPIENT,
  framesAsOpened,
  openSegment,
  sealedBytes,
  writeFrames,
  writerFor,
} from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";
import { faultyFiles } from "../kit/faulty-files.ts";

const SLOW = process.env["SLOW"] !== undefined;
const KILLS = SLOW ? 220 : 30;
const POLICY = { maxSegmentMs: 400, flushMs: 0 };
const FRAMES = 10;

/** Every frame of all segments, in order; each segment must open, and at most one may be recovered. */
async function openAll(vault: SegmentVault): Promise<Opened["frames"]> {
  const all: Opened["frames"][number][] = [];
  const segments = vault.list();
  expect(segments.filter(({ ending }) => ending === "recovered").length).toBeLessThanOrEqual(1);
  for (const { id, ending, counts } of segments) {
    const opened = await openSegment(await sealedBytes(vault, id));
    expect(opened).toMatchObject({ claims: { id, region: "cn" }, ending: { ending } });
    const counted = Object.values(counts).reduce((sum, { pass }) => sum + pass, 0);
    expect([opened.frames.length, opened.ending["frames"]]).toEqual([counted, String(counted)]);
    all.push(...opened.frames);
  }
  return all.toSorted((a, b) => a.seq - b.seq);
}

/** Writes frames while changes work, then stops as if killed at change `dieAt`; returns how many frames were safe by then. */
async function writeUntilDead(base: Files, dieAt: number) {
  const { files, changes } = faultyFiles(base, (n) => (n < dieAt ? "fine" : "fails"));
  let safe = 0;
  try {
    const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
    const writer = writerFor(vault, { policy: POLICY });
    for (let seq = 0; seq < FRAMES && changes() <= dieAt; seq++) {
      const events = await writeFrames(writer, seq, seq + 1);
      if (changes() <= dieAt && events.every(({ kind }) => kind !== "lost")) safe = seq + 1;
    }
    await writer.close();
  } catch {
    safe = 0; // died while it opened
  }
  return { safe, changes: changes() };
}

const { changes: ALL_CHANGES } = await writeUntilDead(memoryFiles(), Infinity);

test("death at any change of the disk leaves every finished segment readable, and all that was checkpointed", async () => {
  expect(ALL_CHANGES).toBeGreaterThan(60);
  for (let dieAt = 0; dieAt < ALL_CHANGES; dieAt++) {
    const base = memoryFiles();
    const { safe } = await writeUntilDead(base, dieAt);
    const { vault } = await openVault({ files: base, deviceKey: DEVICE_KEY });
    const frames = await openAll(vault);
    expect(frames, `died at ${dieAt}`).toEqual(framesAsOpened(0, frames.length));
    expect(frames.length, `died at ${dieAt}`).toBeGreaterThanOrEqual(safe);
    expect((await base.list()).every((name) => /\.(mcap\.age|sidecar)$/.test(name))).toBe(true);
  }
});

test("death at any change of a recovery loses nothing more", async () => {
  for (const dieAt of [20, 33, 47, ALL_CHANGES - 4, ALL_CHANGES - 2]) {
    for (let recoveryDiesAt = 0; recoveryDiesAt < 12; recoveryDiesAt++) {
      const base = memoryFiles();
      const { safe } = await writeUntilDead(base, dieAt);
      const { files } = faultyFiles(base, (n) => (n < recoveryDiesAt ? "fine" : "fails"));
      await openVault({ files, deviceKey: DEVICE_KEY }).catch(() => null);
      const { vault } = await openVault({ files: base, deviceKey: DEVICE_KEY });
      const frames = await openAll(vault);
      expect(frames).toEqual(framesAsOpened(0, frames.length));
      expect(frames.length).toBeGreaterThanOrEqual(safe);
    }
  }
});

test("what a crash interrupted is told: a recovered segment, and frames that nobody counted", async () => {
  const base = memoryFiles();
  const { vault } = await openVault({ files: base, deviceKey: DEVICE_KEY });
  await writeFrames(writerFor(vault, { policy: { flushMs: 0 } }), 0, 3);
  const reopened = await openVault({ files: base, deviceKey: DEVICE_KEY });
  expect(reopened.events).toMatchObject([
    { kind: "sealed", segment: { ending: "recovered", counts: { front: { pass: 2 }, rear: { pass: 1 } } } },
    { kind: "lost", why: "crash", counts: null },
  ]);
});

test("a segment that only lacks its name is finished whole", async () => {
  const base = memoryFiles();
  const { vault } = await openVault({ files: base, deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { policy: { flushMs: 10_000 } });
  await writeFrames(writer, 0, 3);
  await writer.close();
  const [segment] = vault.list();
  await base.rename(`${segment?.id}.mcap.age`, `${segment?.id}.mcap.age.partial`);
  const reopened = await openVault({ files: base, deviceKey: DEVICE_KEY });
  expect(reopened.events).toEqual([{ kind: "sealed", segment }]);
  expect(await openAll(reopened.vault)).toEqual(framesAsOpened(0, 3));
});

test.each([
  ["shorter than its journal says", async (files: Files, name: string) => cut(files, name, 60_000), 2],
  ["changed behind its first checkpoint", async (files: Files, name: string) => flip(files, name, 50_000), 2],
  ["changed at its beginning", async (files: Files, name: string) => flip(files, name, 1000), 0],
])(
  "after a power cut a file that is %s is ended where its hash is still right",
  async (_what, damage, frames) => {
    const base = memoryFiles();
    const { vault } = await openVault({ files: base, deviceKey: DEVICE_KEY });
    const writer = writerFor(vault, { policy: { flushMs: 200 } });
    await writeFrames(writer, 0, 9);
    const name = (await base.list()).find((each) => each.endsWith(".partial")) ?? "";
    await damage(base, name);
    const reopened = await openVault({ files: base, deviceKey: DEVICE_KEY });
    const opened = await openAll(reopened.vault);
    expect(opened.length).toBeGreaterThanOrEqual(frames);
    expect(opened.length).toBeLessThan(8);
    expect(opened).toEqual(framesAsOpened(0, opened.length));
  },
);

async function cut(files: Files, name: string, toBytes: number): Promise<void> {
  await withFile(files, name, "update", (file) => file.truncate(toBytes));
}

async function flip(files: Files, name: string, at: number): Promise<void> {
  await withFile(files, name, "update", (file) => file.write(Uint8Array.of(0xaa, 0x55, 0xaa), at));
}

const child = join(tempDir(), "crash-child.mjs");
beforeAll(async () => {
  await build({
    entryPoints: ["test/buffer/crash-child.ts"],
    outfile: child,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
    external: ["sharp", "esbuild"],
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
});

/** Runs a writer, kills it `afterMs` after it said `word`; returns the frames that it had been promised. */
async function writeAndKill(
  folder: string,
  fromSeq: number,
  afterMs: number,
  word: "started" | "stored",
): Promise<number> {
  const writing = spawn(process.execPath, [child, folder, RECIPIENT, String(fromSeq)]);
  let out = "";
  let timer: NodeJS.Timeout | undefined;
  writing.stdout.on("data", (text: Buffer) => {
    out += text.toString();
    if (out.includes(word)) timer ??= setTimeout(() => writing.kill("SIGKILL"), afterMs);
  });
  const errors: Buffer[] = [];
  writing.stderr.on("data", (text: Buffer) => errors.push(text));
  const signal = await new Promise((resolve) => writing.on("close", (_code, by) => resolve(by)));
  expect([signal, Buffer.concat(errors).toString()]).toEqual(["SIGKILL", ""]);
  return out.split("\n").filter((line) => line === "stored").length;
}

test(`kill -9 at ${KILLS} random instants loses no frame that was checkpointed and no finished segment`, async () => {
  const folder = tempDir();
  const random = seededRandom(SLOW ? 1 : 2);
  let promised = 0;
  for (let run = 0; run < KILLS; run++) {
    const safe = await writeAndKill(folder, 0, 150 * random(), run % 3 === 0 ? "started" : "stored");
    // Every third time, the one that puts things right is killed, too.
    if (run % 3 === 0) await writeAndKill(folder, 100_000, 0, "started");
    const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
    expect(vault.list().filter(({ ending }) => ending === "recovered").length).toBeLessThanOrEqual(2);
    const frames: Opened["frames"][number][] = [];
    for (const { id } of vault.list()) {
      frames.push(...(await openSegment(await sealedBytes(vault, id))).frames);
      await vault.destroy(id, "purged");
    }
    const first = frames.filter(({ seq }) => seq < 100_000).toSorted((a, b) => a.seq - b.seq);
    expect(first).toEqual(framesAsOpened(0, first.length));
    expect(first.length).toBeGreaterThanOrEqual(safe);
    promised += safe;
  }
  // The runs are no shams: two in three got to write.
  expect(promised).toBeGreaterThan(KILLS / 2);
}, 600_000);
