import { parseIsoMs } from "../../../core/time.ts";
import type { Check } from "../rule.ts";
import { show } from "../show.ts";
import type { Times } from "../times.ts";

export const zoneOver: Check<[times: Times, nowMs: number]> = {
  id: "zone-over",
  severity: "warning",
  asks: "A zone restricts now or at some time to come.",
  remedy: "this zone restricts nothing any more: delete it, or give it a later end",
  check: ({ until }, nowMs) =>
    until.iso !== undefined && parseIsoMs(until.iso) <= nowMs
      ? { at: [until.name], got: show(until.iso), expected: "a time to come" }
      : null,
};
