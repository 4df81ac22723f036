import type { Check } from "../rule.ts";
import { show } from "../show.ts";

/** Of the id of feature `index`, which feature `first` of the same file has already. */
export const duplicateId: Check<[id: string, first: number, index: number]> = {
  id: "duplicate-id",
  severity: "error",
  asks: "An id stands only once in a file.",
  remedy: "rename one, or make one MultiPolygon of the two",
  check: (id, first, index) =>
    first === index
      ? null
      : {
          at: [index, "properties", "id"],
          got: `${show(id)}, which features[${first}] has already`,
          expected: "an id of its own",
        },
};
