import type { Frame, FrameFormat } from "../sources/frame.ts";
import type { Verdict } from "./verdict.ts";
import { drop } from "./verdict.ts";

/** One camera's coded video: later frames carry residuals of earlier ones. */
export interface KeyframeRule {
  /** The verdict with the rule applied: after a drop, everything is dropped until the next keyframe. */
  apply(verdict: Verdict, frame: Pick<Frame, "format" | "keyframe">): Verdict;
  /** A frame that had passed was not released after all. */
  lost(): void;
}

/** Coded video starts waiting: what came before the first frame is unknown. */
export function createKeyframeRule(): KeyframeRule {
  let waiting = true;
  return {
    apply(verdict, { format, keyframe }) {
      if (!isCoded(format)) return verdict;
      if (verdict.action !== "pass") {
        waiting = true;
        return verdict;
      }
      if (waiting && !keyframe) return AWAITING_KEYFRAME;
      waiting = false;
      return verdict;
    },
    lost() {
      waiting = true;
    },
  };
}

const AWAITING_KEYFRAME = drop("awaiting-keyframe");

function isCoded(format: FrameFormat): boolean {
  return format === "h264" || format === "h265";
}
