import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Files } from "../../src/buffer/disk/files.ts";
import { memoryFiles } from "../../src/buffer/disk/memory-files.ts";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { SegmentVault } from "../../src/buffer/segment-vault.ts";
import type { FrameCounts, StoreEvent } from "../../src/buffer/segment-store.ts";
import {
  DEVICE_KEY,
  framesAsOpened,
  openSegment,
  sealedBytes,
  writeFrames,
  writerFor,
} from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";
import type { Fault } from "../kit/faulty-files.ts";
import { faultyFiles, shortFiles } from "../kit/faulty-files.ts";

const POLICY = { maxSegmentMs: 400, flushMs: 0 };
const FRAMES = 14;
/** Every change in SLOW mode; otherwise every fourth, those of the two tests apart. */
const STEP = process.env["SLOW"] === undefined ? 4 : 1;

const totalOf = (counts: FrameCounts | null): number =>
  Object.values(counts ?? {}).reduce((sum, { pass, blur }) => sum + pass + blur, 0);
const lostIn = (events: readonly StoreEvent[]): number =>
  events.reduce((sum, event) => sum + (event.kind === "lost" ? totalOf(event.counts) : 0), 0);
const destroyedIn = (events: readonly StoreEvent[]): number =>
  events.reduce((sum, event) => sum + (event.kind === "destroyed" ? totalOf(event.segment.counts) : 0), 0);

/** Opens every segment; each frame must be what was written, and none there twice. Returns how many there are. */
async function storedIn(vault: SegmentVault, sizeBytes?: number): Promise<number> {
  const seen = new Set<number>();
  for (const { id, counts } of vault.list()) {
    const { frames } = await openSegment(await sealedBytes(vault, id));
    expect(frames.length).toBe(totalOf(counts));
    for (const frame of frames) {
      expect([frame]).toEqual(framesAsOpened(frame.seq, frame.seq + 1, sizeBytes));
      expect(seen.has(frame.seq)).toBe(false);
      seen.add(frame.seq);
    }
  }
  return seen.size;
}

async function runWith(
  fault: Fault,
): Promise<{ vault: SegmentVault; events: StoreEvent[]; strays: string[]; changes: number }> {
  const { files, changes } = faultyFiles(memoryFiles(), fault);
  const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { policy: POLICY });
  const events = await writeFrames(writer, 0, FRAMES);
  // The disk works again some time later.
  for (let again = 0; again < 30; again++) events.push(...(await writer.close()));
  const strays = (await files.list()).filter((name) => !/\.(mcap\.age|sidecar)$/.test(name));
  return { vault, events, strays, changes: changes() };
}

const ALL_CHANGES = (await runWith(() => "fine")).changes;

test.each(["EIO", "ENOSPC"] as const)(
  "%s at any change of the disk: stored + lost = released, and writing goes on",
  async (code) => {
    for (let at = code === "EIO" ? 0 : 2; at < ALL_CHANGES; at += STEP) {
      const { vault, events, strays } = await runWith((n) => (n === at ? code : "fine"));
      // A journal that is left when its segment is finished goes with the next start.
      expect(strays.filter((name) => !vault.list().some(({ id }) => name.startsWith(id)))).toEqual([]);
      const stored = await storedIn(vault);
      expect([at, stored + lostIn(events)]).toEqual([at, FRAMES]);
      expect(stored, `failed at ${at}`).toBeGreaterThanOrEqual(FRAMES - 5);
      expect(
        events.every(
          (event) => event.kind !== "lost" || event.why === (code === "EIO" ? "io-error" : "no-space"),
        ),
      ).toBe(true);
    }
  },
);

test("a disk that fails for a while: finished segments are untouched, all is counted, writing resumes", async () => {
  for (let at = 0; at < ALL_CHANGES; at += 2 * STEP) {
    const { vault, events } = await runWith((n) => (n >= at && n < at + 25 ? "EIO" : "fine"));
    expect([at, (await storedIn(vault)) + lostIn(events)]).toEqual([at, FRAMES]);
  }
});

test("short writes and short reads change nothing", async () => {
  const files = shortFiles(memoryFiles(), 997);
  const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
  const writer = writerFor(vault, { policy: POLICY });
  expect(lostIn(await writeFrames(writer, 0, FRAMES))).toBe(0);
  await writer.close();
  expect(await storedIn(vault)).toBe(FRAMES);
  await writeFrames(writer, FRAMES, FRAMES + 2);
  const reopened = await openVault({ files, deviceKey: DEVICE_KEY });
  expect(await storedIn(reopened.vault)).toBe(FRAMES + 2);
});

test("a write that writes nothing is an error, not an endless loop", async () => {
  const files = shortFiles(memoryFiles(), 0);
  const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
  expect(await writeFrames(writerFor(vault), 0, 1)).toMatchObject([{ kind: "lost", why: "io-error" }]);
});

