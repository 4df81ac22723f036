import type * as z from "zod";
import type { Step } from "./mistake.ts";

/** What a schema says of a member whose name it knows. */
export interface SchemaIssue {
  /** From the object that was checked. */
  readonly path: readonly Step[];
  /** The value there; undefined where it is missing. */
  readonly got: unknown;
  readonly expected: string;
  readonly isNumberAsText: boolean;
}

type Issue = z.core.$ZodIssue;

export const schemaIssue = (issue: Issue, path: readonly Step[], got: unknown): SchemaIssue => ({
  path,
  got,
  expected: expectedIn(issue),
  isNumberAsText: issue.code === "invalid_type" && issue.expected === "number" && typeof got === "string",
});

/** The schemas' messages say what was expected; only where something else stands for an object, zod says it. */
const expectedIn = (issue: Issue) =>
  issue.code === "invalid_type" && issue.message.startsWith("Invalid input")
    ? `an ${issue.expected}`
    : issue.message;
