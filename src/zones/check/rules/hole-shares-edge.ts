import type { EdgeMeeting } from "../edge-meeting.ts";
import type { RingsRule } from "../rule.ts";

export const holeSharesEdge: RingsRule<[meeting: EdgeMeeting]> = {
  id: "hole-shares-edge",
  severity: "error",
  asks: "A hole meets other rings at single points at most.",
  remedy: "cut the hole out of the outline, or join the two holes",
  got: "a hole that shares an edge with another ring",
  expected: "rings that touch at single points at most",
  isBroken: ({ kind, inOneRing }) => !inOneRing && kind === "overlap",
};
