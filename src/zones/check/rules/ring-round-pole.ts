import type { Ring } from "../../zone.ts";
import type { Check } from "../rule.ts";

/** Of a closed ring whose longitudes run on over the antimeridian. */
export const ringRoundPole: Check<[unwrapped: Ring]> = {
  id: "ring-round-pole",
  severity: "error",
  asks: "A ring does not go once around the earth.",
  remedy:
    "split an area over a pole at the antimeridian; there, use either 180 or -180 in one ring, not both",
  check: (unwrapped) =>
    unwrapped[0] === unwrapped.at(-2)
      ? null
      : {
          got: "a ring that goes once around the earth",
          expected: "a ring that comes back to its first longitude",
        },
};
