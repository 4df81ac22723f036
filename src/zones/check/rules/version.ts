import type { Check } from "../rule.ts";
import type { SchemaIssue } from "../schema-issue.ts";
import { show } from "../show.ts";

export const version: Check<[issue: SchemaIssue]> = {
  id: "version",
  severity: "error",
  asks: "The file says which version of the format it has, and it is one that is read.",
  remedy: "write the version that the file follows, or get a camfence that reads it",
  check: ({ path, got, expected }) =>
    path[0] === "version"
      ? { got: `version ${show(got)}`, expected, ...(got === undefined ? { advice: "add it" } : {}) }
      : null,
};
