import { describe, expect, it } from "vitest";
import { IDR, NON_IDR, PLAIN_REDACTOR } from "./kit/frames.ts";
import type { Frame } from "../src/sources/frame.ts";
import { createSlowRedactor, createStage } from "./kit/stage.ts";
import { squareZone, zoneSet } from "./kit/place.ts";

describe("a redaction that takes time", () => {
  it("holds up its own camera only, and keeps the order", async () => {
    const slow = createSlowRedactor();
    const redactor = {
      ...slow.redactor,
      release: (frame: Frame) =>
        frame.camera === "front" ? slow.redactor.release(frame) : PLAIN_REDACTOR.release(frame),
    };
    const stage = createStage({ cameras: [{}, {}], redactor });
    await stage.trust();
    stage.frame({ seq: 1 });
    stage.frame({ seq: 2, timeMs: Number.NaN });
    stage.frame({ seq: 3 });
    stage.frame({ seq: 1 }, 1);
    expect(stage.outcomes.map(({ record }) => record.camera)).toEqual(["rear"]);
    expect(slow.pending).toHaveLength(1);
    slow.end();
    await stage.pass(0);
    slow.end();
    await stage.pass(0);
    const front = stage.outcomes.filter(({ record }) => record.camera === "front");
    expect(front.map(({ record }) => `${record.seq} ${record.reason}`)).toEqual([
      "1 clear",
      "2 bad-frame",
      "3 clear",
    ]);
  });

  it.each([
    [1999, "clear"],
    [2000, "redaction-failed"],
    [2001, "redaction-failed"],
  ])("that ends after %i ms: %s", async (afterMs, reason) => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    await stage.trust();
    stage.frame();
    await stage.pass(afterMs);
    slow.end();
    await stage.pass(0);
    await stage.pass(5000);
    expect(stage.reasons()).toEqual([reason]);
    expect(stage.outcomes[0]?.released === null).toBe(reason !== "clear");
    expect(slow.discarded).toHaveLength(reason === "clear" ? 0 : 1);
  });

  it("that ends too late leaves the place and the zones in its record", async () => {
    const slow = createSlowRedactor();
    const here = squareZone({ eastM: -50, northM: -50, sideM: 100, action: "blur" });
    const stage = createStage({ redactor: slow.redactor, zones: zoneSet([here]) });
    await stage.trust();
    stage.frame();
    await stage.pass(3000);
    expect(stage.outcomes[0]?.record).toMatchObject({
      reason: "redaction-failed",
      zones: ["base"],
      latDeg: 48,
    });
  });

  it("that never ends drops what waits behind it, and lets what comes later through", async () => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    await stage.trust();
    stage.frame({ seq: 1 });
    stage.frame({ seq: 2 });
    await stage.pass(1000);
    stage.frame({ seq: 3 });
    await stage.pass(1001);
    slow.pending.shift();
    slow.end();
    await stage.pass(0);
    expect(stage.reasons()).toEqual(["redaction-failed", "overload", "clear"]);
  });

  it("when four never ended no more are begun, until one ends after all", async () => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    const drive = async (frames: number) => {
      for (let i = 0; i < frames; i++) {
        await stage.trust();
        stage.frame();
        await stage.pass(3000);
      }
    };
    await drive(6);
    expect(slow.pending).toHaveLength(4);
    expect(stage.reasons()).toEqual(Array.from({ length: 6 }, () => "redaction-failed"));
    slow.end();
    await stage.pass(0);
    await drive(1);
    expect(slow.pending).toHaveLength(4);
    expect(stage.outcomes.every(({ released }) => released === null)).toBe(true);
  });

  it("that fails, or gives something else, releases nothing", async () => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    await stage.trust();
    for (let i = 0; i < 3; i++) stage.frame();
    slow.pending.shift()?.fail();
    await stage.pass(0);
    slow.end({ camera: "rear" });
    await stage.pass(0);
    slow.end({ timeMs: 1 });
    await stage.pass(0);
    expect(stage.reasons()).toEqual(Array.from({ length: 3 }, () => "redaction-failed"));
    expect(stage.outcomes.every(({ released }) => released === null)).toBe(true);
  });

  it("a jump drops what is still being redacted: it was judged by what proved wrong", async () => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    await stage.trust();
    await stage.pass(50);
    stage.frame();
    await stage.pass(50);
    stage.fix({ eastM: 5000 });
    expect(stage.revocations).toEqual([{ afterMs: 300, untilMs: 450 }]);
    slow.end();
    await stage.pass(0);
    expect(stage.reasons()).toEqual(["implausible-fix"]);
    expect(stage.outcomes[0]?.released).toBeNull();
    for (let i = 0; i < 3; i++) {
      await stage.pass(100);
      stage.fix({ eastM: 5000 });
    }
    stage.frame();
    slow.end();
    await stage.pass(0);
    expect(stage.reasons().at(-1)).toBe("clear");
  });

  it("a jump leaves what was judged by the fix that is still trusted", async () => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    await stage.trust();
    stage.frame();
    await stage.pass(100);
    stage.fix({ eastM: 5000 });
    slow.end();
    await stage.pass(0);
    expect(stage.reasons()).toEqual(["clear"]);
  });
});

/** A keyframe and what follows it. */
const coded = (seq: number) => ({
  seq,
  format: "h264" as const,
  keyframe: seq === 0,
  data: seq === 0 ? IDR : NON_IDR,
});

describe("a camera's queue", () => {
  it.each([31, 32, 33, 34])("%i frames while one is being redacted", async (frames) => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    await stage.trust();
    for (let seq = 0; seq < frames; seq++) stage.frame({ seq });
    for (let seq = 0; seq < 32; seq++) {
      slow.end();
      await stage.pass(0);
    }
    expect(stage.outcomes.map(({ record }) => record.seq)).toEqual(
      Array.from({ length: frames }, (_, seq) => seq),
    );
    expect(stage.reasons().filter((reason) => reason === "overload")).toHaveLength(Math.max(0, frames - 32));
    expect(
      stage
        .reasons()
        .slice(0, 32)
        .every((reason) => reason === "clear"),
    ).toBe(true);
  });

  it("after the one too many, coded video waits for a keyframe, though not before", async () => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor, policy: { gate: { maxQueuedFrames: 3 } } });
    await stage.trust();
    for (let seq = 0; seq < 4; seq++) stage.frame(coded(seq));
    for (let i = 0; i < 3; i++) {
      slow.end();
      await stage.pass(0);
    }
    stage.frame(coded(4));
    expect(stage.reasons()).toEqual(["clear", "clear", "clear", "overload", "awaiting-keyframe"]);
  });
});
