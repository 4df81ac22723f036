import { messageOf } from "../core/errors.ts";
import type { Frame } from "../sources/frame.ts";
import type { BufferPool } from "./buffer-pool.ts";
import { createBlur } from "./blur.ts";
import { completePolicy } from "./policy.ts";
import type { RedactionPolicy } from "./policy.ts";
import { releaseFrame } from "./release.ts";

/** What became of a frame. `reason` is the verdict's reason for the drop that a failure is. */
export type Redaction =
  | {
      readonly ok: true;
      /** Its `data` may be shared with other released frames: read only. */
      readonly frame: Frame;
      /** Most bits of the original's pixels that the frame holds; null: all of them (a pass). */
      readonly informationBits: number | null;
    }
  | { readonly ok: false; readonly reason: "bad-frame" | "redaction-failed"; readonly detail: string };

/**
 * Turns a judged frame into what may leave. Nothing throws and no promise rejects: whatever goes wrong is `ok: false`,
 * and then nothing of the frame is released (rule 2). A promise comes only where a decoder runs on other threads
 * (`blur` of progressive JPEGs); leave the frame's data alone until it is there.
 */
export interface Redactor {
  /** For `pass`: the same pixels, metadata removed. */
  release(frame: Frame): Redaction | Promise<Redaction>;
  /** For `blur`: the mosaic or solid copy, of the same size and format. */
  blur(frame: Frame): Redaction | Promise<Redaction>;
  /** For `drop`: zeroes the original when the policy owns it, and does nothing otherwise. */
  discard(frame: Frame): void;
}

/**
 * Blurred copies of raw frames come from `pool` where one is given; give them back to it once they are written.
 * Throws RangeError for a policy outside its stated ranges.
 */
export function createRedactor(
  given: Partial<RedactionPolicy> = {},
  pool: BufferPool | null = null,
): Redactor {
  const policy = completePolicy(given);
  const blur = createBlur(policy, pool);
  const discard = (frame: Frame): void => {
    if (policy.originals === "policy") frame.data.fill(0);
  };
  return {
    release: (frame) => attempt(() => releaseFrame(frame, policy), refusal(frame, "bad-frame", discard)),
    blur: (frame) => attempt(() => blur(frame), refusal(frame, "redaction-failed", discard)),
    discard,
  };
}

type Released = Extract<Redaction, { ok: true }>;
type Refused = Extract<Redaction, { ok: false }>;

/** A frame that cannot be redacted is a drop: its original goes as one. */
function refusal(
  frame: Frame,
  reason: Refused["reason"],
  discard: (frame: Frame) => void,
): (thrown: unknown) => Refused {
  return (thrown) => {
    discard(frame);
    return { ok: false, reason, detail: messageOf(thrown) };
  };
}

function attempt(
  work: () => Released | Promise<Released>,
  refuse: (thrown: unknown) => Refused,
): Redaction | Promise<Redaction> {
  try {
    const done = work();
    return done instanceof Promise ? done.catch(refuse) : done;
  } catch (thrown) {
    return refuse(thrown);
  }
}
