import type { Check } from "../rule.ts";
import { show } from "../show.ts";

export const empty: Check<[features: unknown]> = {
  id: "empty",
  severity: "error",
  asks: "A file has at least one feature.",
  remedy: "draw the areas, or delete the file: an empty fence protects nothing",
  check(features) {
    if (Array.isArray(features) && features.length > 0) return null;
    return {
      at: ["features"],
      got: Array.isArray(features) ? "no feature" : show(features),
      expected: "a list of features, with at least one",
    };
  },
};
