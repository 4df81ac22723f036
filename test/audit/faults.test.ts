import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LedgerFile, LedgerFolder } from "../../src/audit/ledger-folder.ts";
import { createMemoryFolder } from "../../src/audit/memory-folder.ts";
import type { Kept } from "./kit.ts";
import { drive, keep, linesOf, segment, settled, verified } from "./kit.ts";

type Fault =
  "none" | "full" | "io-error" | "short" | "part-then-error" | "sync-error" | "open-error" | "head-error";

/** A disk that does what `fault` says at every call. */
function faulty(inner: LedgerFolder, fault: () => Fault): LedgerFolder {
  const fail = (text: string): never => {
    throw new Error(text);
  };
  const wrap = (file: LedgerFile): LedgerFile => ({
    async append(bytes) {
      const now = fault();
      if (now === "full") return fail("ENOSPC: no space left on device");
      if (now === "io-error") return fail("EIO: i/o error");
      if (now === "part-then-error") {
        await file.append(bytes.subarray(0, Math.ceil(bytes.length / 2)));
        return fail("EIO: i/o error");
      }
      return file.append(now === "short" ? bytes.subarray(0, Math.ceil(bytes.length / 3)) : bytes);
    },
    sync: async () => (fault() === "sync-error" ? fail("EIO: sync failed") : file.sync()),
    close: () => file.close(),
  });
  return {
    ...inner,
    open: async (name, keepBytes) =>
      fault() === "open-error" ? fail("EACCES: permission denied") : wrap(await inner.open(name, keepBytes)),
    replace: async (name, content) =>
      fault() === "head-error" ? fail("ENOSPC: no space left on device") : inner.replace(name, content),
  };
}

/** Reads the folder behind the faults. */
async function keepOn(fault: () => Fault): Promise<Kept> {
  const folder = createMemoryFolder();
  return { ...(await keep({ folder: faulty(folder, fault), maxFileBytes: 2500 })), folder };
}

async function driveOn(kept: Kept): Promise<void> {
  await drive(kept, "clear", 70);
  kept.ledger.segment({
    kind: "sealed",
    sha256: segment(String(kept.clock.now())),
    region: "de",
    frames: 600,
  });
  await drive(kept, "inside", 70);
}

describe.each<Fault>(["full", "io-error", "part-then-error", "sync-error", "open-error", "head-error"])(
  "a disk with %s",
  (fault) => {
    test("is told, stops nothing, and costs nothing once it is well again", async () => {
      let now: Fault = "none";
      const kept = await keepOn(() => now);
      await driveOn(kept);
      expect(kept.ledger.status()).toEqual({ state: "sound", eventsLost: 0, writeFailures: 0 });
      now = fault;
      await driveOn(kept);
      expect(kept.ledger.status()).toMatchObject({ state: "failing", eventsLost: 0 });
      now = "none";
      await driveOn(kept);
      expect(kept.ledger.status().state).toBe("sound");
      expect(await kept.ledger.close()).toBe("written");
      const { findings, summary } = await verified(kept.folder);
      expect(findings).toEqual([]);
      expect(summary).toMatchObject({ frames: { in: 4200 }, segments: { sealed: 3 } });
      expect((await linesOf(kept.folder)).at(-1)?.["writeFailures"]).toBeGreaterThan(0);
    });
  },
);

test("a disk that stays full loses what was not written, and says so; what is there is sound", async () => {
  let now: Fault = "none";
  const kept = await keepOn(() => now);
  await driveOn(kept);
  now = "full";
  await driveOn(kept);
  expect(await kept.ledger.close()).toBe("unwritten");
  const { verdict, summary } = await verified(kept.folder);
  expect(verdict).toBe("sound");
  expect(summary.frames.in).toBeLessThanOrEqual(1400);
});

test("events beyond what memory may hold are lost and counted; the sums stay right", async () => {
  let now: Fault = "full";
  const kept = await keepOn(() => now);
  const run = { zoneSet: "ab".repeat(32), kept: 1, destroyed: 0 };
  for (let i = 0; i < 50_000; i++) kept.ledger.rechecked(run);
  await drive(kept, "clear", 70);
  const { eventsLost } = kept.ledger.status();
  expect(eventsLost).toBeGreaterThan(1000);
  now = "none";
  await kept.clock.pass(1000);
  for (let i = 0; i < 2000; i++) await settled();
  expect(kept.ledger.status().state).toBe("sound");
  await kept.ledger.close();
  const { verdict, findings, summary } = await verified(kept.folder);
  expect(verdict).toBe("sound");
  expect(findings).toMatchObject([{ kind: "events-lost", what: `${eventsLost} events were not written` }]);
  expect(summary.frames.in).toBe(700);
});

