import type { SchedulerLike } from "rxjs";
import { messageOf } from "../core/errors.ts";
import type { Camera } from "../sources/camera.ts";
import type { Frame, FrameIn } from "../sources/frame.ts";
import { isBroken } from "../sources/frame.ts";
import { flawOf } from "../sources/sound-frame.ts";
import type { Judged } from "./gatekeeper.ts";
import { createKeyframeRule } from "./keyframes.ts";
import type { CodedVideo, KeyframeRule } from "./keyframes.ts";
import { createLane } from "./lane.ts";
import type { GivenUp, Lane } from "./lane.ts";
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
  return new OneCameraGate(options, scheduler);
}

class OneCameraGate implements CameraGate {
  readonly #options: CameraGateOptions;
  readonly #scheduler: SchedulerLike;
  readonly #keyframes: KeyframeRule;
  readonly #lane: Lane<Frame, Outcome>;
  /** The frame that is being worked on as it was judged. */
  #current: VerdictRecord | null = null;
  #revoked = false;

  constructor(options: CameraGateOptions, scheduler: SchedulerLike) {
    const { policy, newestFixMs, codedVideo } = options;
    this.#options = options;
    this.#scheduler = scheduler;
    this.#keyframes = createKeyframeRule(codedVideo);
    this.#lane = createLane(
      {
        capacity: policy.maxQueuedFrames,
        holdMs: policy.holdMs,
        maxWorkMs: policy.maxRedactionMs,
        isReady: (frame) => newestFixMs() >= frame.timeMs,
        work: (frame) => this.#work(frame),
        giveUp: (frame, why) => this.#giveUp(frame, why),
        done: (outcome) => this.#done(outcome),
      },
      scheduler,
    );
  }

  push(given: FrameIn): void {
    const { camera, policy, clockErrorMs } = this.#options;
    const frame = typeof given === "object" && given !== null ? given : NOTHING;
    const flaw = flawOf(frame, camera.id);
    if (flaw !== null || isBroken(frame)) {
      const record = dropRecord(this.#identify(frame), "bad-frame", flaw ?? "no image");
      return this.#lane.follow(this.#dropped(frame, record));
    }
    const ageMs = this.#scheduler.now() - frame.timeMs;
    // Written so that a clock of NaN is too late.
    if (!(ageMs <= policy.maxFrameAgeMs && ageMs >= -clockErrorMs)) {
      return this.#lane.follow(this.#dropped(frame, dropRecord(frame, "late-frame")));
    }
    this.#lane.push(frame);
  }

  pump(): void {
    this.#lane.pump();
  }

  revoke(afterMs: number): void {
    if (this.#current !== null && this.#current.timeMs > afterMs) this.#revoked = true;
  }

  close(): void {
    this.#lane.close();
  }

  #work(frame: Frame): Outcome | Promise<Outcome> {
    this.#current = this.#judged(frame);
    return this.#options.apply(this.#current, frame);
  }

  #judged(frame: Frame): VerdictRecord {
    try {
      const found = this.#options.judge(frame.timeMs);
      return recordOf(frame, { ...found, verdict: this.#keyframes.apply(found.verdict, frame) });
    } catch (thrown) {
      // Rule 2: a fault of ours drops the frame, too.
      return dropRecord(frame, "bad-frame", messageOf(thrown));
    }
  }

  #giveUp(frame: Frame, why: GivenUp): Outcome {
    const [reason, detail] = GIVEN_UP[why];
    const judged = why === "unfinished" ? this.#current : null;
    return this.#dropped(frame, asDrop(judged ?? dropRecord(frame, reason), reason, detail));
  }

  #done(result: Outcome): void {
    const outcome = this.#revoked ? withdrawn(result) : result;
    this.#current = null;
    this.#revoked = false;
    // A frame that only waited for a keyframe changes nothing about what it waited for.
    if (outcome.released === null && outcome.record.reason !== "awaiting-keyframe") this.#keyframes.lost();
    this.#options.emit(outcome);
  }

  #dropped(frame: FrameIn, record: VerdictRecord): Outcome {
    this.#options.discard(frame);
    return { record, released: null };
  }

  /** A frame with a broken description is recorded under the time of its arrival. */
  #identify({ timeMs, seq }: FrameIn) {
    return {
      camera: this.#options.camera.id,
      timeMs: Number.isFinite(timeMs) ? timeMs : this.#scheduler.now(),
      seq: Number.isSafeInteger(seq) ? seq : -1,
    };
  }
}

/** What was still being redacted when its verdict proved wrong. */
function withdrawn({ record, released }: Outcome): Outcome {
  if (released === null) return { record, released };
  return { record: asDrop(record, "implausible-fix", "judged by fixes that proved wrong"), released: null };
}
