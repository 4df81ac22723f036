/** What the ledger was found to be; the worst of its findings. */
export type LedgerVerdict = "sound" | "unbalanced" | "cut-off" | "tampered" | "wrong-key" | "unreadable";

/** Something about a ledger that is not as it left the writer (an error), or that a reader must know (a warning). */
export interface Finding {
  readonly kind: FindingKind;
  readonly file: string;
  /** From 1; 0 where a whole file is meant. */
  readonly line: number;
  /** What was found. */
  readonly what: string;
}

/** By kind: what it makes of the ledger, and what it means. */
export const KINDS = {
  edited: {
    verdict: "tampered",
    means: "the line is not what was written: it was changed, or its storage is damaged",
  },
  deleted: { verdict: "tampered", means: "lines that were written have been taken out" },
  reordered: { verdict: "tampered", means: "the line was written at another place" },
  replayed: { verdict: "tampered", means: "the line was written once and stands here again" },
  forked: { verdict: "tampered", means: "two histories follow the same line; at most one of them happened" },
  foreign: { verdict: "tampered", means: "the line belongs to another ledger" },
  "bad-signature": {
    verdict: "tampered",
    means: "this checkpoint, or a line before it, is not what the holder of the key signed",
  },
  "time-backwards": {
    verdict: "tampered",
    means: "the writer never writes a time before that of the last line",
  },
  "wrong-key": { verdict: "wrong-key", means: "signed with another key than the one that is trusted" },
  "start-cut-off": {
    verdict: "cut-off",
    means: "the ledger's first lines are not here; --after HASH accepts that they are kept elsewhere",
  },
  "file-missing": {
    verdict: "cut-off",
    means: "lines between two files are missing: an end was cut off, or a file",
  },
  "end-cut-off": {
    verdict: "cut-off",
    means: "lines that are known to have been written are missing at the end",
  },
  "other-history": {
    verdict: "tampered",
    means: "the ledger does not hold a line that is known to be its own",
  },
  unbalanced: {
    verdict: "unbalanced",
    means: "the counts do not add up: the writer lost account of frames or segments",
  },
  "not-a-ledger": { verdict: "unreadable", means: "the file is none that this version can read" },
  "unsigned-tail": {
    verdict: null,
    means: "no checkpoint signs these last lines yet: until one does, a change to them may go unseen",
  },
  torn: {
    verdict: null,
    means: "the line was being written when the writer was killed; its next start cuts it off",
  },
  "own-key": {
    verdict: null,
    means: "a ledger can always be signed anew with another key: only --key PUBLIC proves who signed it",
  },
  "open-end": {
    verdict: null,
    means: "without a head or --expect HASH, whole checkpoints missing at the end go unseen",
  },
  "ended-abruptly": { verdict: null, means: "frames after this session's last checkpoint are not counted" },
  "storage-differs": {
    verdict: null,
    means: "segments appeared or vanished between two sessions without a record",
  },
  "events-lost": {
    verdict: null,
    means: "the disk could not be written for long; the sums are complete, the events are not",
  },
} as const satisfies Record<string, { readonly verdict: LedgerVerdict | null; readonly means: string }>;

export type FindingKind = keyof typeof KINDS;

export function isError({ kind }: Finding): boolean {
  return KINDS[kind].verdict !== null;
}

const WORST_LAST = ["unbalanced", "cut-off", "tampered", "wrong-key", "unreadable"] as const;

export function verdictOf(findings: readonly Finding[]): LedgerVerdict {
  const verdicts = new Set<LedgerVerdict | null>(findings.map(({ kind }) => KINDS[kind].verdict));
  return WORST_LAST.findLast((verdict) => verdicts.has(verdict)) ?? "sound";
}
