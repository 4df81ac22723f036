import type { Verdict } from "../../gate/verdict.ts";
import { formatIso } from "../../core/time.ts";

/** What becomes of a frame under the new set, where that differs from the old one. */
export const CHANGES = ["dropped", "blurred", "released"] as const;
export type Change = (typeof CHANGES)[number];
export type ChangeCounts = Readonly<Record<Change, number>>;

/** A stretch of one camera's frames that all change alike. */
export interface ChangedSpan {
  readonly camera: string;
  readonly from: string;
  readonly to: string;
  readonly frames: number;
  readonly was: Verdict["action"];
  readonly becomes: Verdict["action"];
  /** The zones that make the difference: the new set's, or for released frames the old one's. */
  readonly zones: readonly string[];
}

/** What the new set would change about one drive's frames. */
export interface DriveImpact {
  readonly frames: number;
  readonly changes: ChangeCounts;
  readonly zones: Readonly<Record<string, ChangeCounts>>;
  /** The first ones. */
  readonly spans: readonly ChangedSpan[];
  readonly spansLeftOut: number;
}

export const MAX_SPANS = 200;

/** Counts the frames of a drive as they are judged. */
export interface ImpactTally {
  add(camera: string, timeMs: number, was: Verdict, becomes: Verdict): void;
  impact(): DriveImpact;
}

interface OpenSpan extends Omit<ChangedSpan, "from" | "to"> {
  frames: number;
  readonly fromMs: number;
  toMs: number;
}

const CHANGE = { drop: "dropped", blur: "blurred", pass: "released" } as const;

export function createImpactTally(): ImpactTally {
  const changes = zero();
  const zones = new Map<string, Record<Change, number>>();
  const spans: OpenSpan[] = [];
  const open = new Map<string, OpenSpan>();
  let frames = 0;
  let spansLeftOut = 0;

  function count(change: Change, ids: readonly string[]): void {
    changes[change]++;
    for (const id of ids) {
      const counts = zones.get(id) ?? zero();
      zones.set(id, counts);
      counts[change]++;
    }
  }

  function extend(camera: string, timeMs: number, was: Verdict, becomes: Verdict, ids: readonly string[]) {
    const span = open.get(camera);
    if (span?.was === was.action && span.becomes === becomes.action && sameIds(span.zones, ids)) {
      span.frames++;
      span.toMs = timeMs;
      return;
    }
    const begun = { camera, fromMs: timeMs, toMs: timeMs, frames: 1, was: was.action, zones: ids };
    const next: OpenSpan = { ...begun, becomes: becomes.action };
    open.set(camera, next);
    if (spans.length < MAX_SPANS) spans.push(next);
    else spansLeftOut++;
  }

  return {
    add(camera, timeMs, was, becomes) {
      frames++;
      if (was.action === becomes.action) {
        if (open.size > 0) open.delete(camera);
        return;
      }
      const ids = becomes.action === "pass" || becomes.zones.length === 0 ? was.zones : becomes.zones;
      count(CHANGE[becomes.action], ids);
      extend(camera, timeMs, was, becomes, ids);
    },
    impact: () => ({
      frames,
      changes,
      zones: Object.fromEntries(zones),
      spans: spans.map(({ fromMs, toMs, ...span }) => ({
        ...span,
        from: formatIso(fromMs),
        to: formatIso(toMs),
      })),
      spansLeftOut,
    }),
  };
}

export function zero(): Record<Change, number> {
  return { dropped: 0, blurred: 0, released: 0 };
}

function sameIds(a: readonly string[], b: readonly string[]): boolean {
  return a === b || (a.length === b.length && a.every((id, i) => id === b[i]));
}
