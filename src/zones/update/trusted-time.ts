import type { TrustFloor } from "./trust-floor.ts";

/** No vehicle runs this code before it was written: a clock that says so is wrong. Moved on with every release. */
export const BUILD_MS = Date.UTC(2026, 10, 24);

/**
 * The time that expiries and ages are judged by: never before the newest of the build, the last signed timestamp, the
 * trusted GNSS time, and the expiry of anything that was found expired. So a clock that is set back revives nothing.
 * A clock that is no number is a clock that cannot be trusted: Infinity, and everything is expired (rule 2).
 */
export function trustedMs(clockMs: number, floor: TrustFloor): number {
  const signedMs = floor.timestamp?.issuedMs ?? 0;
  const nowMs = Math.max(clockMs, BUILD_MS, signedMs, floor.gnssMs, floor.spentMs);
  return Number.isFinite(nowMs) ? nowMs : Infinity;
}
