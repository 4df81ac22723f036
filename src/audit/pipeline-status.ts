import { totalOf } from "../buffer/counts.ts";
import type { LossReason, SegmentStore, StoreEvent } from "../buffer/segment-store.ts";
import type { UploadOutcome } from "../upload/outcome.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import type { LedgerStatus } from "./ledger-log.ts";

/** How things stand, for a person or a monitor; names no place. */
export interface PipelineStatus {
  /** Hash of the zone set in force; null = none yet: every frame is dropped. */
  readonly zoneSet: string | null;
  readonly segments: {
    readonly unchecked: number;
    readonly ready: number;
    readonly held: number;
    readonly bytes: number;
  };
  /** Released frames that were not stored, since the start. */
  readonly lostFrames: Readonly<Partial<Record<LossReason, number>>>;
  /** How the last attempt to send to each region ended, such as `sent` or `retry-later unreachable`. */
  readonly uploads: Readonly<Record<string, string>>;
  readonly sentSegments: number;
  readonly ledger: LedgerStatus;
}

/** Follows what is not to be read elsewhere. */
export interface StatusNotes {
  zoneSet(set: ZoneSet): void;
  happened(event: StoreEvent): void;
  uploaded(outcome: UploadOutcome): void;
  read(store: SegmentStore): Omit<PipelineStatus, "ledger">;
}

export function createStatusNotes(): StatusNotes {
  const lostFrames: Partial<Record<LossReason, number>> = {};
  const uploads: Record<string, string> = {};
  let sentSegments = 0;
  let zoneSet: string | null = null;
  return {
    zoneSet(set) {
      zoneSet = set.hash;
    },
    happened(event) {
      if (event.kind === "sent") sentSegments++;
      if (event.kind === "lost" && event.counts !== null)
        lostFrames[event.why] = (lostFrames[event.why] ?? 0) + totalOf(event.counts);
    },
    uploaded(outcome) {
      const { region } = outcome.segment;
      if (region !== null) uploads[region] = endingOf(outcome);
    },
    read: (store) => ({
      zoneSet,
      segments: countSegments(store),
      lostFrames: { ...lostFrames },
      uploads: { ...uploads },
      sentSegments,
    }),
  };
}

function endingOf(outcome: UploadOutcome): string {
  return "why" in outcome ? `${outcome.kind} ${outcome.why}` : outcome.kind;
}

function countSegments(store: SegmentStore): PipelineStatus["segments"] {
  const count = { unchecked: 0, ready: 0, held: 0, bytes: 0 };
  for (const { state, bytes } of store.list()) {
    count[state]++;
    count.bytes += bytes;
  }
  return count;
}
