import { describe, expect, test } from "vitest";
import { NO_LINE, lineText, readLine } from "../../src/audit/line-bytes.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import { T0_MS, drive, filesOf, keep, linesOf, outcome, segment, settled, verified } from "./kit.ts";

const eventsOf = async (folder: Parameters<typeof linesOf>[0], event: string) =>
  (await linesOf(folder)).filter((line) => line["event"] === event);

test("a drive past a base is told frame by frame, and adds up", async () => {
  const kept = await keep();
  await drive(kept, "no-fix", 5);
  await drive(kept, "clear", 100);
  await drive(kept, "inside", 90);
  await drive(kept, "leaving", 10);
  await drive(kept, "clear", 200);
  kept.ledger.segment({ kind: "sealed", sha256: segment("a"), region: "de", frames: 1000 });
  kept.ledger.segment({ kind: "sealed", sha256: segment("b"), region: "de", frames: 1900 });
  kept.ledger.segment({ kind: "sent", sha256: segment("a"), region: "de", frames: 1000 });
  kept.ledger.segment({ kind: "unsealed-lost", frames: 100 });
  expect(await kept.ledger.close()).toBe("written");

  const { verdict, findings, summary } = await verified(kept.folder);
  expect(findings).toEqual([]);
  expect(verdict).toBe("sound");
  expect(summary.frames).toEqual({ in: 4050, passed: 3000, blurred: 0, dropped: 1050, lost: 0 });
  expect(summary.segments).toEqual({ sealed: 2, stored: 1, sent: 1, destroyed: 0, lost: 0 });
  const [last] = (await eventsOf(kept.folder, "checkpoint")).slice(-1);
  expect(last).toMatchObject({
    closing: true,
    released: { carried: 0, released: 3000, unsealed: 0, stored: 1900, sent: 1000, destroyed: 0, lost: 100 },
  });
  expect(await eventsOf(kept.folder, "restriction-started")).toMatchObject([
    { camera: "front", reason: "no-fix", time: "2026-03-01T08:00Z" },
    { camera: "front", reason: "inside", time: "2026-03-01T08:02Z" },
  ]);
});

test("a frame that got no verdict before the end is lost", async () => {
  const kept = await keep();
  await drive(kept, "stale-fix", 1);
  kept.ledger.frameIn("front");
  kept.ledger.frameIn("rear");
  await kept.ledger.close();
  const { findings, summary } = await verified(kept.folder);
  expect(findings).toEqual([]);
  expect(summary.frames).toEqual({ in: 12, passed: 0, blurred: 0, dropped: 10, lost: 2 });
});

test("released frames that no segment took in by the end are lost", async () => {
  const kept = await keep();
  await drive(kept, "clear", 1);
  await kept.ledger.close();
  expect((await eventsOf(kept.folder, "checkpoint")).at(-1)).toMatchObject({
    released: { released: 10, lost: 10 },
  });
});

test("a session goes on with the chain, and with what storage held", async () => {
  const first = await keep();
  await drive(first, "clear", 10);
  first.ledger.segment({ kind: "sealed", sha256: segment("a"), region: "de", frames: 100 });
  await first.ledger.close();
  const second = await keep({ folder: first.folder }, first.clock);
  second.ledger.storageOpened({ segments: 1, frames: 100 });
  second.ledger.segment({ kind: "destroyed", sha256: segment("a"), reason: "recheck", frames: 100 });
  await second.ledger.close();
  const { findings, summary } = await verified(second.folder);
  expect(findings).toEqual([]);
  expect(summary).toMatchObject({ sessions: 2, files: 1, segments: { sealed: 1, stored: 0, destroyed: 1 } });
});

test("a segment that vanished between two sessions is told", async () => {
  const first = await keep();
  await drive(first, "clear", 10);
  first.ledger.segment({ kind: "sealed", sha256: segment("a"), region: "de", frames: 100 });
  await first.ledger.close();
  const second = await keep({ folder: first.folder }, first.clock);
  second.ledger.storageOpened({ segments: 0, frames: 0 });
  await second.ledger.close();
  expect((await verified(second.folder)).findings).toMatchObject([
    { kind: "storage-differs", what: "0 segments, the session before left 1" },
  ]);
});

test("zone sets, inputs, revocations and rechecks are told without their texts", async () => {
  const { ledger, clock, folder } = await keep();
  const set = { zones: [{ id: "x" }], hash: "ab".repeat(32), issuedMs: T0_MS, expiresMs: T0_MS + 86_400_000 };
  ledger.zoneSet(set as unknown as ZoneSet);
  ledger.zoneSet({ ...set, issuedMs: T0_MS - 1 } as unknown as ZoneSet);
  ledger.notice({ input: "zones", what: "refused a zone set issued earlier" });
  for (let i = 0; i < 5; i++)
    ledger.notice({ input: "camera front", what: "refused a value: lat 48.137154" });
  ledger.notice({ input: "fixes", what: "failed: at 48.137154" });
  ledger.revoked({ afterMs: T0_MS, untilMs: T0_MS + 1500 });
  ledger.revoked({ afterMs: T0_MS + 60_000, untilMs: T0_MS + 61_500 });
  ledger.rechecked({ zoneSet: set.hash, kept: 3, destroyed: 1 });
  await clock.pass(60_000);
  const members = (await linesOf(folder)).map(({ seq: _seq, prev: _prev, time: _time, ...rest }) => rest);
  expect(members.slice(3, -1)).toEqual([
    { event: "zone-set", hash: set.hash, issued: "2026-03-01T08:00Z", expires: "2026-03-02T08:00Z" },
    { event: "rechecked", zoneSet: set.hash, kept: 3, destroyed: 1 },
    { event: "input", input: "zones", what: "refused", times: 1 },
    { event: "input", input: "camera front", what: "refused", times: 5 },
    { event: "input", input: "fixes", what: "failed", times: 1 },
    { event: "revoked", after: "2026-03-01T08:00Z", until: "2026-03-01T08:01Z", times: 2 },
  ]);
});

