import type { EdgeMeeting } from "../edge-meeting.ts";
import type { RingsRule } from "../rule.ts";

export const ringTouchesItself: RingsRule<[meeting: EdgeMeeting]> = {
  id: "ring-touches-itself",
  severity: "error",
  asks: "An outline comes to each place at most once.",
  remedy: "make two polygons (a MultiPolygon) or a hole of the parts that touch",
  got: "an outline that touches itself",
  expected: "each place at most once in a ring",
  isBroken: ({ kind, inOneRing, areNeighbours }) => inOneRing && kind === "touch" && !areNeighbours,
};
