import { parseIsoMs } from "../../../core/time.ts";
import type { Check } from "../rule.ts";
import { show } from "../show.ts";
import type { Times } from "../times.ts";

export const validity: Check<[times: Times]> = {
  id: "validity",
  severity: "error",
  asks: "What begins at one time and ends at another ends after it begins.",
  remedy: "correct one",
  check({ from, until }) {
    if (from.iso === undefined || until.iso === undefined) return null;
    if (parseIsoMs(until.iso) > parseIsoMs(from.iso)) return null;
    return { at: [until.name], got: show(until.iso), expected: `a time after ${from.name}, ${from.iso}` };
  },
};