test("a set that came by a signed update is told with whom it is from, since when, and how far it is relied on", async () => {
  const { ledger, folder } = await keep();
  const versions = { root: 1, timestamp: 9, snapshot: 8, targets: 3 };
  const from = { repository: "https://zones.example/", target: "cn/zones", role: "cn", versions };
  const signers = ["cd".repeat(32)];
  const origin = { ...from, signers, sha256: "ef".repeat(32), bytes: 512, sinceMs: T0_MS + 61_234 };
  const set = { zones: [{ id: "x" }], hash: "ab".repeat(32), issuedMs: T0_MS, expiresMs: T0_MS + 86_400_000 };
  for (const phase of ["fresh", "widened"])
    ledger.zoneSet({ ...set, source: { origin, phase } } as unknown as ZoneSet);
  ledger.zoneSet({ ...set, expiresMs: 0, source: { origin, phase: "closed" } } as unknown as ZoneSet);
  await ledger.close();
  const told = (await eventsOf(folder, "zone-set")).map((line) => line["from"]);
  const common = { ...from, signers, since: "2026-03-01T08:01Z" };
  expect(told).toEqual(["fresh", "widened", "closed"].map((state) => ({ ...common, state })));
  expect((await verified(folder)).findings).toEqual([]);
});

test("a quiet minute writes nothing", async () => {
  const { clock, folder } = await keep();
  const before = (await linesOf(folder)).length;
  await clock.pass(600_000);
  expect(await linesOf(folder)).toHaveLength(before);
});

describe("files", () => {
  test("a file that is full is followed by one that names it and goes on with the chain", async () => {
    const kept = await keep({ maxFileBytes: 2000 });
    await drive(kept, "clear", 600);
    await kept.ledger.close();
    const files = await filesOf(kept.folder);
    expect(files.length).toBeGreaterThan(2);
    expect((await verified(kept.folder)).findings).toEqual([]);
    expect(await eventsOf(kept.folder, "header")).toMatchObject(
      files.map((_, i) => ({ file: i + 1, after: files[i - 1]?.name ?? null })),
    );
  });

  test("a clock that goes back stands still in the ledger, which says so", async () => {
    const kept = await keep();
    await drive(kept, "clear", 61);
    kept.clock.step(-10 * 60_000);
    await drive(kept, "no-fix", 120);
    await kept.ledger.close();
    expect((await verified(kept.folder)).findings).toEqual([]);
    expect(await eventsOf(kept.folder, "clock-back")).toMatchObject([{ minutes: 9 }]); // noticed a minute later
  });

  test("what comes after the end is not taken", async () => {
    const { ledger, folder } = await keep();
    await ledger.close();
    const before = (await linesOf(folder)).length;
    ledger.outcome(outcome("clear"));
    ledger.rechecked({ zoneSet: "ab".repeat(32), kept: 0, destroyed: 0 });
    await settled();
    expect(await linesOf(folder)).toHaveLength(before);
  });
});

test("counting takes less than a microsecond a frame, even where every frame begins or ends a restriction", async () => {
  const { ledger } = await keep();
  const outcomes = [
    outcome("clear"),
    outcome("inside"),
    outcome("clear", "rear"),
    outcome("in-view", "rear"),
  ];
  const [frames, rounds] = [200_000, 10];
  let fastestUs = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds; round++) {
    const before = process.cpuUsage().user; // of this process alone, whatever else the machine does
    for (let i = 0; i < frames; i++) ledger.outcome(outcomes[i % 4] as (typeof outcomes)[number]);
    fastestUs = Math.min(fastestUs, process.cpuUsage().user - before);
  }
  expect(fastestUs / frames).toBeLessThan(1);
});

test("a segment is told to be sent after it is told to be sealed", async () => {
  const kept = await keep();
  await drive(kept, "clear", 5);
  kept.ledger.segment({ kind: "sealed", sha256: segment("a"), region: "de", frames: 50 });
  kept.ledger.segment({ kind: "sent", sha256: segment("a"), region: "de", frames: 50 });
  await kept.ledger.close();
  const events = (await linesOf(kept.folder)).map((line) => String(line["event"]));
  expect(events.filter((event) => event.startsWith("segment"))).toEqual(["segment-sealed", "segment-sent"]);
});

test("a line has one spelling", () => {
  const text = lineText(
    { event: "started", session: 1 },
    { seq: 1, time: "2026-03-01T08:00Z", prev: NO_LINE },
  );
  expect(readLine(Buffer.from(text)).line).toMatchObject({ event: "started" });
  for (const other of [
    ` ${text}`,
    text.replace('"seq":1', '"seq":1.0'),
    text.replace('"seq"', '"seq":2,"seq"'),
  ]) {
    expect(readLine(Buffer.from(other)), other).toMatchObject({
      line: null,
      flaw: "not JSON as the ledger writes it",
    });
  }
  expect(readLine(Buffer.from(text.replace('"time"', '"latDeg":48.1,"time"'))).line).toBeNull();
});
