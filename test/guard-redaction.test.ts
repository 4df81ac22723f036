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

describe("closing the gate", () => {
  it("drops what is under way and what waits, and releases nothing after", async () => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    let completed = false;
    stage.guard.outcomes.subscribe({ complete: () => (completed = true) });
    await stage.trust();
    for (let seq = 0; seq < 3; seq++) stage.frame({ seq });
    stage.gate.unsubscribe();
    slow.end();
    await stage.pass(5000);
    expect(stage.outcomes.map(({ record }) => `${record.seq} ${record.action} ${record.reason}`)).toEqual([
      "0 drop late-frame",
      "1 drop late-frame",
      "2 drop late-frame",
    ]);
    expect(stage.outcomes.every(({ released }) => released === null)).toBe(true);
    expect(completed).toBe(true);
  });

  it("by a subscriber, in the middle of an outcome", async () => {
    const stage = createStage({ policy: { gate: { holdMs: 1000 } } });
    stage.guard.outcomes.subscribe(() => stage.gate.unsubscribe());
    await stage.trust();
    await stage.pass(10);
    for (let seq = 0; seq < 3; seq++) stage.frame({ seq });
    await stage.pass(10);
    stage.fix();
    await stage.pass(5000);
    expect(stage.reasons()).toEqual(["clear", "late-frame", "late-frame"]);
  });

  it("is for good: a guard opens once", () => {
    const stage = createStage();
    expect(() => stage.guard.open()).toThrow("a guard opens once");
  });
});

describe("subscribers", () => {
  it("may push into an input from within an outcome", async () => {
    const stage = createStage();
    let pushed = 0;
    stage.guard.outcomes.subscribe(() => {
      if (pushed++ < 50) stage.frame({ seq: pushed });
    });
    await stage.trust();
    stage.frame({ seq: 0 });
    expect(stage.outcomes.map(({ record }) => record.seq)).toEqual(
      Array.from({ length: 51 }, (_, seq) => seq),
    );
    expect(new Set(stage.reasons())).toEqual(new Set(["clear"]));
  });

  it("may push a fix that jumps from within an outcome", async () => {
    const stage = createStage();
    await stage.trust();
    stage.guard.outcomes.subscribe(() => stage.fix({ eastM: 5000 }));
    await stage.pass(10);
    stage.frame({ seq: 0 });
    stage.frame({ seq: 1 });
    expect(stage.reasons()).toEqual(["clear", "implausible-fix"]);
  });
});

describe("a clock that goes back", () => {
  it.each([
    [50, "clear"],
    [51, "implausible-fix"],
    [1000, "implausible-fix"],
    [3_600_000, "implausible-fix"],
  ])("by %i ms: %s", async (backMs, reason) => {
    const stage = createStage();
    stage.setClock(10_000_000);
    await stage.trust();
    await stage.trust();
    stage.setClock(stage.nowMs() - backMs);
    stage.frame();
    expect(stage.reasons()).toEqual([reason]);
    expect(stage.notices.map(({ input }) => input)).toEqual(reason === "clear" ? [] : ["clock"]);
  });

  it("and times that were known come again with the vehicle elsewhere: they drop until fixes agree", async () => {
    const stage = createStage({ zones: zoneSet([squareZone({ eastM: 200, northM: -500, sideM: 1000 })]) });
    stage.setClock(10_000_000);
    const drive = async (fromM: number, fixes: number) => {
      for (let i = 0; i < fixes; i++) {
        await stage.pass(100);
        stage.fix({ eastM: fromM + 3 * i, speedMps: 30, courseDeg: 90 });
        stage.frame();
      }
    };
    await drive(0, 40);
    stage.setClock(stage.nowMs() - 3000);
    const before = stage.outcomes.length;
    await drive(120, 4);
    expect(stage.reasons().slice(before)).toEqual(["implausible-fix", "implausible-fix", "clear", "clear"]);
  });

  it("does not hold a frame for as long as it went back", async () => {
    const stage = createStage({ policy: { gate: { holdMs: 200 } } });
    stage.setClock(10_000_000);
    await stage.trust();
    await stage.pass(10);
    stage.frame();
    stage.setClock(stage.nowMs() - 3_600_000);
    stage.fix();
    await stage.pass(300);
    expect(stage.reasons()).toEqual(["implausible-fix"]);
  });
});

