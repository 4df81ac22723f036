import type { DoubtReason } from "../positioning/reach.ts";

/** Why a frame that came near a zone is restricted. */
export type ZoneReason = "inside" | "in-view" | "leaving";

/** Why a frame is dropped without a zone being near: not knowing means dropping (rule 2). */
export type DropReason =
  | DoubtReason
  | "no-zones"
  | "zones-expired"
  | "outside-coverage"
  | "bad-frame"
  | "late-frame"
  | "awaiting-keyframe"
  | "redaction-failed"
  | "overload"
  | "cabin";

/** What may happen to a frame. */
export type Verdict =
  | { readonly action: "pass"; readonly reason: "clear"; readonly zones: readonly string[] }
  | { readonly action: "blur"; readonly reason: ZoneReason; readonly zones: readonly string[] }
  | { readonly action: "drop"; readonly reason: ZoneReason | DropReason; readonly zones: readonly string[] };

export type Action = Verdict["action"];
export type Reason = Verdict["reason"];

const NO_ZONES: readonly string[] = [];

export const CLEAR: Verdict = { action: "pass", reason: "clear", zones: NO_ZONES };

export function drop(reason: DropReason): Verdict {
  return { action: "drop", reason, zones: NO_ZONES };
}

/** Every reason there is, for tables; the order is that of ARCHITECTURE's list. */
export const REASONS = [
  "clear",
  "inside",
  "in-view",
  "leaving",
  "no-fix",
  "stale-fix",
  "coarse-fix",
  "implausible-fix",
  "simulated-fix",
  "no-zones",
  "zones-expired",
  "outside-coverage",
  "bad-frame",
  "late-frame",
  "awaiting-keyframe",
  "redaction-failed",
  "overload",
  "cabin",
] as const satisfies readonly Reason[];
