import type { Rule } from "../../check/rule.ts";

export const sourceFormat: Rule = {
  id: "source-format",
  severity: "error",
  asks: "The file is what its format says, from its beginning to its end.",
  remedy: "export it again; a cut-off file has lost areas",
};
