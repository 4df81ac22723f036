import type { ZoneSet } from "../zone-set.ts";
import type { Freshness } from "./freshness.ts";
import { closesAtMs, freshnessAt, inPhase } from "./freshness.ts";
import type { FreshnessPolicy } from "./policy.ts";
import type { SetInForce } from "./update-once.ts";

/** The set in force as it ages. */
export interface ZonesInTime {
  readonly inForce: SetInForce | null;
  readonly confirmedMs: number | null;
  take(inForce: SetInForce, confirmedMs: number): void;
  confirm(confirmedMs: number): void;
  /** How fresh it is at a trusted time, and the set for the gate where that has changed. */
  look(nowMs: number): { readonly freshness: Freshness | null; readonly emit: ZoneSet | null };
}

/** What a new confirmation must gain for the gate to get the same set with a later end. */
const WORTH_SHARE = 1 / 8;

export function createZonesInTime(policy: FreshnessPolicy): ZonesInTime {
  let inForce: SetInForce | null = null;
  let confirmedMs: number | null = null;
  let given: { readonly set: ZoneSet; readonly phase: Freshness["phase"]; readonly closesMs: number } | null =
    null;
  const worthMs = policy.closeZoneAgeDays * 24 * 3600 * 1000 * WORTH_SHARE;

  function isAsGiven(set: ZoneSet, phase: Freshness["phase"], closesMs: number): boolean {
    if (given === null || given.set !== set || given.phase !== phase) return false;
    // An earlier end counts at once, a later one when it is worth it.
    return phase === "closed" || (closesMs >= given.closesMs && closesMs < given.closesMs + worthMs);
  }

  return {
    get inForce() {
      return inForce;
    },
    get confirmedMs() {
      return confirmedMs;
    },
    take(next, atMs) {
      inForce = next;
      confirmedMs = atMs;
    },
    confirm(atMs) {
      confirmedMs = atMs;
    },
    look(nowMs) {
      if (inForce === null || confirmedMs === null) return { freshness: null, emit: null };
      const { set } = inForce;
      const times = { expiresMs: set.expiresMs, confirmedMs };
      const freshness = freshnessAt(nowMs, times, policy);
      const closesMs = closesAtMs(set.expiresMs, confirmedMs, policy);
      if (isAsGiven(set, freshness.phase, closesMs)) return { freshness, emit: null };
      given = { set, phase: freshness.phase, closesMs };
      const { phase } = freshness;
      const source = { origin: inForce.origin, phase };
      return { freshness, emit: { ...inPhase(set, phase, closesMs, policy), source } };
    },
  };
}
