import type { Ring } from "../../zone.ts";
import type { Check } from "../rule.ts";

export const ringShort: Check<[ring: Ring]> = {
  id: "ring-short",
  severity: "error",
  asks: "A ring has at least 4 positions.",
  remedy: "a triangle has 4, the first one repeated at the end; a circle is a Point with radiusM",
  check: (ring) =>
    ring.length < 2 * 4 ? { got: `${ring.length / 2} positions`, expected: "at least 4" } : null,
};
