import type { Phase } from "./freshness.ts";
import type { SetOrigin } from "./stored-set.ts";
import type { UpdateProblem } from "./update-error.ts";

/** What is in force, since when and from whom, and how the updates go: for metrics, the ledger and people. */
export interface UpdateStatus {
  /** `none`: no set is there, and every frame is dropped as `no-zones`. */
  readonly phase: Phase | "none";
  /** Why it is not `fresh`. */
  readonly reason: string | null;
  readonly inForce: SetOrigin | null;
  /** When the repository last vouched for the set in force. */
  readonly confirmedMs: number | null;
  /** The trusted time of this status; ages count from it. */
  readonly nowMs: number;
  /** Updates are switched off for now, such as by an offline mode; ages go on. */
  readonly paused: boolean;
  readonly lastTryMs: number | null;
  /** When the repository last answered with what it vouches for, by the trusted time. */
  readonly lastSuccessMs: number | null;
  /** By the vehicle's clock; null while an attempt is under way, and while they are switched off. */
  readonly nextTryMs: number | null;
  readonly lastProblem: { readonly problem: UpdateProblem | "fault"; readonly what: string } | null;
  /** Failed attempts in a row. */
  readonly failures: number;
}

export const NO_STATUS: UpdateStatus = {
  phase: "none",
  reason: "no zone set is stored yet",
  inForce: null,
  confirmedMs: null,
  nowMs: 0,
  paused: false,
  lastTryMs: null,
  lastSuccessMs: null,
  nextTryMs: null,
  lastProblem: null,
  failures: 0,
};

/** Something that people and the ledger should know. */
export interface UpdateNotice {
  readonly kind:
    "installed" | "restored" | "failed" | "recovered" | "fresh" | "widened" | "closed" | "paused" | "resumed";
  readonly what: string;
}
