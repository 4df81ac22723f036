import type { Readable } from "node:stream";

/** What the vehicle knows of a finished segment without opening it: it holds no key that could. */
export interface Segment {
  /** Letters, digits and dashes; sorts by the time of the first frame. Unique in the fleet. */
  readonly id: string;
  /** The region whose recipient it is sealed to; null = sealed to the hold recipient, and never sent (rule 6). */
  readonly region: string | null;
  readonly vehicle: string;
  /** Of the sealed file, hex. */
  readonly sha256: string;
  /** Size of the sealed file. */
  readonly bytes: number;
  /** Times of the earliest and the latest frame. */
  readonly firstMs: number;
  readonly lastMs: number;
  /** The zone set that its frames were judged by. */
  readonly zoneSetHash: string;
  readonly counts: FrameCounts;
  /** `recovered`: ends at the last whole record before a crash or a failed write. */
  readonly ending: "whole" | "recovered";
  readonly state: SegmentState;
}

/**
 * `unchecked`: to be judged by the zone set in force before it may leave; so is every segment after a start.
 * `ready`: judged, may be sent. `held`: stays in the vehicle, as it has no region.
 */
export type SegmentState = "unchecked" | "ready" | "held";

/** Frames by camera and by what was done to them. */
export type FrameCounts = Readonly<Record<string, ActionCounts>>;
export interface ActionCounts {
  readonly pass: number;
  readonly blur: number;
}

/** Why a segment was destroyed before it was sent. */
export type DestroyReason =
  /** A frame of it may no longer be kept by the zone set in force. */
  | "restricted"
  /** The zone set in force finds a frame of it in another region, or in none. */
  | "region-changed"
  /** The zone set in force cannot tell: outside its coverage, or expired. */
  | "unproven"
  /** Its sidecar cannot be read: it cannot be judged again. */
  | "unjudgeable"
  /** The guard revoked what it released. */
  | "revoked"
  /** Room for newer ones, under the policy `delete-oldest`. */
  | "room"
  /** A person asked for it. */
  | "purged";

/** Why released frames never came into a finished segment. */
export type LossReason =
  /** `maxBytes` or `minFreeBytes` is reached, under the policy `refuse-new`; or nothing is left to delete. */
  | "full"
  /** The disk had no space. */
  | "no-space"
  /** A write failed otherwise. */
  | "io-error"
  /** More frames at a time than the writer takes. */
  | "overload"
  /** No recipient is configured for the frame's region, or it has none. */
  | "no-recipient"
  /** The frame cannot be recorded. */
  | "unrecordable"
  /** Written after the last checkpoint before a crash; `counts` is null: nobody can tell how many. */
  | "crash"
  /** In a segment that was being written when the guard revoked it. */
  | "revoked";

/** Everything that happens to what is stored. Returned by whoever did it, never logged. */
export type StoreEvent =
  | { readonly kind: "sealed"; readonly segment: Segment }
  | { readonly kind: "destroyed"; readonly segment: Segment; readonly why: DestroyReason }
  | { readonly kind: "sent"; readonly segment: Segment }
  | {
      readonly kind: "lost";
      readonly why: LossReason;
      readonly counts: FrameCounts | null;
      readonly detail: string;
    }
  /** A file that start-up could neither recover nor explain: renamed to `….quarantined`, never sent. */
  | { readonly kind: "quarantined"; readonly name: string; readonly detail: string };

export type Sealed = Extract<StoreEvent, { kind: "sealed" }>;
export type Destroyed = Extract<StoreEvent, { kind: "destroyed" }>;
export type Sent = Extract<StoreEvent, { kind: "sent" }>;
export type Lost = Extract<StoreEvent, { kind: "lost" }>;

/** There is no such segment (any more). */
export interface Gone {
  readonly kind: "gone";
  readonly id: string;
}

/** The disk refused; nothing changed, and the same call may succeed later. */
export interface Failed {
  readonly kind: "failed";
  readonly id: string;
  readonly detail: string;
}

/** Bytes of a sealed segment from an offset on, to its end. The stream fails with the disk's error. */
export type SegmentBytes =
  { readonly kind: "bytes"; readonly segment: Segment; readonly stream: Readable } | Gone | Failed;

/** What the receiver says it got is not what lies here: the segment stays. */
export interface HashDiffers {
  readonly kind: "hash-differs";
  readonly segment: Segment;
  readonly confirmed: string;
}

/** Finished segments, as upload and audit see them. None of the methods throws or rejects. */
export interface SegmentStore {
  /** All finished segments, in the order in which they leave: oldest first. */
  list(): readonly Segment[];
  /** The sealed bytes of a segment from `fromByte` (0 to its size) on. */
  read(id: string, fromByte: number): Promise<SegmentBytes>;
  /** Erases what opens the segment and its sidecar, then removes both. */
  destroy(id: string, why: DestroyReason): Promise<Destroyed | Gone | Failed>;
  /** Removes a segment that the receiver holds: only when `sha256`, in hex, is the segment's. */
  confirmSent(id: string, sha256: string): Promise<Sent | HashDiffers | Gone | Failed>;
}
