import { areaM2 } from "../../outline.ts";
import type { Area } from "../../area.ts";
import type { AreaContext } from "../earlier-version.ts";
import type { Check } from "../rule.ts";

/** A site smaller than a garage is a slip of the mouse, or lost its digits when it was rounded. */
const LEAST_M2 = 25;

export const tinyArea: Check<[area: Area, context: AreaContext]> = {
  id: "tiny-area",
  severity: "warning",
  asks: "A zone is no smaller than a garage, 25 m².",
  remedy: "check that its coordinates were not rounded, and that its radius is in metres",
  check({ kind, shapes }) {
    const m2 = areaM2(shapes);
    if (kind !== "zone" || m2 >= LEAST_M2) return null;
    return {
      got: `an area of ${m2.toPrecision(2)} m²`,
      expected: `at least ${LEAST_M2} m²`,
    };
  },
};
