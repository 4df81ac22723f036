/** Why something in a drive did not become a report, or, for `week-rollover`, was put right before it did. */
export const SKIP_REASONS = {
  "too-long": "lines over the length bound",
  checksum: "sentences with a wrong checksum",
  "no-checksum": "sentences without a checksum",
  truncated: "sentences cut off",
  malformed: "records that do not follow their format",
  "no-time": "records without a time",
  unpaired: "latitudes or longitudes without the other of the same update",
  "no-date": "positions before the first date",
  conflict: "epochs whose records contradict each other, taken as no fix",
  "week-rollover": "dates corrected by a multiple of 1024 weeks",
} as const;

export type SkipReason = keyof typeof SKIP_REASONS;

/** One line of a warning: how often, and where it happened first. Lines count from 1. */
export interface Skip {
  readonly reason: SkipReason;
  readonly count: number;
  readonly firstLine: number;
}

/** `12 sentences with a wrong checksum, first at line 118` */
export function describeSkip({ reason, count, firstLine }: Skip): string {
  return `${count} ${SKIP_REASONS[reason]}, first at line ${firstLine}`;
}

export interface SkipTally {
  add(reason: SkipReason, line: number): void;
  list(): readonly Skip[];
}

/** Counts by reason; memory does not grow with the number of skipped records. */
export function skipTally(): SkipTally {
  const skips = new Map<SkipReason, Skip>();
  return {
    add(reason, line) {
      const { count, firstLine } = skips.get(reason) ?? { count: 0, firstLine: line };
      skips.set(reason, { reason, count: count + 1, firstLine });
    },
    list: () => [...skips.values()],
  };
}
