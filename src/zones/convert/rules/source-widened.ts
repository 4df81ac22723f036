import type { Rule } from "../../check/rule.ts";

export const sourceWidened: Rule = {
  id: "source-widened",
  severity: "warning",
  asks: "Times are those of a zone file: from when until when, and at what times of day.",
  remedy: "nothing to do: it restricts for longer than the source says, never shorter",
};
