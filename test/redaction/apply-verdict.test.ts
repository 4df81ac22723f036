import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Outcome, VerdictRecord } from "../../src/gate/record.ts";
import { dropRecord } from "../../src/gate/record.ts";
import { applyVerdict, discardFrame } from "../../src/redaction/apply-verdict.ts";
import type { Redaction, Redactor } from "../../src/redaction/redactor.ts";
import { createRedactor } from "../../src/redaction/redactor.ts";
import type { Frame } from "../../src/sources/frame.ts";
import { PLAIN_REDACTOR, blurOf, frameAt } from "../kit/frames.ts";

const FRAME = frameAt(100, { seq: 7 });
const record = (action: VerdictRecord["action"]): VerdictRecord => ({
  ...dropRecord(FRAME, "no-fix"),
  action,
  reason: action === "pass" ? "clear" : "inside",
  clearanceM: 12,
});
const passed = (changes: Partial<Frame> = {}): Redaction => ({
  ok: true,
  frame: { ...FRAME, ...changes },
  informationBits: null,
});
const redactor = (release: Redactor["release"]): Redactor => ({ release, blur: release, discard: () => {} });
const DROPPED = { released: null, record: { action: "drop", reason: "redaction-failed", clearanceM: null } };

describe("what goes on", () => {
  it("from a pass is the same pixels, from a blur the copy, from a drop nothing", () => {
    expect(applyVerdict(PLAIN_REDACTOR, record("pass"), FRAME)).toMatchObject({ released: { frame: FRAME } });
    const blurred = applyVerdict(PLAIN_REDACTOR, record("blur"), FRAME) as Outcome;
    expect(blurred.released?.frame.data).toEqual(new Uint8Array(4));
    expect(applyVerdict(PLAIN_REDACTOR, record("drop"), FRAME)).toEqual({
      record: record("drop"),
      released: null,
    });
  });

  it("from a real redactor, too, for every action", () => {
    const real = createRedactor();
    expect(applyVerdict(real, record("pass"), FRAME)).toMatchObject({ record: { action: "pass" } });
    expect(applyVerdict(real, record("blur"), FRAME)).toMatchObject({ record: { action: "blur" } });
    expect(applyVerdict(real, record("pass"), { ...FRAME, width: 3 })).toMatchObject({
      released: null,
      record: { action: "drop", reason: "bad-frame" },
    });
  });
});

describe("a redactor that is at fault releases nothing", () => {
  const thrown = (): never => {
    throw new Error("broken");
  };
  it.each([
    ["throws", thrown],
    ["rejects", () => Promise.reject(new Error("broken"))],
    ["gives nothing", () => undefined as unknown as Redaction],
    ["gives nothing later", () => Promise.resolve(null as unknown as Redaction)],
    ["gives neither yes nor no", () => ({}) as unknown as Redaction],
    ["gives a frame of another camera", () => passed({ camera: "rear" })],
    ["gives a frame of another time", () => passed({ timeMs: 101 })],
    ["gives another frame", () => passed({ seq: 8 })],
    ["gives another width", () => passed({ width: 3 })],
    ["gives another height", () => passed({ height: 3 })],
    ["gives another format", () => passed({ format: "jpeg" })],
    ["gives no frame", () => ({ ok: true, informationBits: null }) as unknown as Redaction],
    ["gives a blurred frame", () => blurOf(FRAME)],
    ["gives the wrong frame later", () => Promise.resolve(passed({ seq: 8 }))],
  ])("that %s", async (_, release) => {
    expect(await applyVerdict(redactor(release), record("pass"), FRAME)).toMatchObject(DROPPED);
  });

  it("that lets the original through for a blur", async () => {
    expect(
      applyVerdict(
        redactor(() => passed()),
        record("blur"),
        FRAME,
      ),
    ).toMatchObject(DROPPED);
    const later = redactor(() => Promise.resolve(passed()));
    expect(await applyVerdict(later, record("blur"), FRAME)).toMatchObject(DROPPED);
  });

  it("though a promise of another realm will do", async () => {
    const elsewhere = runInNewContext("(redaction) => Promise.resolve(redaction)") as typeof Promise.resolve;
    expect(
      await applyVerdict(
        redactor(() => elsewhere(passed())),
        record("pass"),
        FRAME,
      ),
    ).toMatchObject({
      record: { action: "pass" },
    });
  });
});

describe("discarding", () => {
  it("wipes the original where it is ours, and never throws", () => {
    const ours = frameAt(0, { data: Uint8Array.of(1, 2) });
    discardFrame(createRedactor({ originals: "policy" }), ours);
    expect(ours.data).toEqual(Uint8Array.of(0, 0));
    const dropped = frameAt(0, { data: Uint8Array.of(1, 2) });
    const drop = record("drop");
    expect(applyVerdict(createRedactor({ originals: "policy" }), drop, dropped)).toEqual({
      record: drop,
      released: null,
    });
    expect(dropped.data).toEqual(Uint8Array.of(0, 0));
    const broken: Redactor = {
      ...PLAIN_REDACTOR,
      discard: () => {
        throw new Error("broken");
      },
    };
    discardFrame(broken, ours);
    discardFrame(broken, { camera: "front", timeMs: 0, seq: 0, broken: "torn" });
    discardFrame(PLAIN_REDACTOR, { ...ours, data: "text" as unknown as Frame["data"] });
    expect(applyVerdict(broken, record("drop"), ours)).toEqual({ record: record("drop"), released: null });
  });
});
