import type { ZoneSet } from "../zone-set.ts";
import { widenZones } from "../widen-zones.ts";
import type { FreshnessPolicy } from "./policy.ts";
import type { SetSource } from "./stored-set.ts";

export type Phase = SetSource["phase"];

export interface Freshness {
  readonly phase: Phase;
  /** null while fresh. */
  readonly reason: string | null;
  /** When the next phase begins; Infinity for the last. */
  readonly untilMs: number;
}

const DAY_MS = 24 * 3600 * 1000;

/** From then on every frame is dropped. */
export function closesAtMs(expiresMs: number, confirmedMs: number, policy: FreshnessPolicy): number {
  return Math.min(expiresMs, confirmedMs + policy.closeZoneAgeDays * DAY_MS);
}

/**
 * How far a set may still be relied on at a trusted time, by its own expiry and by when the repository last vouched for
 * it. Written so that NaN closes.
 */
export function freshnessAt(
  nowMs: number,
  { expiresMs, confirmedMs }: { readonly expiresMs: number; readonly confirmedMs: number },
  policy: FreshnessPolicy,
): Freshness {
  const { maxZoneAgeDays, closeZoneAgeDays, staleMarginM } = policy;
  if (!(nowMs < expiresMs)) return closed("zones-expired: the set's own time is over");
  if (!(nowMs < confirmedMs + closeZoneAgeDays * DAY_MS))
    return closed(`zones-expired: no repository vouched for the set for ${closeZoneAgeDays} days`);
  const closeMs = closesAtMs(expiresMs, confirmedMs, policy);
  const widenMs = confirmedMs + maxZoneAgeDays * DAY_MS;
  if (nowMs < widenMs) return { phase: "fresh", reason: null, untilMs: Math.min(widenMs, closeMs) };
  const reason = `no repository vouched for the set for ${maxZoneAgeDays} days: all zones reach ${staleMarginM} m farther`;
  return { phase: "widened", reason, untilMs: closeMs };
}

const closed = (reason: string): Freshness => ({ phase: "closed", reason, untilMs: Infinity });

/**
 * The set as the gate is to have it. It ends by itself when it closes, should nobody come to close it; a closed one has
 * ended before any frame, whatever the clock of the frames says.
 */
export function inPhase(set: ZoneSet, phase: Phase, closesMs: number, policy: FreshnessPolicy): ZoneSet {
  if (phase === "closed") return { ...set, expiresMs: 0 };
  const ending = { ...set, expiresMs: Math.min(set.expiresMs, closesMs) };
  return phase === "widened" ? widenZones(ending, policy.staleMarginM) : ending;
}
