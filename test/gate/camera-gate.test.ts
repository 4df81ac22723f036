import { VirtualTimeScheduler } from "rxjs";
import { expect, it } from "vitest";
import { createCameraGate } from "../../src/gate/camera-gate.ts";
import type { Judged } from "../../src/gate/gatekeeper.ts";
import { GatePolicy } from "../../src/gate/policy.ts";
import type { Outcome } from "../../src/gate/record.ts";
import { CLEAR, drop } from "../../src/gate/verdict.ts";
import { isKeyframe, isSkippedLeading } from "../../src/redaction/coded/keyframe.ts";
import { Camera } from "../../src/sources/camera.ts";
import type { Frame } from "../../src/sources/frame.ts";
import { frameAt } from "../kit/frames.ts";

const NOWHERE = { reach: { known: false, reason: "no-fix" }, clearanceM: null, region: null } as const;

function create(judge: (timeMs: number) => Judged) {
  const clock = new VirtualTimeScheduler();
  const outcomes: Outcome[] = [];
  const gate = createCameraGate(
    {
      camera: Camera.parse({ id: "front", yawDeg: 0, hfovDeg: 100 }),
      policy: GatePolicy.parse({}),
      clockErrorMs: 50,
      judge,
      newestFixMs: () => -Infinity,
      codedVideo: { isKeyframe, isSkippedLeading },
      apply: (record, frame) => ({
        record,
        released: record.action === "drop" ? null : { frame, informationBits: null },
      }),
      discard: () => {},
      emit: (outcome) => outcomes.push(outcome),
    },
    clock,
  );
  return { gate, clock, reasons: () => outcomes.map(({ record }) => record.reason) };
}

it("a judge that is at fault drops the frame", () => {
  const { gate, reasons } = create(() => {
    throw new Error("broken");
  });
  gate.push(frameAt(0));
  expect(reasons()).toEqual(["bad-frame"]);
});

it("a clock that shows no time makes every frame late", () => {
  const { gate, clock, reasons } = create(() => ({ verdict: CLEAR, ...NOWHERE }));
  gate.push(frameAt(0));
  clock.frame = Number.NaN;
  gate.push(frameAt(0));
  expect(reasons()).toEqual(["clear", "late-frame"]);
});

it("skipped leading pictures of H.265 do not make the stream wait again", () => {
  const slice = (type: number): Frame =>
    frameAt(0, { format: "h265", keyframe: type >= 16, data: Uint8Array.of(0, 0, 0, 1, type << 1, 1, 0x80) });
  let verdict: Judged["verdict"] = drop("no-fix");
  const { gate, reasons } = create(() => ({ verdict, ...NOWHERE }));
  gate.push(slice(1));
  verdict = CLEAR;
  for (const type of [1, 21, 8, 1, 8, 1]) gate.push(slice(type));
  expect(reasons()).toEqual([
    "no-fix",
    "awaiting-keyframe",
    "clear",
    "awaiting-keyframe",
    "clear",
    "awaiting-keyframe",
    "clear",
  ]);
});
