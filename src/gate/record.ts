import type { Heading } from "../positioning/heading.ts";
import type { Reach } from "../positioning/reach.ts";
import type { Frame } from "../sources/frame.ts";
import type { Judged } from "./gatekeeper.ts";
import type { Action, DropReason, Reason } from "./verdict.ts";
import { drop } from "./verdict.ts";

/** The one record of a frame that came in: what happened to it, and why. */
export interface VerdictRecord {
  readonly timeMs: number;
  readonly camera: string;
  readonly seq: number;
  readonly action: Action;
  readonly reason: Reason;
  /** Ids of the zones that restricted it. */
  readonly zones: readonly string[];
  /** Centre and radius of the reach; null where it is unknown. */
  readonly latDeg: number | null;
  readonly lonDeg: number | null;
  readonly radiusM: number | null;
  /** Where the vehicle pointed; null where the reach is unknown. */
  readonly heading: Heading | null;
  /** How much farther the reach could extend and still be clear; null unless it is clear of all zones. */
  readonly clearanceM: number | null;
  readonly region: string | null;
  /** More about a `bad-frame` or a `redaction-failed`. */
  readonly detail?: string;
}

/** A frame's record, with what is released of it, if anything. */
export interface Outcome {
  readonly record: VerdictRecord;
  readonly released: Released | null;
}

export interface Released {
  /** Read only: its data may be shared. */
  readonly frame: Frame;
  /** Most bits of the original that a blurred frame holds; null for a passed one. */
  readonly informationBits: number | null;
}

type Identity = Pick<VerdictRecord, "timeMs" | "camera" | "seq">;

export function recordOf(
  { timeMs, camera, seq }: Identity,
  { verdict, reach, clearanceM, region }: Judged,
): VerdictRecord {
  const { action, reason, zones } = verdict;
  const { latDeg, lonDeg, radiusM, heading } = reach.known ? reach : NOWHERE;
  return { timeMs, camera, seq, action, reason, zones, latDeg, lonDeg, radiusM, heading, clearanceM, region };
}

/** The record of a frame that is dropped for itself, whatever the place. */
export function dropRecord(frame: Identity, reason: DropReason, detail?: string): VerdictRecord {
  const record = recordOf(frame, { verdict: drop(reason), reach: UNKNOWN, clearanceM: null, region: null });
  return detail === undefined ? record : { ...record, detail };
}

/** The record of a frame that was judged, and is dropped all the same. */
export function asDrop(record: VerdictRecord, reason: DropReason, detail: string): VerdictRecord {
  return { ...record, action: "drop", reason, detail, clearanceM: null };
}

const NOWHERE = { latDeg: null, lonDeg: null, radiusM: null, heading: null } as const;
const UNKNOWN: Reach = { known: false, reason: "no-fix" };
