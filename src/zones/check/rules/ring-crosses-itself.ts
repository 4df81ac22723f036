import type { EdgeMeeting } from "../edge-meeting.ts";
import type { RingsRule } from "../rule.ts";

export const ringCrossesItself: RingsRule<[meeting: EdgeMeeting]> = {
  id: "ring-crosses-itself",
  severity: "error",
  asks: "An outline does not cross itself.",
  remedy: "move or swap the vertices there",
  got: "edges that cross",
  expected: "an outline that does not cross itself: else the inside is a matter of opinion",
  isBroken: ({ kind, inOneRing }) => inOneRing && kind === "cross",
};
