import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { REASONS } from "../../src/gate/verdict.ts";
import type { Kept } from "./kit.ts";
import { drive, filesOf, keep, linesOf, outcome } from "./kit.ts";

const textOf = async (kept: Kept): Promise<string> =>
  (await filesOf(kept.folder)).map(({ bytes }) => Buffer.from(bytes).toString()).join("");

/** Sums at each checkpoint: what a reader can tell apart in time. */
async function checkpoints(kept: Kept): Promise<{ in: number; dropped: number }[]> {
  const lines = (await linesOf(kept.folder)).filter((line) => line["event"] === "checkpoint");
  return lines.map((line) => line["frames"] as { in: number; dropped: number });
}

test("whatever is driven, no line holds a coordinate, a zone, or a time finer than a minute", async () => {
  const stretches = fc.array(fc.tuple(fc.constantFrom(...REASONS), fc.integer({ min: 1, max: 90 })), {
    maxLength: 12,
  });
  await fc.assert(
    fc.asyncProperty(stretches, fc.integer({ min: 0, max: 59_999 }), async (drives, offsetMs) => {
      const kept = await keep();
      await kept.clock.pass(offsetMs);
      for (const [reason, seconds] of drives) await drive(kept, reason, seconds);
      kept.ledger.revoked({ afterMs: kept.clock.now() - 1234, untilMs: kept.clock.now() });
      kept.ledger.notice({ input: "fixes", what: "failed: near 48.137154, 11.576124 in secret-base" });
      await kept.ledger.close();
      const text = await textOf(kept);
      expect(text).not.toMatch(/secret|48\.1|11\.5|7\.25/);
      expect(text).not.toMatch(/\d\.\d/); // no fraction at all
      expect(text).not.toMatch(/\d\d:\d\d:\d\d/);
      const outsideOfHashes = text.replaceAll(/[0-9a-f]{16,}/g, "");
      expect(outsideOfHashes).not.toMatch(/\d{9}/); // no milliseconds or seconds of an epoch
      for (const [, time] of text.matchAll(/"(?:time|after|until)":"([^"]*)"/g))
        expect(time).toMatch(/T\d\d:\d\dZ$/);
    }),
    { numRuns: process.env["SLOW"] === "1" ? 500 : 40 },
  );
});

test("counts are told at whole minutes only", async () => {
  const kept = await keep(); // at 08:00:20
  await drive(kept, "clear", 39);
  expect(await checkpoints(kept)).toMatchObject([{ in: 0 }]);
  await drive(kept, "clear", 2);
  expect(await checkpoints(kept)).toMatchObject([{ in: 0 }, { in: 400 }]);
});

describe("the counts do not tell when within a minute a fence was crossed", () => {
  // From 08:00:20: the minute with the crossing, the next one inside the base, the one with the way out, a quiet one.
  async function crossing(secondsBefore: number, secondsInside: number): Promise<Kept> {
    const kept = await keep();
    await drive(kept, "clear", 40 + secondsBefore);
    await drive(kept, "inside", secondsInside);
    await drive(kept, "clear", 240 - secondsBefore - secondsInside);
    return kept;
  }

  test("the minute of the crossing is told as one with the way out and a quiet minute", async () => {
    expect(await checkpoints(await crossing(15, 100))).toMatchObject([
      { in: 0, dropped: 0 },
      { in: 400, dropped: 0 },
      { in: 400, dropped: 0 }, // that a camera was restricted is told, its frames are not
      { in: 400, dropped: 0 },
      { in: 400 + 3 * 600, dropped: 1000 },
      { in: 400 + 4 * 600, dropped: 1000 },
    ]);
  });

  test("two drives that cross at different seconds of the same minute leave the same ledger", async () => {
    const members = async (kept: Kept) =>
      (await linesOf(kept.folder)).map(({ prev: _p, sig: _s, ledger: _l, ...rest }) => rest);
    expect(await members(await crossing(15, 30))).toEqual(await members(await crossing(25, 30)));
    expect(await members(await crossing(2, 110))).toEqual(await members(await crossing(8, 110)));
  });

  test("a stay within a base is told minute by minute, but for its first and its last", async () => {
    const kept = await keep();
    await drive(kept, "clear", 40 + 30);
    await drive(kept, "inside", 30 + 600);
    expect((await checkpoints(kept)).at(-1)).toMatchObject({ in: 400 + 6000, dropped: 6000 });
  });

  test("the order of lines within a minute tells nothing", async () => {
    const events = async (cameras: readonly string[]) => {
      const kept = await keep();
      for (const camera of cameras) kept.ledger.outcome(outcome("inside", camera));
      await kept.clock.pass(60_000);
      return (await linesOf(kept.folder))
        .filter((line) => line["event"] === "restriction-started")
        .map(({ camera }) => camera);
    };
    expect(await events(["rear", "front"])).toEqual(await events(["front", "rear"]));
  });

  test("a camera that flickers at a fence is one line a minute", async () => {
    const kept = await keep();
    for (let i = 0; i < 10; i++) {
      await drive(kept, "in-view", 1);
      await drive(kept, "clear", 1);
    }
    await kept.clock.pass(60_000);
    const lines = (await linesOf(kept.folder)).filter((line) =>
      String(line["event"]).startsWith("restriction"),
    );
    expect(lines).toMatchObject([
      { event: "restriction-ended", times: 10 },
      { event: "restriction-started", times: 10 },
    ]);
  });
});
