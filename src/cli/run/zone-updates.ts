import { formatIso } from "../../core/time.ts";
import type { SetOrigin } from "../../zones/update/stored-set.ts";
import type { UpdateStatus } from "../../zones/update/update-status.ts";

/** What is in force by signed updates, since when and from whom, and how the updates go. */
export interface ZoneUpdatesHealth extends Pick<
  UpdateStatus,
  "reason" | "paused" | "failures" | "lastProblem"
> {
  readonly state: UpdateStatus["phase"];
  readonly from: Pick<SetOrigin, "repository" | "target" | "role" | "signers" | "versions"> | null;
  readonly since: string | null;
  /** When the repository last vouched for the set. */
  readonly confirmed: string | null;
  readonly ageSeconds: number | null;
  readonly lastSuccess: string | null;
}

export function zoneUpdatesOf(updates: UpdateStatus | null, nowMs: number): ZoneUpdatesHealth | null {
  if (updates === null) return null;
  const {
    phase: state,
    reason,
    inForce,
    confirmedMs,
    lastSuccessMs,
    paused,
    failures,
    lastProblem,
  } = updates;
  const age = ageMs(updates, nowMs);
  return {
    state,
    reason,
    from: inForce === null ? null : namesOf(inForce),
    since: isoOf(inForceSinceMs(updates)),
    confirmed: isoOf(confirmedMs),
    ageSeconds: age === null ? null : Math.round(age / 1000),
    lastSuccess: isoOf(lastSuccessMs),
    paused,
    failures,
    lastProblem,
  };
}

function namesOf({ repository, target, role, signers, versions }: SetOrigin) {
  return { repository, target, role, signers, versions };
}

const isoOf = (timeMs: number | null): string | null => (timeMs === null ? null : formatIso(timeMs));

export const inForceSinceMs = (updates: UpdateStatus | null): number | null =>
  updates?.inForce?.sinceMs ?? null;

/** A clock that was set back makes no set younger. */
export function ageMs(updates: UpdateStatus | null, nowMs: number): number | null {
  if (updates === null || updates.confirmedMs === null) return null;
  return Math.max(nowMs, updates.nowMs) - updates.confirmedMs;
}

export function versionsOf(
  updates: UpdateStatus | null,
): readonly (readonly [role: string, version: number])[] {
  return Object.entries(updates?.inForce?.versions ?? {});
}

/** To be out of reach is nothing wrong until the set is old. */
export function updateTroubles(updates: UpdateStatus | null): readonly string[] {
  if (updates === null) return [];
  const { phase, reason, lastProblem } = updates;
  const isRefusal =
    lastProblem !== null && lastProblem.problem !== "unreachable" && lastProblem.problem !== "timed-out";
  return [
    ...(phase === "widened" || phase === "closed" ? [`zones: ${phase}: ${reason ?? ""}`] : []),
    ...(isRefusal ? [`zone updates: ${lastProblem.problem}: ${lastProblem.what}`] : []),
  ];
}
