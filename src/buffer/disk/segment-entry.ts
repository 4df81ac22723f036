import type { Segment, SegmentState } from "../segment-store.ts";
import type { Summary } from "../sidecar/summary.ts";

/** What is remembered of a finished segment. */
export interface SegmentEntry {
  readonly summary: Summary;
  readonly sidecarBytes: number;
  readonly state: SegmentState;
}

/** The segment as others see it: without places. A segment of no region is held, whatever was found (rule 6). */
export function segmentOf(summary: Summary, state: SegmentState = "unchecked"): Segment {
  const { cameras: _cameras, extent: _extent, ...rest } = summary;
  return { ...rest, state: summary.region === null ? "held" : state };
}

/** The finished segments by id; keeps count of what they take on disk. */
export interface Entries {
  readonly get: (id: string) => SegmentEntry | undefined;
  readonly all: () => readonly SegmentEntry[];
  readonly set: (entry: SegmentEntry) => void;
  readonly delete: (id: string) => void;
  readonly usedBytes: () => number;
}

export function createEntries(found: readonly SegmentEntry[]): Entries {
  const byId = new Map<string, SegmentEntry>();
  let usedBytes = 0;
  const count = (entry: SegmentEntry | undefined, sign: 1 | -1): void => {
    if (entry !== undefined) usedBytes += sign * (entry.summary.bytes + entry.sidecarBytes);
  };
  const entries: Entries = {
    get: (id) => byId.get(id),
    all: () => [...byId.values()],
    set(entry) {
      count(byId.get(entry.summary.id), -1);
      count(entry, 1);
      byId.set(entry.summary.id, entry);
    },
    delete(id) {
      count(byId.get(id), -1);
      byId.delete(id);
    },
    usedBytes: () => usedBytes,
  };
  for (const entry of found) entries.set(entry);
  return entries;
}
