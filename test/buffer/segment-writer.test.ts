import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { AgeSealer } from "../../src/buffer/age/age-sealer.ts";
import { openAge } from "../../src/buffer/age/open-age.ts";
import { memoryFiles } from "../../src/buffer/disk/memory-files.ts";
import { nodeFiles } from "../../src/buffer/disk/node-files.ts";
import { readClaims } from "../../src/buffer/segment-claims.ts";
import { openVault } from "../../src/buffer/segment-vault.ts";
import type { SegmentVault } from "../../src/buffer/segment-vault.ts";
import { DEVICE_KEY, HOLD_IDENTITY, HOLD_RECIPIENT, IDENTITY, PLACE } from "../kit/buffer.ts";
import {
  frameNumber,
  framesAsOpened,
  openSegment,
  releasedOutcome,
  sealedBytes,
  writeFrames,
  writerFor,
} from "../kit/buffer.ts";
import { tempDir } from "../kit/cli.ts";
import { T0_MS } from "../kit/drives.ts";
import { faultyFiles } from "../kit/faulty-files.ts";
import { fixAt } from "../kit/place.ts";

async function memoryVault(): Promise<SegmentVault> {
  return (await openVault({ files: memoryFiles(), deviceKey: DEVICE_KEY })).vault;
}

test.each([0, 1, 1000, 65_000, 65_536, 262_144, 600_000])(
  "an opened segment gives exactly the released frames, of %i bytes each",
  async (sizeBytes) => {
    const vault = await memoryVault();
    const writer = writerFor(vault);
    await writeFrames(writer, 0, 9, sizeBytes);
    await writer.close();
    const [segment] = vault.list();
    const opened = await openSegment(await sealedBytes(vault, segment?.id ?? ""));
    expect(opened.frames).toEqual(framesAsOpened(0, 9, sizeBytes));
  },
);

test("a segment's hash, size, times and counts are those of its file", async () => {
  const vault = await memoryVault();
  const writer = writerFor(vault);
  await writer.useZones("f".repeat(64));
  await writeFrames(writer, 0, 5);
  await writer.write(releasedOutcome(frameNumber(5), { action: "blur", reason: "inside", zones: ["z"] }));
  const [sealed] = await writer.close();
  const [segment] = vault.list();
  expect(sealed).toEqual({ kind: "sealed", segment });
  const bytes = await sealedBytes(vault, segment?.id ?? "");
  expect(segment).toMatchObject({
    region: "cn",
    vehicle: "test-vehicle",
    bytes: bytes.length,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    firstMs: T0_MS,
    lastMs: T0_MS + 500,
    zoneSetHash: "f".repeat(64),
    counts: { front: { pass: 3, blur: 0 }, rear: { pass: 2, blur: 1 } },
    ending: "whole",
    state: "unchecked",
  });
});

test("region, vehicle, zone set and times stand within the sealed data", async () => {
  const vault = await memoryVault();
  const writer = writerFor(vault);
  await writer.useZones("e".repeat(64));
  await writeFrames(writer, 0, 3);
  await writer.close();
  const [segment] = vault.list();
  const bytes = await sealedBytes(vault, segment?.id ?? "");
  const { claims, ending } = await readClaims(openAge([bytes], IDENTITY));
  expect(claims).toEqual({
    version: "1",
    id: segment?.id,
    region: "cn",
    vehicle: "test-vehicle",
    zoneSet: "e".repeat(64),
  });
  expect(ending).toEqual({ firstMs: T0_MS, lastMs: T0_MS + 200, frames: 3, ending: "whole" });
});

test("each frame has its verdict beside it, and a fix is there once, beside a passed frame whose reach holds it", async () => {
  const vault = await memoryVault();
  const writer = writerFor(vault);
  const fix = (seconds: number, latDeg = PLACE.latDeg) =>
    fixAt(T0_MS + 1000 * seconds, { latDeg, lonDeg: PLACE.lonDeg, accuracyM: 3 });
  writer.locate(fix(0));
  await writer.write(releasedOutcome(frameNumber(0), { action: "blur", reason: "in-view", zones: ["z"] }));
  await writer.write(releasedOutcome(frameNumber(2)));
  await writer.write(releasedOutcome(frameNumber(4)));
  writer.locate(fix(1, PLACE.latDeg + 0.001));
  await writer.write(releasedOutcome(frameNumber(6)));
  writer.locate(fix(2));
  await writer.write(releasedOutcome(frameNumber(8)));
  writer.locate(null);
  await writer.write(releasedOutcome(frameNumber(10)));
  await writer.close();
  const { notes } = await openSegment(await sealedBytes(vault, vault.list()[0]?.id ?? ""));
  expect(notes.get("/camera/front/verdict")?.slice(0, 2)).toEqual([
    { action: "blur", reason: "in-view", zones: ["z"], informationBits: 64 },
    { action: "pass", reason: "clear", zones: [], informationBits: null },
  ]);
  const sec = T0_MS / 1000;
  expect(notes.get("/location")).toMatchObject([
    { timestamp: { sec }, latitude: PLACE.latDeg, position_covariance_type: 1 },
    { timestamp: { sec: sec + 2 } },
  ]);
});

