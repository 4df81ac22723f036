import type { CheckpointLine } from "./ledger-line.ts";
import type { DESTROY_REASONS } from "./ledger-line.ts";

/** What happened to a sealed segment, or to released frames that never became part of one. `sha256` is its name here. */
export type SegmentChange =
  | {
      readonly kind: "sealed";
      readonly sha256: string;
      readonly region: string | null;
      readonly frames: number;
    }
  | { readonly kind: "sent"; readonly sha256: string; readonly region: string; readonly frames: number }
  | {
      readonly kind: "destroyed";
      readonly sha256: string;
      readonly reason: (typeof DESTROY_REASONS)[number];
      readonly frames: number;
    }
  | { readonly kind: "lost"; readonly sha256: string; readonly frames: number }
  /** Released, and lost before their segment was sealed. */
  | { readonly kind: "unsealed-lost"; readonly frames: number };

/** Where the released frames and the segments are. */
export interface StorageAccount {
  /** What storage held when the session began. */
  carry(segments: number, frames: number): void;
  apply(change: SegmentChange): void;
  frames(released: number): CheckpointLine["released"];
  segments(): CheckpointLine["segments"];
}

export function createStorageAccount(): StorageAccount {
  const frames = { carried: 0, stored: 0, sent: 0, destroyed: 0, lost: 0 };
  const segments = { carried: 0, sealed: 0, stored: 0, sent: 0, destroyed: 0, lost: 0 };

  function leave(way: "sent" | "destroyed" | "lost", count: number): void {
    segments[way]++;
    segments.stored--;
    frames[way] += count;
    frames.stored -= count;
  }

  return {
    carry(carriedSegments, carriedFrames) {
      segments.carried += carriedSegments;
      segments.stored += carriedSegments;
      frames.carried += carriedFrames;
      frames.stored += carriedFrames;
    },
    apply(change) {
      switch (change.kind) {
        case "sealed":
          segments.sealed++;
          segments.stored++;
          frames.stored += change.frames;
          return;
        case "unsealed-lost":
          frames.lost += change.frames;
          return;
        case "sent":
        case "destroyed":
        case "lost":
          leave(change.kind, change.frames);
          return;
        default:
          change satisfies never;
      }
    },
    frames(released) {
      const { carried, stored, sent, destroyed, lost } = frames;
      const unsealed = carried + released - stored - sent - destroyed - lost;
      return { carried, released, unsealed, stored, sent, destroyed, lost };
    },
    segments: () => ({ ...segments }),
  };
}
