import type { RingsRule } from "../rule.ts";

const SHELL = 0;

/** Of the rings that a hole lies in. */
export const holeOutside: RingsRule<[around: ReadonlySet<number>]> = {
  id: "hole-outside",
  severity: "error",
  asks: "A hole lies inside its shell.",
  remedy: "make it a polygon of its own (a MultiPolygon) if it is an area, or delete it",
  got: "a hole outside its shell",
  expected: "the first ring of a polygon to be the outline, the others to lie in it",
  isBroken: (around) => !around.has(SHELL),
};
