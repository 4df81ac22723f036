import { areaM2 } from "../../outline.ts";
import type { Area } from "../../area.ts";
import type { AreaContext } from "../earlier-version.ts";
import type { Check } from "../rule.ts";

/** Europe's largest training area has 1,000 km². */
const MOST_KM2 = 10_000;

export const hugeArea: Check<[area: Area, context: AreaContext]> = {
  id: "huge-area",
  severity: "warning",
  asks: "A zone is no larger than the largest of sites, 10,000 km².",
  remedy:
    "check for a vertex far away, and that its radius is in metres; a country is a coverage or a region",
  check({ kind, shapes }) {
    const km2 = areaM2(shapes) / 1e6;
    if (kind !== "zone" || km2 <= MOST_KM2) return null;
    return {
      got: `an area of ${Math.round(km2).toLocaleString("en-US")} km²`,
      expected: `at most ${MOST_KM2.toLocaleString("en-US")} km²`,
    };
  },
};
