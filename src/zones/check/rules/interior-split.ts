import type { Edges } from "../edges.ts";
import { closesLoop, type Touch } from "../touches.ts";
import type { RingsRule } from "../rule.ts";

interface InteriorSplit extends RingsRule<[edges: Edges, touches: readonly Touch[]]> {
  /** The touch by which the interior comes apart. */
  readonly where: (edges: Edges, touches: readonly Touch[]) => Touch | undefined;
}

const where = (edges: Edges, touches: readonly Touch[]) => touches.find(closesLoop(edges));

/** Rings that touch each other in a closed chain cut off what they surround. */
export const interiorSplit: InteriorSplit = {
  id: "interior-split",
  severity: "error",
  asks: "Holes leave the area in one piece.",
  remedy: "make a polygon of each piece (a MultiPolygon)",
  got: "holes that cut the area in two",
  expected: "an area in one piece",
  isBroken: (edges, touches) => where(edges, touches) !== undefined,
  where,
};
