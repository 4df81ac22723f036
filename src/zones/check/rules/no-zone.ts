import type { ZoneSetContent } from "../../zone.ts";
import type { Check } from "../rule.ts";

/** However good its files, a set without any zone protects nothing. */
export const noZone: Check<[content: Pick<ZoneSetContent, "zones">]> = {
  id: "no-zone",
  severity: "error",
  asks: "A set has at least one zone.",
  remedy: "check or load it together with the files that have the zones",
  check: ({ zones }) =>
    zones.length > 0
      ? null
      : {
          at: ["features"],
          got: "coverage and regions only, in all files of this set",
          expected: "at least one zone",
        },
};
