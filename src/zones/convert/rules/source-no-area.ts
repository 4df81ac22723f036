import type { Rule } from "../../check/rule.ts";

export const sourceNoArea: Rule = {
  id: "source-no-area",
  severity: "error",
  asks: "A feature has an area, or a rule leaves it out.",
  remedy: "draw its area, or leave it out by a rule: { match: { $geometry: … }, skip: why }",
};
