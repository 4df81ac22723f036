import type { Frame } from "../sources/frame.ts";
import type { Verdict } from "./verdict.ts";
import { drop } from "./verdict.ts";

/** One camera's coded video: later frames carry residuals of earlier ones. */
export interface KeyframeRule {
  /** The verdict with the rule applied: after a drop, everything is dropped until the next keyframe. */
  apply(verdict: Verdict, frame: Frame): Verdict;
  /** A frame was not released, whatever its verdict. */
  lost(): void;
}

/** What the coded bytes themselves say. */
export interface CodedVideo {
  /** Whether a frame can be decoded without any other. */
  readonly isKeyframe: (frame: Frame) => boolean | "unknown";
  /** Whether a frame comes after a keyframe and is predicted from before it (H.265 RASL). */
  readonly isSkippedLeading: (frame: Frame) => boolean;
}

/** Coded video starts waiting: what came before the first frame is unknown. */
export function createKeyframeRule({ isKeyframe, isSkippedLeading }: CodedVideo): KeyframeRule {
  /** `resumed`: since a keyframe that followed a drop, and until the next one. */
  let state: "waiting" | "resumed" | "running" = "waiting";
  return {
    apply(verdict, frame) {
      if (!isCoded(frame)) return verdict;
      if (verdict.action !== "pass") {
        state = "waiting";
        return verdict;
      }
      // The flag and the bytes must agree: one of them alone may be wrong.
      if (frame.keyframe && isKeyframe(frame) === true) {
        state = state === "waiting" ? "resumed" : "running";
        return verdict;
      }
      const leansOnDropped = state === "waiting" || (state === "resumed" && isSkippedLeading(frame));
      return leansOnDropped ? AWAITING_KEYFRAME : verdict;
    },
    lost() {
      state = "waiting";
    },
  };
}

const AWAITING_KEYFRAME = drop("awaiting-keyframe");

function isCoded({ format }: Frame): boolean {
  return format === "h264" || format === "h265";
}
