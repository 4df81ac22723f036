import type { LedgerEvent } from "./ledger-line.ts";
import type { INPUT_ENDINGS } from "./ledger-line.ts";
import { formatMinute } from "./minute.ts";

type NoteEvent = Extract<LedgerEvent, { event: "input" | "revoked" }>;

/** What may happen many times a second, one line a minute each. */
export interface MinuteNotes {
  input(input: string, what: (typeof INPUT_ENDINGS)[number]): void;
  revoked(afterMs: number, untilMs: number): void;
  /** The notes since the last call. */
  take(): readonly NoteEvent[];
}

export function createMinuteNotes(): MinuteNotes {
  let inputs = new Map<string, Extract<NoteEvent, { event: "input" }>>();
  let revoked: { readonly afterMs: number; readonly untilMs: number; readonly times: number } | null = null;
  return {
    input(input, what) {
      const key = `${what} ${input}`;
      inputs.set(key, { event: "input", input, what, times: (inputs.get(key)?.times ?? 0) + 1 });
    },
    revoked(afterMs, untilMs) {
      revoked = {
        afterMs: Math.min(afterMs, revoked?.afterMs ?? afterMs),
        untilMs: Math.max(untilMs, revoked?.untilMs ?? untilMs),
        times: (revoked?.times ?? 0) + 1,
      };
    },
    take() {
      const notes: NoteEvent[] = [...inputs.values()];
      if (revoked !== null) {
        const { afterMs, untilMs, times } = revoked;
        notes.push({ event: "revoked", after: formatMinute(afterMs), until: formatMinute(untilMs), times });
      }
      inputs = new Map();
      revoked = null;
      return notes;
    },
  };
}
