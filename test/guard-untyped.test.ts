import { describe, expect, it } from "vitest";
import { createSlowRedactor, createStage } from "./kit/stage.ts";

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
