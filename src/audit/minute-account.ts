import type { Outcome } from "../gate/record.ts";
import { createFrameCounts, sumsOf } from "./frame-counts.ts";
import type { CheckpointEvent, LedgerEvent } from "./ledger-line.ts";
import type { RestrictionEvent } from "./restrictions.ts";
import { createRestrictions } from "./restrictions.ts";
import type { SegmentChange } from "./storage-account.ts";
import { createStorageAccount } from "./storage-account.ts";

/** The sums of a checkpoint, as of the last minute that may be told. */
export type Told = Pick<CheckpointEvent, "frames" | "byReason" | "released" | "segments">;
type SegmentEvent = Extract<LedgerEvent, { segment: string }>;

/** What has happened, told by whole minutes. */
export interface MinuteAccount {
  judged(outcome: Outcome): void;
  lose(camera: string, frames: number): void;
  carry(segments: number, frames: number): void;
  /** Returns the event when it may be told at once, or null. */
  segment(change: SegmentChange): SegmentEvent | null;
  /** Ends the minute, or with `all` everything: what may be told of it, besides the sums. */
  endMinute(all?: "all"): {
    readonly restrictions: readonly RestrictionEvent[];
    readonly segments: readonly SegmentEvent[];
  };
  told(): Told;
}

/**
 * A count of frames is a clock: at 10 frames a second, "50 passed, then 550 were inside" tells when within the minute
 * the fence was crossed. So a minute in which a camera began or ceased to be restricted is held back, and is told as
 * one with the next whole minute in which no zone restricts any camera. Minutes all of which lie within a zone are told
 * at once. The same holds for sealed segments, which follow the frames every few seconds, and for what happens to
 * those. Known rest: who knows the frame rate learns how long a crossing was, and where that and the two minutes leave
 * less than a minute to choose from, that.
 */
export function createMinuteAccount(): MinuteAccount {
  const [current, held, told] = [createFrameCounts(), createFrameCounts(), createFrameCounts()];
  const restrictions = createRestrictions();
  const storage = createStorageAccount();
  let heldChanges: SegmentChange[] = [];
  const heldSegments = new Set<string>();

  function mustHold(change: SegmentChange): boolean {
    if (change.kind === "sealed" || change.kind === "unsealed-lost") return true;
    return heldSegments.has(change.sha256);
  }

  function tellChanges(): SegmentEvent[] {
    const changes = heldChanges;
    heldChanges = [];
    heldSegments.clear();
    for (const change of changes) storage.apply(change);
    return changes.map(eventOf).filter((event) => event !== null);
  }

  const unsealed = (): number => Math.max(0, storage.frames(told.released()).unsealed);

  return {
    judged(outcome) {
      current.add(outcome);
      restrictions.judged(outcome.record);
    },
    lose: (camera, frames) => current.lose(camera, frames),
    carry: (segments, frames) => storage.carry(segments, frames),
    segment(change) {
      if (mustHold(change)) {
        heldChanges.push(change);
        if (change.kind === "sealed") heldSegments.add(change.sha256);
        return null;
      }
      storage.apply(change);
      return eventOf(change);
    },
    endMinute(all) {
      const { events, crossedBorder } = restrictions.take();
      const inZone = restrictions.inZone();
      if (crossedBorder && all === undefined) current.moveTo(held);
      else current.moveTo(told);
      if ((crossedBorder || inZone) && all === undefined) return { restrictions: events, segments: [] };
      held.moveTo(told);
      const segments = tellChanges();
      // Released frames that no segment took in by the end are in none.
      if (all !== undefined) storage.apply({ kind: "unsealed-lost", frames: unsealed() });
      return { restrictions: events, segments };
    },
    told() {
      const byReason = told.rows();
      const released = storage.frames(told.released());
      return { frames: sumsOf(byReason), byReason, released, segments: storage.segments() };
    },
  };
}

function eventOf(change: SegmentChange): SegmentEvent | null {
  switch (change.kind) {
    case "sealed":
      return { event: "segment-sealed", segment: change.sha256, region: change.region };
    case "sent":
      return { event: "segment-sent", segment: change.sha256, region: change.region };
    case "destroyed":
      return { event: "segment-destroyed", segment: change.sha256, reason: change.reason };
    case "lost":
      return { event: "segment-lost", segment: change.sha256 };
    case "unsealed-lost":
      return null;
    default:
      return change satisfies never;
  }
}
