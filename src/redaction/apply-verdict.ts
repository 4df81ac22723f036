import { isBroken } from "../sources/frame.ts";
import type { FrameIn } from "../sources/frame.ts";
import { messageOf } from "../core/errors.ts";
import type { DropReason } from "../gate/verdict.ts";
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
  try {
    const outcome = outcomeOf(redactor, record, frame);
    return outcome instanceof Promise ? outcome.catch((thrown: unknown) => failed(record, thrown)) : outcome;
  } catch (thrown) {
    return failed(record, thrown);
  }
}

function outcomeOf(redactor: Redactor, record: VerdictRecord, frame: FrameIn): Outcome | Promise<Outcome> {
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

async function settleLater(record: VerdictRecord, redaction: Promise<Redaction>): Promise<Outcome> {
  return settled(record, await redaction);
}

function settle(
  record: VerdictRecord,
  redaction: Redaction | Promise<Redaction>,
): Outcome | Promise<Outcome> {
  return redaction instanceof Promise ? settleLater(record, redaction) : settled(record, redaction);
}

function settled(record: VerdictRecord, redaction: Redaction): Outcome {
  if (redaction.ok) return { record, released: redaction };
  return { record: asDrop(record, redaction.reason, redaction.detail), released: null };
}

function failed(record: VerdictRecord, thrown: unknown): Outcome {
  return { record: asDrop(record, "redaction-failed", messageOf(thrown)), released: null };
}

function asDrop(record: VerdictRecord, reason: DropReason, detail: string): VerdictRecord {
  return { ...record, action: "drop", reason, detail, clearanceM: null };
}
