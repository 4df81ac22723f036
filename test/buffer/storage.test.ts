import { expect, test } from "vitest";
import type { Files } from "../../src/buffer/disk/files.ts";
import { memoryFiles } from "../../src/buffer/disk/memory-files.ts";
import { REVOCATIONS } from "../../src/buffer/disk/revocations.ts";
import { BufferPolicy } from "../../src/buffer/policy.ts";
import type { SegmentStore, StoreEvent } from "../../src/buffer/segment-store.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { Storage } from "../../src/buffer/storage.ts";
import { openStorage } from "../../src/buffer/open-storage.ts";
import { CAMERAS, DEVICE_KEY, RECIPIENT, frameNumber, openSegment } from "../kit/buffer.ts";
import { releasedOutcome, sealedBytes } from "../kit/buffer.ts";
import { T0_MS } from "../kit/drives.ts";
import { faultyFiles } from "../kit/faulty-files.ts";
import { FAR_AWAY, zoneSet } from "../kit/place.ts";

/** Frames 7 to 12, of 100 ms each, were judged by fixes that proved wrong. */
const REVOKED = { afterMs: T0_MS + 650, untilMs: T0_MS + 1250 };
const isRevoked = ({ seq }: { readonly seq: number }): boolean => seq >= 7 && seq <= 12;

async function open(files: Files) {
  const opened = await openStorage({
    files,
    deviceKey: DEVICE_KEY,
    policy: BufferPolicy.parse({ minFreeBytes: 0, maxSegmentMs: 400, flushMs: 0 }),
    keeping: { cabin: "drop", clockErrorMs: 50 },
    vehicle: "test-vehicle",
    cameras: CAMERAS,
    recipients: { cn: RECIPIENT },
    holdRecipient: null,
  });
  const events: StoreEvent[] = [];
  const mayLeave: boolean[] = [];
  opened.storage.happened.subscribe((event) => events.push(event));
  opened.storage.mayLeave.subscribe((now) => mayLeave.push(now));
  return { ...opened, events, mayLeave };
}

const region = {
  kind: "region",
  id: "r",
  region: "cn",
  shapes: [{ kind: "circle", latDeg: 47.5, lonDeg: 9.5, radiusM: 1e4 }],
} as const;
const ZONES = zoneSet([FAR_AWAY], { expiresMs: T0_MS + 1e10, regions: [region] });

function write(storage: Storage, from: number, to: number): void {
  for (let seq = from; seq < to; seq++) storage.write(releasedOutcome(frameNumber(seq)));
}

async function framesIn(store: SegmentStore) {
  const opened = await Promise.all(
    store.list().map(async ({ id }) => (await openSegment(await sealedBytes(store, id))).frames),
  );
  return opened.flat();
}

test("a revocation that a crash interrupts at any change of the disk is carried out by the next start", async () => {
  let interrupted = 0;
  for (let dieAt = 0; ; dieAt++) {
    const base = memoryFiles();
    let isDying = false;
    let changesSince = 0;
    const { files } = faultyFiles(base, () => (isDying && changesSince++ >= dieAt ? "fails" : "fine"));
    const { storage } = await open(files);
    storage.useZones(ZONES);
    write(storage, 0, 15);
    await storage.idle();
    isDying = true;
    storage.revoke(REVOKED);
    await storage.idle();
    const isDurable = (await base.list()).includes(REVOCATIONS);
    const next = await open(base);
    const left = (await framesIn(next.storage.store)).filter(isRevoked);
    // Before the note is durable nothing on disk knows of it: then the crash came before the revocation.
    if (isDurable) {
      interrupted++;
      expect(left, `died at ${dieAt}`).toEqual([]);
      expect(await base.list()).not.toContain(REVOCATIONS);
    } else if (changesSince <= dieAt) {
      expect(left).toEqual([]);
      break;
    }
  }
  expect(interrupted).toBeGreaterThan(10);
});

test("nothing may leave before the first zone set, and while a revocation waits for the disk", async () => {
  let isBroken = false;
  const { files } = faultyFiles(memoryFiles(), () => (isBroken ? "fails" : "fine"));
  const { storage, events, mayLeave } = await open(files);
  write(storage, 0, 15);
  await storage.idle();
  expect(mayLeave).toEqual([false]);
  storage.useZones(ZONES);
  await storage.idle();
  expect(mayLeave).toEqual([false, true]);
  isBroken = true;
  storage.revoke(REVOKED);
  await storage.idle();
  storage.tick(T0_MS + 3000);
  await storage.idle();
  expect(mayLeave).toEqual([false, true, false]);
  isBroken = false;
  storage.tick(T0_MS + 5000);
  await storage.idle();
  expect(mayLeave).toEqual([false, true, false, true]);
  expect((await framesIn(storage.store)).filter(isRevoked)).toEqual([]);
  expect(events.some((event) => event.kind === "destroyed" && event.why === "revoked")).toBe(true);
  expect(await files.list()).not.toContain(REVOCATIONS);
});

