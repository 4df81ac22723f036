import { areaM2 } from "../outline.ts";
import type { AdviceRule } from "./advice.ts";

/** Europe's largest training area has 1,000 km². */
const MOST_KM2 = 10_000;

export const hugeArea: AdviceRule = {
  rule: "huge-area",
  severity: "warning",
  check({ kind, shapes }) {
    const km2 = areaM2(shapes) / 1e6;
    if (kind !== "zone" || km2 <= MOST_KM2) return null;
    return {
      got: `an area of ${Math.round(km2).toLocaleString("en-US")} km²`,
      expected: `at most ${MOST_KM2.toLocaleString("en-US")} km²`,
      advice:
        "check for a vertex far away, and that its radius is in metres; a country is a coverage or a region",
    };
  },
};
