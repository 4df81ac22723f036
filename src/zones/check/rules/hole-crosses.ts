import type { EdgeMeeting } from "../edge-meeting.ts";
import type { Edges } from "../edges.ts";
import { passesThrough, type Touch } from "../touches.ts";
import type { RingsRule } from "../rule.ts";

interface HoleCrosses extends RingsRule<[meeting: EdgeMeeting]> {
  /** Two rings that touch at a vertex may cross there all the same. */
  readonly isBrokenAt: (edges: Edges, touch: Touch) => boolean;
}

export const holeCrosses: HoleCrosses = {
  id: "hole-crosses",
  severity: "error",
  asks: "The edge of a hole crosses no other ring.",
  remedy: "redraw the hole, or make it a gap in the outline",
  got: "a hole whose edge crosses another ring",
  expected: "holes inside the shell",
  isBroken: ({ kind, inOneRing }) => !inOneRing && kind === "cross",
  isBrokenAt: passesThrough,
};
