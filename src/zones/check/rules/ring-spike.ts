import type { EdgeMeeting } from "../edge-meeting.ts";
import type { RingsRule } from "../rule.ts";

export const ringSpike: RingsRule<[meeting: EdgeMeeting]> = {
  id: "ring-spike",
  severity: "error",
  asks: "An outline does not run back over itself.",
  remedy: "delete the vertex at the tip",
  got: "edges that run back over each other",
  expected: "an outline without spikes and without parts of no width",
  isBroken: ({ kind, inOneRing }) => inOneRing && kind === "overlap",
};
