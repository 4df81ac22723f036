import type { RingsRule } from "../rule.ts";

/** Of the rings that a hole lies in. */
export const holeInHole: RingsRule<[around: ReadonlySet<number>]> = {
  id: "hole-in-hole",
  severity: "error",
  asks: "A hole lies outside all other holes.",
  remedy: "make the inner one a polygon of its own (a MultiPolygon)",
  got: "a hole in a hole",
  expected: "holes outside each other",
  isBroken: (around) => around.size > 1,
};
