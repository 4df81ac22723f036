import type { Rule } from "./mistake.ts";

/** What was got, what was expected and what to do, for a flaw of a polygon at a vertex. */
export function flawText(
  rule: Rule,
  lonDeg: number,
  latDeg: number,
): { readonly got: string; readonly expected: string; readonly advice: string } {
  const [got, expected, advice] = TEXTS[rule] ?? [rule, "a valid polygon", "draw it again"];
  return { got: `${got} near ${round(lonDeg)},${round(latDeg)}`, expected, advice };
}

type Text = readonly [got: string, expected: string, advice: string];

const TEXTS: Readonly<Partial<Record<Rule, Text>>> = {
  "ring-collapsed": ["a ring with fewer than 3 different vertices", "an area", "draw it again, or delete it"],
  "ring-spike": [
    "edges that run back over each other",
    "an outline without spikes and without parts of no width",
    "delete the vertex at the tip",
  ],
  "ring-crosses-itself": [
    "edges that cross",
    "an outline that does not cross itself: else the inside is a matter of opinion",
    "move or swap the vertices there",
  ],
  "ring-touches-itself": [
    "an outline that touches itself",
    "each place at most once in a ring",
    "make two polygons (a MultiPolygon) or a hole of the parts that touch",
  ],
  "hole-crosses": [
    "a hole whose edge crosses another ring",
    "holes inside the shell",
    "redraw the hole, or make it a gap in the outline",
  ],
  "hole-shares-edge": [
    "a hole that shares an edge with another ring",
    "rings that touch at single points at most",
    "cut the hole out of the outline, or join the two holes",
  ],
  "hole-outside": [
    "a hole outside its shell",
    "the first ring of a polygon to be the outline, the others to lie in it",
    "make it a polygon of its own (a MultiPolygon) if it is an area, or delete it",
  ],
  "hole-in-hole": [
    "a hole in a hole",
    "holes outside each other",
    "make the inner one a polygon of its own (a MultiPolygon)",
  ],
  "interior-split": [
    "holes that cut the area in two",
    "an area in one piece",
    "make a polygon of each piece (a MultiPolygon)",
  ],
  "too-tangled": [
    "edges too long and too many to be checked",
    "an outline whose edges are short beside its size",
    "simplify it, or split it",
  ],
};

const round = (deg: number) => Number(deg.toFixed(6));
