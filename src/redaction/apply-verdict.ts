import { messageOf } from "../core/errors.ts";
import type { Outcome, VerdictRecord } from "../gate/record.ts";
import { asDrop } from "../gate/record.ts";
import { isBroken } from "../sources/frame.ts";
import type { Frame, FrameIn } from "../sources/frame.ts";
import type { Redaction, Redactor } from "./redactor.ts";

/**
 * Rule 1: what goes on is made here, and only here: from a `pass` the same pixels, from a `blur` the redacted copy,
 * from a `drop` nothing. A redaction that fails, or gives something else than was asked for, turns the record into a
 * drop. Neither throws nor rejects.
 */
export function applyVerdict(
  redactor: Redactor,
  record: VerdictRecord,
  frame: Frame,
): Outcome | Promise<Outcome> {
  const failed = (thrown: unknown): Outcome => notReleased(record, "redaction-failed", messageOf(thrown));
  try {
    const redaction = redact(redactor, record, frame);
    if (redaction === null) return { record, released: null };
    if (!isPromise(redaction)) return settled(record, frame, redaction);
    return Promise.resolve(redaction)
      .then((done) => settled(record, frame, done))
      .catch(failed);
  } catch (thrown) {
    return failed(thrown);
  }
}

/** For a frame that is not released: its original may have to be wiped. Never throws: the record is a drop already. */
export function discardFrame(redactor: Redactor, frame: FrameIn): void {
  if (isBroken(frame)) return;
  try {
    redactor.discard(frame);
  } catch {
    // What could not be wiped is not released all the same.
  }
}

function redact(
  redactor: Redactor,
  { action }: VerdictRecord,
  frame: Frame,
): Redaction | Promise<Redaction> | null {
  switch (action) {
    case "pass":
      return redactor.release(frame);
    case "blur":
      return redactor.blur(frame);
    case "drop":
      discardFrame(redactor, frame);
      return null;
    default:
      return action satisfies never;
  }
}

function settled(record: VerdictRecord, frame: Frame, redaction: Redaction): Outcome {
  if (!redaction.ok) {
    const reason = redaction.reason === "bad-frame" ? "bad-frame" : "redaction-failed";
    return notReleased(record, reason, redaction.detail);
  }
  const mixUp = mixUpOf(record, frame, redaction);
  return mixUp === null
    ? { record, released: redaction }
    : notReleased(record, "redaction-failed", `the redactor gave ${mixUp}`);
}

/** A redactor's fault must neither relabel a frame nor let an original through as a blurred one. */
function mixUpOf(
  { action }: VerdictRecord,
  frame: Frame,
  { frame: given, informationBits }: Extract<Redaction, { ok: true }>,
): string | null {
  const other = IDENTITY.find((field) => given[field] !== frame[field]);
  if (other !== undefined) return `a frame with ${other} ${given[other]} for one with ${frame[other]}`;
  if ((action === "blur") !== (typeof informationBits === "number")) return `no ${action} for a ${action}`;
  return null;
}

const IDENTITY = ["camera", "timeMs", "seq", "width", "height", "format"] as const;

function notReleased(
  record: VerdictRecord,
  reason: "bad-frame" | "redaction-failed",
  detail: string,
): Outcome {
  return { record: asDrop(record, reason, detail), released: null };
}

function isPromise<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as Partial<PromiseLike<T>> | null)?.then === "function";
}
