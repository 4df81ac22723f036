import type { Rule } from "../../check/rule.ts";

export const sourceCategory: Rule = {
  id: "source-category",
  severity: "error",
  asks: "A feature has a category, by the source, by --category or by a rule.",
  remedy: "pass --category military, or write a rule for it: --rules FILE",
};