test.each([
  ["its time is over", { policy: { maxSegmentMs: 500 } }, 10, [5, 5]],
  ["its size is reached", { policy: { maxSegmentBytes: 1024 * 1024 } }, 10, [6, 4]],
] as const)("a segment ends when %s", async (_what, more, frames, counts) => {
  const vault = await memoryVault();
  const writer = writerFor(vault, more);
  await writeFrames(writer, 0, frames, 200_000);
  await writer.close();
  expect(vault.list().map(framesIn)).toEqual(counts);
});

test("a segment ends with its region, and with its zone set", async () => {
  const vault = await memoryVault();
  const writer = writerFor(vault, { holdRecipient: HOLD_RECIPIENT });
  await writeFrames(writer, 0, 2);
  await writer.write(releasedOutcome(frameNumber(2), { region: null }));
  await writeFrames(writer, 3, 5);
  await writer.useZones("a".repeat(64));
  await writeFrames(writer, 5, 6);
  await writer.close();
  expect(vault.list().map(({ region, zoneSetHash }) => [region, zoneSetHash.slice(0, 1)])).toEqual([
    ["cn", ""],
    [null, ""],
    ["cn", ""],
    ["cn", "a"],
  ]);
});

test("a segment that gets no more frames ends by the clock", async () => {
  const vault = await memoryVault();
  const writer = writerFor(vault);
  await writeFrames(writer, 0, 1);
  expect(await writer.tick(T0_MS + 9_999)).toEqual([]);
  expect(await writer.tick(T0_MS + 10_000)).toMatchObject([{ kind: "sealed" }]);
});

test.each([null, "nowhere"])(
  "frames of region %s are held: sealed to the hold recipient, never ready",
  async (region) => {
    const vault = await memoryVault();
    const writer = writerFor(vault, { holdRecipient: HOLD_RECIPIENT });
    await writer.write(releasedOutcome(frameNumber(0), { region }));
    await writer.close();
    const [segment] = vault.list();
    vault.mark(segment?.id ?? "", "ready");
    expect(vault.list()).toMatchObject([{ region: null, state: "held" }]);
    const bytes = await sealedBytes(vault, segment?.id ?? "");
    expect((await openSegment(bytes, HOLD_IDENTITY)).claims).toMatchObject({ region: "" });
    await expect(openSegment(bytes, IDENTITY)).rejects.toThrow("no identity matched");
  },
);

test("without a hold recipient frames of no region are lost, and counted", async () => {
  const writer = writerFor(await memoryVault());
  expect(await writer.write(releasedOutcome(frameNumber(0), { region: null }))).toMatchObject([
    { kind: "lost", why: "no-recipient", counts: { front: { pass: 1, blur: 0 } } },
  ]);
});

test("a frame that cannot be recorded is lost, and its segment goes on", async () => {
  const vault = await memoryVault();
  const writer = writerFor(vault);
  await writeFrames(writer, 0, 1);
  const odd = frameNumber(1, 9, { format: "nv12", width: 3, height: 2 });
  expect(await writer.write(releasedOutcome(odd))).toMatchObject([{ kind: "lost", why: "unrecordable" }]);
  const strange = frameNumber(2, 9, { camera: "roof" });
  expect(await writer.write(releasedOutcome(strange))).toMatchObject([{ kind: "lost", why: "unrecordable" }]);
  await writeFrames(writer, 3, 4);
  await writer.close();
  expect(vault.list().map(framesIn)).toEqual([2]);
});

test.each([{ latDeg: null }, { lonDeg: 181 }, { radiusM: null }, { radiusM: -1 }])(
  "a frame whose place is not known, %j, could not be judged again: it is lost",
  async (place) => {
    const outcome = releasedOutcome(frameNumber(0), place);
    expect(await writerFor(await memoryVault()).write(outcome)).toMatchObject([{ why: "unrecordable" }]);
  },
);

