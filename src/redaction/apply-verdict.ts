import { isBroken } from "../sources/frame.ts";
import type { FrameIn } from "../sources/frame.ts";
import type { Outcome, VerdictRecord } from "../gate/record.ts";
import type { Redaction, Redactor } from "./redactor.ts";

/**
 * Rule 1: what goes on is made here, and only here: from a `pass` the same pixels, from a `blur` the redacted copy,
 * from a `drop` nothing. A redaction that fails turns the record into a drop.
 */
export function applyVerdict(
  redactor: Redactor,
  record: VerdictRecord,
  frame: FrameIn,
): Outcome | Promise<Outcome> {
  if (isBroken(frame)) return { record, released: null };
  switch (record.action) {
    case "pass":
      return settle(record, redactor.release(frame));
    case "blur":
      return settle(record, redactor.blur(frame));
    case "drop":
      redactor.discard(frame);
      return { record, released: null };
    default:
      return record.action satisfies never;
  }
}

function settle(
  record: VerdictRecord,
  redaction: Redaction | Promise<Redaction>,
): Outcome | Promise<Outcome> {
  return redaction instanceof Promise
    ? redaction.then((done) => outcomeOf(record, done))
    : outcomeOf(record, redaction);
}

function outcomeOf(record: VerdictRecord, redaction: Redaction): Outcome {
  if (redaction.ok) return { record, released: redaction };
  const { reason, detail } = redaction;
  return { record: { ...record, action: "drop", reason, detail, clearanceM: null }, released: null };
}