test("what a broken disk kept from being ended is destroyed, too, when it was revoked meanwhile", async () => {
  let isBroken = false;
  const { files } = faultyFiles(memoryFiles(), () => (isBroken ? "fails" : "fine"));
  const { storage, events, mayLeave } = await open(files);
  storage.useZones(ZONES);
  write(storage, 6, 10);
  await storage.idle();
  isBroken = true;
  write(storage, 10, 11);
  await storage.idle();
  storage.revoke(REVOKED);
  await storage.idle();
  isBroken = false;
  for (const afterMs of [3000, 4000]) {
    storage.tick(T0_MS + afterMs);
    await storage.idle();
  }
  expect(events.filter(({ kind }) => kind === "sealed").length).toBe(1);
  expect(storage.store.list()).toEqual([]);
  expect(mayLeave).toEqual([false, true, false, true]);
});

test("nothing may leave once the zone set in force has expired, until another one is", async () => {
  const { storage, mayLeave } = await open(memoryFiles());
  storage.useZones(ZONES);
  write(storage, 0, 6);
  await storage.idle();
  storage.tick(ZONES.expiresMs - 1);
  expect(mayLeave).toEqual([false, true]);
  storage.tick(ZONES.expiresMs);
  expect(mayLeave).toEqual([false, true, false]);
  storage.useZones({ ...ZONES, expiresMs: ZONES.expiresMs + 1e6 });
  await storage.idle();
  expect(mayLeave).toEqual([false, true, false, true]);
  storage.tick(Number.NaN);
  expect(mayLeave.at(-1)).toBe(false);
});

test("a segment that is sealed later is judged before it may leave; one that the disk kept is judged again", async () => {
  let isBroken = false;
  const { files } = faultyFiles(memoryFiles(), () => (isBroken ? "fails" : "fine"));
  const { storage } = await open(files);
  storage.useZones(ZONES);
  write(storage, 0, 6);
  await storage.idle();
  expect(storage.store.list().map(({ state }) => state)).toEqual(["ready"]);
  isBroken = true;
  // Expired when the frames were taken: they cannot be proven any more, but the disk does not let them go.
  storage.useZones(zoneSet([FAR_AWAY], { expiresMs: T0_MS, regions: [region], hash: "01" }));
  await storage.idle();
  expect(storage.store.list().map(({ state }) => state)).toEqual(["unchecked"]);
  isBroken = false;
  storage.tick(T0_MS + 5000);
  await storage.idle();
  expect(storage.store.list()).toEqual([]);
});

test("a list of revocations that cannot be read opens nothing", async () => {
  const files = memoryFiles();
  const file = await files.open(REVOCATIONS, "create");
  await file.write(Buffer.from("{"), 0);
  await expect(open(files)).rejects.toMatchObject({ code: "malformed", file: REVOCATIONS });
});

test("what a later owner of the store does is told, until it is closed", async () => {
  const { storage, events } = await open(memoryFiles());
  storage.useZones(ZONES);
  write(storage, 0, 10);
  await storage.finish();
  const [first, second] = storage.store.list();
  await storage.store.confirmSent(first?.id ?? "", first?.sha256 ?? "");
  await storage.idle();
  expect(events.at(-1)).toMatchObject({ kind: "sent", segment: { id: first?.id } });
  await storage.close();
  expect(await storage.store.confirmSent(second?.id ?? "", second?.sha256 ?? "")).toMatchObject({
    kind: "failed",
  });
});

test("what another process purges is told as destroyed, once", async () => {
  const files = memoryFiles();
  const { storage, events } = await open(files);
  storage.useZones(ZONES);
  write(storage, 0, 10);
  await storage.idle();
  const [first, ...others] = storage.store.list();
  expect(others.length).toBeGreaterThan(0);
  const other = await openVault({ files, deviceKey: DEVICE_KEY, start: "look" });
  await other.vault.destroy(first?.id ?? "", "purged");
  for (const afterMs of [0, 5000, 20_000]) {
    storage.tick(T0_MS + afterMs);
    await storage.idle();
  }
  expect(events.filter(({ kind }) => kind === "destroyed")).toMatchObject([
    { why: "purged", segment: { id: first?.id } },
  ]);
  expect(storage.store.list().map(({ id }) => id)).toEqual(
    expect.arrayContaining(others.map(({ id }) => id)),
  );
});
