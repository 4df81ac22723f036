import { beforeAll, describe, expect, test } from "vitest";
import { createChain } from "../../src/audit/chain.ts";
import type { CheckpointEvent, LedgerEvent } from "../../src/audit/ledger-line.ts";
import { NO_LEDGER } from "../../src/audit/ledger-tail.ts";
import type { SigningKey } from "../../src/audit/signing-key.ts";
import { verifyLedger } from "../../src/audit/verify-ledger.ts";
import { KEY, PUBLIC_KEY, segment } from "./kit.ts";

let key: SigningKey;
beforeAll(async () => {
  key = await KEY.load();
});

const SUMS = { in: 10, passed: 6, blurred: 0, dropped: 3, lost: 1 };
const GOOD: CheckpointEvent = {
  event: "checkpoint",
  session: 1,
  closing: false,
  frames: SUMS,
  byReason: [
    { camera: "front", reason: "clear", in: 6, passed: 6, blurred: 0, dropped: 0, lost: 0 },
    { camera: "front", reason: "inside", in: 3, passed: 0, blurred: 0, dropped: 3, lost: 0 },
    { camera: "front", reason: "unjudged", in: 1, passed: 0, blurred: 0, dropped: 0, lost: 1 },
  ],
  released: { carried: 4, released: 6, unsealed: 1, stored: 4, sent: 4, destroyed: 0, lost: 1 },
  segments: { carried: 1, sealed: 1, stored: 1, sent: 1, destroyed: 0, lost: 0 },
  eventsLost: 0,
  writeFailures: 0,
};

/** What is found in a ledger of a writer that signs these sums. */
function findingsOf(...checkpoints: readonly CheckpointEvent[]): string[] {
  const chain = createChain({ key, ledger: "ab".repeat(16), session: 1, tail: NO_LEDGER, maxFileBytes: 1e6 });
  const events: LedgerEvent[] = [
    { event: "started", session: 1 },
    { event: "storage-opened", segments: 1, frames: 4 },
    { event: "segment-sealed", segment: segment("b"), region: "de" },
    { event: "segment-sent", segment: segment("a"), region: "de" },
    ...checkpoints,
  ];
  const lines = events.flatMap((event) => chain(event, "2026-03-01T08:00Z"));
  const bytes = Buffer.concat(lines.map((line) => line.bytes));
  const { findings } = verifyLedger([{ name: "ledger", bytes }], { keys: [PUBLIC_KEY] });
  return findings.filter(({ kind }) => kind !== "open-end").map(({ kind, what }) => `${kind}: ${what}`);
}

const row = (
  index: number,
  change: Partial<CheckpointEvent["byReason"][number]>,
): Partial<CheckpointEvent> => ({
  byReason: GOOD.byReason.map((one, i) => (i === index ? { ...one, ...change } : one)),
});

test("sums that balance are sound", () => {
  expect(findingsOf(GOOD)).toEqual([]);
  expect(findingsOf(GOOD, GOOD)).toEqual([]);
});

describe("a signed checkpoint does not balance when", () => {
  test.each<[string, Partial<CheckpointEvent>, RegExp]>([
    ["a frame has no verdict and is not lost", row(1, { in: 4 }), /front, inside: 4 in, 0 passed/],
    [
      "the sums are not those of the rows",
      { frames: { ...SUMS, in: 11, dropped: 4 } },
      /rows .* add up to 10 in/,
    ],
    ["the sums do not add up", { frames: { ...SUMS, in: 11 } }, /unbalanced: 11 in/],
    ["a restricted frame passed", row(1, { passed: 3, dropped: 0 }), /only what is clear passes/],
    ["a clear frame was dropped", row(0, { passed: 5, dropped: 1 }), /only what is clear passes/],
    ["a frame with a verdict is lost", row(1, { dropped: 2, lost: 1 }), /what is lost is unjudged/],
    [
      "more was released than passed",
      { released: { ...GOOD.released, released: 7, stored: 5 } },
      /7 released, but 6 passed/,
    ],
    [
      "a released frame is nowhere",
      { released: { ...GOOD.released, sent: 3 } },
      /4 carried \+ 6 released, but/,
    ],
    [
      "more was stored than released",
      { released: { ...GOOD.released, unsealed: -1, stored: 6 } },
      /more frames left storage/,
    ],
    ["a session ends with frames in no segment", { closing: true }, /1 frames are in no segment/],
    ["a segment is nowhere", { segments: { ...GOOD.segments, stored: 0 } }, /1 carried \+ 1 sealed segments/],
    [
      "more segments left than came",
      { segments: { ...GOOD.segments, stored: -1, sent: 3 } },
      /more segments left/,
    ],
    [
      "its segments are not those of the lines",
      { segments: { ...GOOD.segments, sent: 0, lost: 1 } },
      /sent: 0, but 1 by the lines/,
    ],
  ])("%s", (_, change, message) => {
    const found = findingsOf({ ...GOOD, ...change });
    expect(found.every((text) => text.startsWith("unbalanced: "))).toBe(true);
    expect(found.join("\n")).toMatch(message);
  });

  test("a count falls from one checkpoint to the next", () => {
    const less = { ...GOOD, frames: { ...SUMS, in: 9, lost: 0 }, byReason: GOOD.byReason.slice(0, 2) };
    expect(findingsOf(GOOD, less)).toEqual([
      "unbalanced: in: 9, less than 10 in the checkpoint before",
      "unbalanced: lost: 0, less than 1 in the checkpoint before",
    ]);
  });

  test("but events that were lost are told, and explain that the lines hold fewer", () => {
    const found = findingsOf({ ...GOOD, eventsLost: 1, segments: { ...GOOD.segments, sent: 0, lost: 1 } });
    expect(found).toEqual(["events-lost: 1 events were not written"]);
  });
});
