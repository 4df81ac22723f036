import { distanceFrom, planeAt } from "../../../core/plane.ts";
import { middleOf } from "../../outline.ts";
import type { Area } from "../../area.ts";
import type { AreaContext } from "../earlier-version.ts";
import type { Check } from "../rule.ts";
import { isCovered } from "../covers.ts";
import { showPlace } from "../show-place.ts";

/** A zone that would be where this set, or its earlier version, is at home, if latitude and longitude changed places. */
export const swappedAxes: Check<[area: Area, context: AreaContext]> = {
  id: "swapped-axes",
  severity: "warning",
  asks: "A zone does not lie where it would with latitude and longitude swapped back.",
  remedy: "write the longitude first; swap them in the whole feature",
  check(area, context) {
    const at = middleOf(area.shapes);
    const swapped = { lonDeg: at.latDeg, latDeg: at.lonDeg };
    if (area.kind !== "zone" || Math.abs(swapped.latDeg) > 90) return null;
    if (!isAtHome(area, swapped, context) || isAtHome(area, at, context)) return null;
    return {
      got: `a place at ${showPlace(at)}, far from the coverage or its earlier place`,
      expected: `one at ${showPlace(swapped)}`,
    };
  },
};

const NEAR_M = 20_000;

function isAtHome({ id }: Area, at: Parameters<typeof isCovered>[1], context: AreaContext): boolean {
  const before = context.earlier?.zone(id);
  if (before) return distanceFrom(planeAt(middleOf(before.shapes)), at) < NEAR_M;
  return isCovered(context.coverage, at) || isCovered(context.earlier?.coverage ?? [], at);
}