describe("what untyped callers do", () => {
  it("null for a zone set is refused", async () => {
    const stage = createStage();
    await stage.trust();
    stage.inputs.zones.next(null as never);
    stage.frame();
    expect(stage.reasons()).toEqual(["clear"]);
    expect(stage.notices.map(({ input }) => input)).toEqual(["zones"]);
  });

  it.each([
    ["of another camera", { camera: "rear" }],
    ["without bytes", { data: "text" as never }],
    ["without a size", { width: 0 }],
    ["of no time", { timeMs: Number.NaN }],
    ["of an unknown format", { format: "bmp" as never }],
    ["without a number", { seq: -1 }],
    ["of no known kind", { keyframe: 1 as never }],
  ])("a frame %s is a bad frame", async (_, changes) => {
    const stage = createStage();
    await stage.trust();
    stage.frame(changes);
    expect(stage.reasons()).toEqual(["bad-frame"]);
    expect(stage.outcomes[0]?.record.camera).toBe("front");
  });

  it.each([null, undefined, 7, "frame", {}, { camera: "front" }, []])(
    "%j for a frame is a bad frame",
    async (frame) => {
      const stage = createStage();
      await stage.trust();
      stage.inputs.cameras[0]?.next(frame as never);
      expect(stage.reasons()).toEqual(["bad-frame"]);
      expect(stage.notices).toEqual([]);
    },
  );

  it.each([null, undefined, 7, "fix", {}, { timeMs: "300", quality: "none" }])(
    "%j for a fix closes the gate",
    async (fix) => {
      const stage = createStage();
      await stage.trust();
      stage.inputs.fixes.next(fix as never);
      stage.frame();
      await stage.pass(1);
      stage.frame();
      expect(stage.reasons().at(-1)).toBe("no-fix");
    },
  );

  it("a frame object that is used again keeps its verdict", async () => {
    const stage = createStage();
    const fix = {
      timeMs: 0,
      latDeg: 48,
      lonDeg: 11,
      accuracyM: 4,
      speedMps: 0,
      courseDeg: null,
      quality: "autonomous" as const,
    };
    for (let i = 0; i < 30; i++) {
      await stage.pass(100);
      stage.inputs.fixes.next(Object.assign(fix, { timeMs: stage.nowMs() }));
    }
    await stage.pass(50);
    fix.timeMs = stage.nowMs() + 1000;
    fix.latDeg = 50;
    stage.frame();
    expect(stage.outcomes[0]?.record.latDeg).toBe(48);
  });

  it.each([
    ["yaw", { yawDeg: Number.NaN }],
    ["field of view", { hfovDeg: 0 }],
    ["range", { rangeM: -1 }],
  ])("a camera without a %s is refused", (_, camera) => {
    expect(() => createStage({ cameras: [camera] })).toThrow(/hfovDeg|rangeM|yawDeg/);
  });

  it("two cameras of one id are refused", () => {
    expect(() => createStage({ cameras: [{ id: "front" }, { id: "front" }] })).toThrow(
      "expected each id once",
    );
  });
});

describe("an end of everything", () => {
  it("completes the outcomes once every frame has its own", async () => {
    const slow = createSlowRedactor();
    const stage = createStage({ redactor: slow.redactor });
    let completed = false;
    stage.guard.outcomes.subscribe({ complete: () => (completed = true) });
    await stage.trust();
    stage.frame();
    stage.inputs.cameras[0]?.complete();
    expect(completed).toBe(false);
    slow.end();
    await stage.pass(0);
    expect(completed).toBe(true);
    expect(stage.reasons()).toEqual(["clear"]);
  });

  it("frames of one time in two cameras are judged alike", async () => {
    const stage = createStage({ cameras: [{}, {}] });
    await stage.trust();
    stage.frame({}, 0);
    stage.frame({}, 1);
    expect(stage.outcomes.map(({ record }) => record.latDeg)).toEqual([48, 48]);
  });
});
