import type { Rule } from "../../check/rule.ts";

export const sourceIncomplete: Rule = {
  id: "source-incomplete",
  severity: "error",
  asks: "All of an area is there and can be read.",
  remedy: "get it whole, or draw its area by hand",
};
