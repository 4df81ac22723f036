import type { SchedulerLike } from "rxjs";
import { messageOf } from "../core/errors.ts";
import type { Camera } from "../sources/camera.ts";
import type { Frame, FrameIn } from "../sources/frame.ts";
import { isBroken } from "../sources/frame.ts";
import { flawOf } from "../sources/sound-frame.ts";
import type { Judged } from "./gatekeeper.ts";
import { createKeyframeRule } from "./keyframes.ts";
import { createLane } from "./lane.ts";
import type { Lane } from "./lane.ts";
import type { GatePolicy } from "./policy.ts";
import type { Outcome, VerdictRecord } from "./record.ts";
import { dropRecord, recordOf } from "./record.ts";

export interface CameraGateOptions {
  readonly camera: Camera;
  readonly policy: GatePolicy;
  /** By how much clocks may differ, milliseconds: a frame from farther in the future has a wrong one. */
  readonly clockErrorMs: number;
  /** The verdict for a frame of this camera taken at `timeMs`. */
  readonly judge: (timeMs: number) => Judged;
  /** Time of the newest trusted fix: frames that are held wait for one after them. */
  readonly newestFixMs: () => number;
  /** Makes what is released of a judged frame. Must neither throw nor reject. */
  readonly apply: (record: VerdictRecord, frame: FrameIn) => Outcome | Promise<Outcome>;
  /** Called once for every frame. */
  readonly emit: (outcome: Outcome) => void;
}

/** What a stream gave that gave no frame. */
const NOTHING: FrameIn = { camera: "", timeMs: Number.NaN, seq: -1, broken: "got no frame" };

/** One camera's way through the gate: every frame that comes in gets exactly one outcome. */
export function createCameraGate(options: CameraGateOptions, scheduler: SchedulerLike): Lane<FrameIn> {
  const { camera, policy, emit } = options;
  const keyframes = createKeyframeRule();

  function recordFor(frame: Frame): VerdictRecord {
    try {
      const judged = options.judge(frame.timeMs);
      return recordOf(frame, { ...judged, verdict: keyframes.apply(judged.verdict, frame) });
    } catch (thrown) {
      // Rule 2: a fault of ours drops the frame, too.
      return dropRecord(frame, "bad-frame", messageOf(thrown));
    }
  }

  function finish(outcome: Outcome): void {
    if (outcome.released === null) keyframes.lost();
    emit(outcome);
  }

  function dropped(frame: FrameIn, record: VerdictRecord): void {
    const outcome = options.apply(record, frame);
    finish(outcome instanceof Promise ? { record, released: null } : outcome);
  }

  const lane = createLane<Frame>(
    {
      capacity: policy.maxQueuedFrames,
      holdMs: policy.holdMs,
      isReady: (frame) => options.newestFixMs() >= frame.timeMs,
      work(frame) {
        const outcome = options.apply(recordFor(frame), frame);
        return outcome instanceof Promise ? outcome.then(finish) : finish(outcome);
      },
      overflow: (frame) => dropped(frame, dropRecord(frame, "overload")),
    },
    scheduler,
  );

  /** A frame with a broken description is recorded under the time of its arrival. */
  function identify({ timeMs, seq }: FrameIn) {
    return {
      camera: camera.id,
      timeMs: Number.isFinite(timeMs) ? timeMs : scheduler.now(),
      seq: Number.isSafeInteger(seq) ? seq : -1,
    };
  }

  return {
    ...lane,
    push(given) {
      const frame = given ?? NOTHING;
      const flaw = flawOf(frame, camera.id);
      if (flaw !== null || isBroken(frame)) {
        return dropped(frame, dropRecord(identify(frame), "bad-frame", flaw ?? "no image"));
      }
      const ageMs = scheduler.now() - frame.timeMs;
      if (ageMs > policy.maxFrameAgeMs || ageMs < -options.clockErrorMs) {
        return dropped(frame, dropRecord(frame, "late-frame"));
      }
      lane.push(frame);
    },
  };
}