test("more frames than may wait are lost as overload", async () => {
  const vault = await memoryVault();
  const writer = writerFor(vault, { policy: { maxQueuedBytes: 50_000 } });
  const all = [0, 1, 2, 3].map((seq) => writer.write(releasedOutcome(frameNumber(seq))));
  expect((await Promise.all(all)).flat()).toMatchObject([{ why: "overload" }, { why: "overload" }]);
  expect(await writeFrames(writer, 4, 6)).toEqual([]);
  await writer.close();
  expect(vault.list().map(framesIn)).toEqual([4]);
});

test("a dropped frame stores nothing", async () => {
  const vault = await memoryVault();
  const writer = writerFor(vault);
  const { record } = releasedOutcome(frameNumber(0), { action: "drop", reason: "inside" });
  expect(await writer.write({ record, released: null })).toEqual([]);
  expect(await writer.write(releasedOutcome(frameNumber(0), { action: "drop", reason: "inside" }))).toEqual(
    [],
  );
  expect(await writer.close()).toEqual([]);
});

test("a revocation destroys what is being written, when a frame of it lies in the interval", async () => {
  const files = memoryFiles();
  const { vault } = await openVault({ files, deviceKey: DEVICE_KEY });
  const writer = writerFor(vault);
  await writeFrames(writer, 0, 5);
  expect(await writer.revoke(T0_MS + 400, T0_MS + 9000)).toEqual([]);
  expect(await writer.revoke(T0_MS - 9000, T0_MS - 1)).toEqual([]);
  const lost = { front: { pass: 3, blur: 0 }, rear: { pass: 2, blur: 0 } };
  expect(await writer.revoke(T0_MS + 399, T0_MS + 400)).toMatchObject([
    { kind: "lost", why: "revoked", counts: lost },
  ]);
  expect(await files.list()).toEqual([]);
  await writeFrames(writer, 5, 6);
  await writer.close();
  expect(vault.list().map(framesIn)).toEqual([1]);
});

test("nothing in the folder shows a frame, a place, or the vehicle", async () => {
  const folder = tempDir();
  const { vault } = await openVault({ files: await nodeFiles(folder), deviceKey: DEVICE_KEY });
  const writer = writerFor(vault);
  const marked = new Uint8Array(Buffer.alloc(200_000, "CANARY-PIXELS "));
  for (let seq = 0; seq < 6; seq++)
    await writer.write(releasedOutcome({ ...frameNumber(seq), data: marked }));
  const during = everythingIn(folder);
  await writer.close();
  for (const bytes of [during, everythingIn(folder)]) {
    expect(bytes.length).toBeGreaterThan(1_000_000);
    for (const secret of ["CANARY", "MCAP", "front", "test-vehicle", "latDeg"])
      expect(bytes.includes(secret)).toBe(false);
  }
});

function everythingIn(folder: string): Buffer {
  return Buffer.concat(readdirSync(folder).map((name) => readFileSync(join(folder, name))));
}

function framesIn({ counts }: ReturnType<SegmentVault["list"]>[number]): number {
  return Object.values(counts).reduce((sum, { pass, blur }) => sum + pass + blur, 0);
}

test("a segment's key is forgotten when it ends, however it ends", async () => {
  const forget = vi.spyOn(AgeSealer.prototype, "forget");
  const { vault } = await openVault({ files: memoryFiles(), deviceKey: DEVICE_KEY });
  const writer = writerFor(vault);
  await writeFrames(writer, 0, 1);
  expect(forget).toHaveBeenCalledTimes(0);
  await writer.close();
  expect(forget).toHaveBeenCalledTimes(1);
  await writeFrames(writer, 1, 2);
  await writer.revoke(0, Infinity);
  expect(forget).toHaveBeenCalledTimes(2);
  let isBroken = false;
  const { files } = faultyFiles(memoryFiles(), () => (isBroken ? "EIO" : "fine"));
  const broken = writerFor((await openVault({ files, deviceKey: DEVICE_KEY })).vault, {
    policy: { flushMs: 0 },
  });
  await writeFrames(broken, 2, 3);
  isBroken = true;
  await writeFrames(broken, 3, 4);
  expect(forget).toHaveBeenCalledTimes(3);
  forget.mockRestore();
});
