import { distanceFrom, planeAt } from "../../../core/plane.ts";
import { middleOf } from "../../outline.ts";
import { overlaps } from "../../overlap.ts";
import type { Area } from "../../area.ts";
import type { AreaContext } from "../earlier-version.ts";
import type { Check } from "../rule.ts";

/** A site keeps its ground: one that has nothing in common with its earlier outline is another site, or misplaced. */
export const movedAway: Check<[area: Area, context: AreaContext]> = {
  id: "moved-away",
  severity: "warning",
  asks: "A zone overlaps the place of its earlier version.",
  remedy: "check the datum and the coordinates; a different site gets an id of its own",
  check({ kind, id, shapes }, { earlier }) {
    const before = kind === "zone" ? earlier?.zone(id) : null;
    if (!before || overlaps(before.shapes, shapes)) return null;
    const movedM = distanceFrom(planeAt(middleOf(before.shapes)), middleOf(shapes));
    return {
      got: `a zone ${Math.round(movedM)} m from where it was, without any overlap`,
      expected: "an outline that overlaps the earlier one",
    };
  },
};