describe.each(["delete-oldest", "refuse-new"] as const)("policy %s", (whenFull) => {
  const MAX_BYTES = 8 * 1024 * 1024;

  test("the buffer never takes more than maxBytes, and every frame is stored, destroyed or lost", async () => {
    const folder = tempDir();
    const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
    const writer = writerFor(vault, { policy: { maxBytes: MAX_BYTES, whenFull, flushMs: 0 } });
    const events: StoreEvent[] = [];
    let mostBytes = 0;
    for (let seq = 0; seq < 90; seq++) {
      events.push(...(await writeFrames(writer, seq, seq + 1, 150_000)));
      mostBytes = Math.max(mostBytes, folderBytes(folder));
    }
    events.push(...(await writer.close()));
    expect(mostBytes).toBeLessThanOrEqual(MAX_BYTES);
    expect(mostBytes).toBeGreaterThan(MAX_BYTES / 2);
    expect((await storedIn(vault, 150_000)) + lostIn(events) + destroyedIn(events)).toBe(90);
    const ends = new Set(
      events.filter(({ kind }) => kind !== "sealed").map((event) => "why" in event && event.why),
    );
    expect(ends).toEqual(new Set([whenFull === "refuse-new" ? "full" : "room"]));
    expect(vault.list().some(({ firstMs }) => firstMs === Date.parse("2026-03-01T08:00:00Z"))).toBe(
      whenFull === "refuse-new",
    );
  });

  test("the file system keeps minFreeBytes", async () => {
    const files: Files = memoryFiles(12 * 1024 * 1024);
    const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
    const minFreeBytes = 4 * 1024 * 1024;
    const writer = writerFor(vault, { policy: { minFreeBytes, whenFull, maxSegmentMs: 1000 } });
    let events: StoreEvent[] = [];
    for (let seq = 0; seq < 70; seq++) {
      events = [...events, ...(await writeFrames(writer, seq, seq + 1, 150_000))];
      expect(await files.freeBytes()).toBeGreaterThanOrEqual(minFreeBytes);
    }
    await writer.close();
    expect((await storedIn(vault, 150_000)) + lostIn(events) + destroyedIn(events)).toBe(70);
    expect(lostIn(events) > 0).toBe(whenFull === "refuse-new");
    expect(destroyedIn(events) > 0).toBe(whenFull === "delete-oldest");
  });
});

test("retention says what makes room first", async () => {
  const { vault } = await openVault({ files: memoryFiles(), deviceKey: DEVICE_KEY });
  const policy = {
    maxBytes: 8 * 1024 * 1024,
    whenFull: "delete-oldest",
    retention: ["largest"],
    maxSegmentMs: 1000,
  };
  const writer = writerFor(vault, { policy });
  await writeFrames(writer, 0, 2, 1000);
  await writeFrames(writer, 20, 30, 180_000);
  const events = [...(await writeFrames(writer, 40, 90, 150_000)), ...(await writer.close())];
  const [destroyed] = events.filter(({ kind }) => kind === "destroyed");
  expect(destroyed).toMatchObject({ why: "room", segment: { firstMs: Date.parse("2026-03-01T08:00:02Z") } });
  expect(vault.list()[0]).toMatchObject({ firstMs: Date.parse("2026-03-01T08:00:00Z") });
});

const isRoot = process.getuid?.() === 0;
const mountPoint = join(tempDir(), "small");
const hasTmpfs = isRoot && mount() && unmount();
if (!hasTmpfs)
  process.stderr.write("tests: no tmpfs can be mounted here, tests of a full disk are skipped\n");

function unmount(): boolean {
  execFileSync("umount", [mountPoint]);
  return true;
}

function mount(): boolean {
  mkdirSync(mountPoint, { recursive: true });
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=6m", "tmpfs", mountPoint], { stdio: "ignore" });
    return true;
  } catch {
    return false; // not allowed in this container
  }
}

describe.skipIf(!hasTmpfs)("a full disk", () => {
  beforeAll(() => void mount());
  afterAll(() => void unmount());

  test.each(["refuse-new", "delete-oldest"] as const)(
    "%s: loses and counts, keeps what is finished, resumes",
    async (whenFull) => {
      const folder = join(mountPoint, whenFull);
      // As if others had taken the space between our look and our write.
      const files = { ...(await nodeFiles(folder)), freeBytes: async () => Infinity };
      const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
      const writer = writerFor(vault, { policy: { whenFull, maxSegmentMs: 1000 } });
      const events = await writeFrames(writer, 0, 20, 100_000);
      writeFileSync(join(mountPoint, "ballast"), Buffer.alloc(3_500_000));
      events.push(...(await writeFrames(writer, 20, 80, 100_000)));
      const lostWhileFull = lostIn(events);
      expect(lostWhileFull).toBeGreaterThan(0);
      expect(new Set(events.map((event) => event.kind === "lost" && event.why))).toEqual(
        new Set([false, "no-space"]),
      );
      expect(await storedIn(vault, 100_000)).toBeGreaterThan(whenFull === "refuse-new" ? 19 : 0);
      rmSync(join(mountPoint, "ballast"));
      events.push(...(await writeFrames(writer, 100, 110, 100_000)), ...(await writer.close()));
      const stored = await storedIn(vault, 100_000);
      expect(stored + lostIn(events) + destroyedIn(events)).toBe(90);
      expect(vault.list().at(-1)?.lastMs).toBe(Date.parse("2026-03-01T08:00:10.900Z"));
      expect(readdirSync(folder).every((name) => /\.(mcap\.age|sidecar)$/.test(name))).toBe(true);
      rmSync(folder, { recursive: true });
    },
  );
});

function folderBytes(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
