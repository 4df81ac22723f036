import { middleOf, verticesOf } from "../../outline.ts";
import type { Area } from "../../area.ts";
import type { AreaContext } from "../earlier-version.ts";
import type { Check } from "../rule.ts";
import { isCovered } from "../covers.ts";
import { showPlace } from "../show-place.ts";

/** Out of coverage every frame is dropped anyway: a zone there is at the wrong place, or the coverage is. */
export const zoneOutsideCoverage: Check<[area: Area, context: AreaContext]> = {
  id: "zone-outside-coverage",
  severity: "warning",
  asks: "A zone lies in the coverage of its set.",
  remedy: "check the coordinates; outside the coverage every frame is dropped, zone or not",
  check({ kind, shapes }, { coverage }) {
    if (kind !== "zone" || coverage.length === 0) return null;
    const middle = middleOf(shapes);
    if ([middle, ...shapes.flatMap(verticesOf)].some((at) => isCovered(coverage, at))) return null;
    return {
      got: `a zone at ${showPlace(middle)}, outside all coverage`,
      expected: "zones in the coverage of their set",
    };
  },
};
