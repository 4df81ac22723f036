import { setImmediate } from "node:timers/promises";
import { Subject, VirtualTimeScheduler } from "rxjs";
import type { GuardPolicyInput } from "../../src/config.ts";
import type { Outcome } from "../../src/gate/record.ts";
import { createGuard } from "../../src/guard.ts";
import type { Notice } from "../../src/gate/notices.ts";
import type { Revocation } from "../../src/guard-interface.ts";
import type { Redaction, Redactor } from "../../src/redaction/redactor.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { GnssReport } from "../../src/sources/fix.ts";
import type { Frame, FrameIn } from "../../src/sources/frame.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import { PLAIN_REDACTOR, frameAt } from "./frames.ts";
import { FAR_AWAY, fixAt, zoneSet } from "./place.ts";

export interface StageOptions {
  readonly cameras?: readonly Partial<Camera>[];
  readonly policy?: GuardPolicyInput;
  readonly redactor?: Redactor;
  readonly zones?: ZoneSet | null;
}

/** A guard with its inputs in the test's hands, and a clock that moves only when told. */
export function createStage({ cameras = [{}], policy = {}, redactor, zones }: StageOptions = {}) {
  const clock = new VirtualTimeScheduler();
  const inputs = {
    fixes: new Subject<GnssReport>(),
    zones: new Subject<ZoneSet>(),
    cameras: cameras.map(() => new Subject<FrameIn>()),
  };
  const outcomes: Outcome[] = [];
  const revocations: Revocation[] = [];
  const notices: Notice[] = [];
  const guard = createGuard(
    {
      fixes: inputs.fixes,
      zones: inputs.zones,
      cameras: cameras.map((camera, i) => ({
        id: CAMERA_IDS[i] ?? "",
        yawDeg: 0,
        hfovDeg: 100,
        rangeM: 1000,
        kind: "exterior",
        ...camera,
        frames: inputs.cameras[i] ?? new Subject<FrameIn>(),
      })),
      policy,
      redactor: redactor ?? PLAIN_REDACTOR,
    },
    clock,
  );
  guard.outcomes.subscribe((outcome) => outcomes.push(outcome));
  guard.revocations.subscribe((revocation) => revocations.push(revocation));
  guard.notices.subscribe((notice) => notices.push(notice));
  const gate = guard.open();
  if (zones !== null) inputs.zones.next(zones ?? zoneSet([FAR_AWAY]));

  const stage = {
    guard,
    gate,
    inputs,
    outcomes,
    revocations,
    notices,
    nowMs: () => clock.now(),
    /** Lets time pass, and what is due in it happen. */
    passNow(ms: number): void {
      const untilMs = clock.frame + ms;
      clock.maxFrames = untilMs;
      clock.flush();
      clock.frame = untilMs;
    },
    /** The same, and then whatever promises bring. */
    async pass(ms: number): Promise<void> {
      stage.passNow(ms);
      await setImmediate();
    },
    /** Sets the clock, as someone does who corrects it. */
    setClock(toMs: number): void {
      clock.frame = toMs;
    },
    fix(changes: Parameters<typeof fixAt>[1] = {}): void {
      inputs.fixes.next(fixAt(clock.now(), changes));
    },
    frame(changes: Partial<Frame> = {}, camera = 0): void {
      inputs.cameras[camera]?.next(frameAt(clock.now(), { camera: CAMERA_IDS[camera] ?? "", ...changes }));
    },
    /** Three fixes that agree, 100 ms apart. */
    async trust(): Promise<void> {
      for (let i = 0; i < 3; i++) {
        await stage.pass(100);
        stage.fix();
      }
    },
    reasons: () => outcomes.map(({ record }) => record.reason),
  };
  return stage;
}

export const CAMERA_IDS = ["front", "rear", "left"];

/** A redactor whose work ends when the test says so. */
export function createSlowRedactor() {
  const pending: {
    readonly frame: Frame;
    readonly end: (redaction: Redaction) => void;
    readonly fail: () => void;
  }[] = [];
  const discarded: Frame[] = [];
  const later = (frame: Frame) =>
    new Promise<Redaction>((resolve, reject) => {
      pending.push({ frame, end: resolve, fail: () => reject(new Error("the decoder died")) });
    });
  const redactor: Redactor = { release: later, blur: later, discard: (frame) => discarded.push(frame) };
  return {
    redactor,
    pending,
    discarded,
    /** Ends the oldest work that is under way, with what was asked for or with `changes` of it. */
    end(changes: Partial<Frame> = {}): void {
      const work = pending.shift();
      work?.end({ ok: true, frame: { ...work.frame, ...changes }, informationBits: null });
    },
  };
}