test("whatever the disk does in between, a ledger that could be closed is sound and complete", async () => {
  const faults = fc.constantFrom<Fault>(
    "none",
    "full",
    "io-error",
    "short",
    "part-then-error",
    "sync-error",
    "open-error",
    "head-error",
  );
  await fc.assert(
    fc.asyncProperty(fc.infiniteStream(faults), async (stream) => {
      let calm = false;
      const kept = await keepOn(() => (calm ? "none" : (stream.next().value ?? "none")));
      await driveOn(kept);
      await driveOn(kept);
      calm = true;
      await kept.clock.pass(2000);
      expect(await kept.ledger.close()).toBe("written");
      const { findings, summary } = await verified(kept.folder);
      expect(findings).toEqual([]);
      expect(summary.frames.in).toBe(2800);
    }),
    { numRuns: process.env["SLOW"] === "1" ? 1000 : 100 },
  );
});

/** A disk on which only what was synced outlasts the power. */
function powered(): { readonly folder: LedgerFolder; readonly cutPower: () => Promise<LedgerFolder> } {
  const inner = createMemoryFolder();
  const synced = createMemoryFolder();
  const folder: LedgerFolder = {
    ...inner,
    async open(name, keepBytes) {
      const file = await inner.open(name, keepBytes);
      const sync = async () => synced.replace(name, await inner.read(name));
      return { ...file, sync };
    },
    async replace(name, content) {
      await inner.replace(name, content);
      await synced.replace(name, content);
    },
  };
  return { folder, cutPower: async () => synced };
}

test("a power cut loses at most what came after the last checkpoint", async () => {
  const { folder, cutPower } = powered();
  const kept = await keep({ folder, maxFileBytes: 2500 });
  for (let i = 0; i < 20; i++) {
    await drive(kept, "clear", 7);
    kept.ledger.rechecked({ zoneSet: "ab".repeat(32), kept: 1, destroyed: 0 });
    await settled();
    const { verdict, findings } = await verified(await cutPower());
    expect(verdict).toBe("sound"); // it holds the checkpoint that its head is a copy of
    expect(findings).toEqual([]);
  }
});

describe("a ledger that was left in the middle of a line", () => {
  /** The newest file of a ledger, cut to `length` bytes. */
  async function cut(kept: Kept, length: number): Promise<LedgerFolder> {
    const folder = createMemoryFolder();
    const file = await folder.open("ledger-000001.jsonl", 0);
    await file.append((await kept.folder.read("ledger-000001.jsonl")).subarray(0, length));
    return folder;
  }

  test("goes on at its last whole line, and records what was cut, wherever it was left", async () => {
    const kept = await keep();
    await driveOn(kept);
    await kept.ledger.close();
    const whole = await kept.folder.read("ledger-000001.jsonl");
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length), async (length) => {
        const folder = await cut(kept, length);
        const torn = length - (whole.subarray(0, length).lastIndexOf(0x0a) + 1);
        const again = await keep({ folder }, kept.clock);
        await driveOn(again);
        await again.ledger.close();
        const { verdict, findings } = await verified(folder);
        expect(verdict).toBe("sound");
        expect(findings.filter(({ kind }) => kind !== "ended-abruptly")).toEqual([]);
        const recovered = (await linesOf(folder)).filter((line) => line["event"] === "recovered");
        expect(recovered).toMatchObject(torn === 0 ? [] : [{ cutBytes: torn }]);
      }),
      { numRuns: process.env["SLOW"] === "1" ? 1000 : 60 },
    );
  });

  test("zeros that a power cut left behind the last line are cut, too", async () => {
    const kept = await keep();
    await kept.ledger.close();
    const file = await kept.folder.open("ledger-000001.jsonl", 1e9);
    await file.append(new Uint8Array(100));
    const again = await keep({ folder: kept.folder }, kept.clock);
    await again.ledger.close();
    expect((await verified(kept.folder)).findings).toEqual([]);
  });

  test("a damaged line is not cut: it stays as evidence, and the chain goes on behind it", async () => {
    const kept = await keep();
    await kept.ledger.close();
    const file = await kept.folder.open("ledger-000001.jsonl", 1e9);
    await file.append(Buffer.from("garbage\n"));
    const again = await keep({ folder: kept.folder }, kept.clock);
    await again.ledger.close();
    expect((await verified(kept.folder)).findings).toMatchObject([
      { kind: "edited", what: "not a line of JSON" },
    ]);
  });
});
