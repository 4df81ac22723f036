import type { SchedulerLike } from "rxjs";
import { messageOf } from "../core/errors.ts";
import type { Camera } from "../sources/camera.ts";
import type { Frame, FrameIn } from "../sources/frame.ts";
import { isBroken } from "../sources/frame.ts";
import { flawOf } from "../sources/sound-frame.ts";
import type { Judged } from "./gatekeeper.ts";
import { createKeyframeRule } from "./keyframes.ts";
import type { CodedVideo } from "./keyframes.ts";
import { createLane } from "./lane.ts";
import type { GivenUp } from "./lane.ts";
import type { GatePolicy } from "./policy.ts";
import type { Outcome, VerdictRecord } from "./record.ts";
import { asDrop, dropRecord, recordOf } from "./record.ts";
import type { DropReason } from "./verdict.ts";

export interface CameraGateOptions {
  readonly camera: Camera;
  readonly policy: GatePolicy;
  /** By how much clocks may differ, milliseconds: a frame from farther in the future has a wrong one. */
  readonly clockErrorMs: number;
  /** The verdict for a frame of this camera taken at `timeMs`. */
  readonly judge: (timeMs: number) => Judged;
  /** Time of the newest trusted fix: frames that are held wait for one after them. */
  readonly newestFixMs: () => number;
  readonly codedVideo: CodedVideo;
  /** Makes what is released of a judged frame. Must neither throw nor reject. */
  readonly apply: (record: VerdictRecord, frame: Frame) => Outcome | Promise<Outcome>;
  /** Told of a frame whose record is a drop already. Must not throw. */
  readonly discard: (frame: FrameIn) => void;
  /** Called once for every frame, in the order in which they came. */
  readonly emit: (outcome: Outcome) => void;
}

/** One camera's way through the gate: every frame that comes in gets exactly one outcome. */
export interface CameraGate {
  push(frame: FrameIn): void;
  /** To be called when a fix came in. */
  pump(): void;
  /** What was judged for times after `afterMs` was judged by fixes that proved wrong. */
  revoke(afterMs: number): void;
  /** Drops all that has no outcome yet, and whatever comes later. */
  close(): void;
}

/** What a stream gave that gave no frame. */
const NOTHING: FrameIn = { camera: "", timeMs: Number.NaN, seq: -1, broken: "got no frame" };

const GIVEN_UP: Readonly<Record<GivenUp, readonly [DropReason, string]>> = {
  full: ["overload", "too many frames wait"],
  "too-late": ["overload", "waited too long behind other frames"],
  unfinished: ["redaction-failed", "took longer than maxRedactionMs"],
  stuck: ["redaction-failed", "earlier redactions never ended"],
  closed: ["late-frame", "the gate closed before it was through"],
};

export function createCameraGate(options: CameraGateOptions, scheduler: SchedulerLike): CameraGate {
  const { camera, policy, emit } = options;
  const keyframes = createKeyframeRule(options.codedVideo);
  /** The frame that is being worked on as it was judged. */
  let current: VerdictRecord | null = null;
  let revoked = false;

  function judged(frame: Frame): VerdictRecord {
    try {
      const found = options.judge(frame.timeMs);
      return recordOf(frame, { ...found, verdict: keyframes.apply(found.verdict, frame) });
    } catch (thrown) {
      // Rule 2: a fault of ours drops the frame, too.
      return dropRecord(frame, "bad-frame", messageOf(thrown));
    }
  }

  function dropped(frame: FrameIn, record: VerdictRecord): Outcome {
    options.discard(frame);
    return { record, released: null };
  }

  const lane = createLane<Frame, Outcome>(
    {
      capacity: policy.maxQueuedFrames,
      holdMs: policy.holdMs,
      maxWorkMs: policy.maxRedactionMs,
      isReady: (frame) => options.newestFixMs() >= frame.timeMs,
      work(frame) {
        current = judged(frame);
        return options.apply(current, frame);
      },
      giveUp(frame, why) {
        const [reason, detail] = GIVEN_UP[why];
        const record = why === "unfinished" && current !== null ? current : dropRecord(frame, reason);
        return dropped(frame, asDrop(record, reason, detail));
      },
      done(result) {
        const outcome = revoked ? withdrawn(result) : result;
        current = null;
        revoked = false;
        // A frame that only waited for a keyframe changes nothing about what it waited for.
        if (outcome.released === null && outcome.record.reason !== "awaiting-keyframe") keyframes.lost();
        emit(outcome);
      },
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
    push(given) {
      const frame = typeof given === "object" && given !== null ? given : NOTHING;
      const flaw = flawOf(frame, camera.id);
      if (flaw !== null || isBroken(frame)) {
        return lane.follow(dropped(frame, dropRecord(identify(frame), "bad-frame", flaw ?? "no image")));
      }
      const ageMs = scheduler.now() - frame.timeMs;
      // Written so that a clock of NaN is too late.
      if (!(ageMs <= policy.maxFrameAgeMs && ageMs >= -options.clockErrorMs)) {
        return lane.follow(dropped(frame, dropRecord(frame, "late-frame")));
      }
      lane.push(frame);
    },
    pump: () => lane.pump(),
    revoke(afterMs) {
      if (current !== null && current.timeMs > afterMs) revoked = true;
    },
    close: () => lane.close(),
  };
}

/** What was still being redacted when its verdict proved wrong. */
function withdrawn({ record, released }: Outcome): Outcome {
  if (released === null) return { record, released };
  return { record: asDrop(record, "implausible-fix", "judged by fixes that proved wrong"), released: null };
}
