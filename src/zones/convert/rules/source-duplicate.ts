import type { Rule } from "../../check/rule.ts";

export const sourceDuplicate: Rule = {
  id: "source-duplicate",
  severity: "warning",
  asks: "A feature is there once.",
  remedy: "nothing to do: one zone stands for both",
};
