import { formatIso, parseIsoMs } from "../../../core/time.ts";
import type { Check } from "../rule.ts";
import type { Times } from "../times.ts";

export const expired: Check<[times: Times, nowMs: number]> = {
  id: "expired",
  severity: "error",
  asks: "A file has not expired.",
  remedy: "get a new issue of this file; vehicles drop every frame with this one",
  check({ until: { name, iso = "" } }, nowMs) {
    // Written so that a clock without a time, NaN, counts as too late.
    if (nowMs < parseIsoMs(iso)) return null;
    const now = Number.isFinite(nowMs) ? formatIso(nowMs) : "now";
    return { at: [name], got: `a file that expired at ${iso}`, expected: `a time after ${now}` };
  },
};
