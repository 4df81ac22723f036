import type { Ring } from "../../zone.ts";
import type { Check } from "../rule.ts";
import { show } from "../show.ts";

export const ringOpen: Check<[ring: Ring]> = {
  id: "ring-open",
  severity: "error",
  asks: "A ring ends at the position where it begins.",
  remedy: "repeat its first position at its end",
  check: (ring) =>
    ring[0] === ring.at(-2) && ring[1] === ring.at(-1)
      ? null
      : {
          at: [ring.length / 2 - 1],
          got: `a ring that ends at ${show([...ring.subarray(-2)])}`,
          expected: `that it ends where it begins, at ${show([...ring.subarray(0, 2)])}`,
        },
};
