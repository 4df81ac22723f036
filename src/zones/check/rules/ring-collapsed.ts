import type { Ring } from "../../zone.ts";
import type { RingsRule } from "../rule.ts";

/** Of a ring without consecutive repetitions. */
export const ringCollapsed: RingsRule<[ring: Ring]> = {
  id: "ring-collapsed",
  severity: "error",
  asks: "A ring has at least 3 different vertices.",
  remedy: "draw it again, or delete it",
  got: "a ring with fewer than 3 different vertices",
  expected: "an area",
  isBroken: (ring) => ring.length < 2 * 4,
};
