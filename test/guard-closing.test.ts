import { describe, expect, it } from "vitest";
import { createSlowRedactor, createStage } from "./kit/stage.ts";
import { squareZone, zoneSet } from "./kit/place.ts";

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
