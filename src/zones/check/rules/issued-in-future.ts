import { formatIso, parseIsoMs } from "../../../core/time.ts";
import type { Check } from "../rule.ts";
import { show } from "../show.ts";
import type { Times } from "../times.ts";

export const issuedInFuture: Check<[times: Times, nowMs: number]> = {
  id: "issued-in-future",
  severity: "warning",
  asks: "A file was issued before now.",
  remedy: "check the clocks of the issuer and of this machine",
  check: ({ from: { name, iso = "" } }, nowMs) =>
    parseIsoMs(iso) > nowMs
      ? { at: [name], got: show(iso), expected: `a time up to ${formatIso(nowMs)}` }
      : null,
};
