import type { Check } from "../rule.ts";
import type { SchemaIssue } from "../schema-issue.ts";
import { show } from "../show.ts";

/** What the schema says of any member whose name it knows. */
export const value: Check<[issue: SchemaIssue]> = {
  id: "value",
  severity: "error",
  asks: "Each member is there where it must be, with a value of its kind and within its range.",
  remedy: "add it, or correct it",
  check: ({ got, expected, isNumberAsText }) => ({
    got: show(got),
    expected,
    advice: got === undefined ? "add it" : isNumberAsText ? "write the number without quotes" : "correct it",
  }),
};
