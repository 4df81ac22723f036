import { middleOf, verticesOf } from "../outline.ts";
import type { AdviceRule } from "./advice.ts";
import { isCovered } from "./covers.ts";
import { showPlace } from "./show-place.ts";

/** Out of coverage every frame is dropped anyway: a zone there is at the wrong place, or the coverage is. */
export const zoneOutsideCoverage: AdviceRule = {
  rule: "zone-outside-coverage",
  severity: "warning",
  check({ kind, shapes }, { coverage }) {
    if (kind !== "zone" || coverage.length === 0) return null;
    const middle = middleOf(shapes);
    if ([middle, ...shapes.flatMap(verticesOf)].some((at) => isCovered(coverage, at))) return null;
    return {
      got: `a zone at ${showPlace(middle)}, outside all coverage`,
      expected: "zones in the coverage of their set",
      advice: "check the coordinates; outside the coverage every frame is dropped, zone or not",
    };
  },
};
