import type { Problem, Rule, Severity } from "./rule.ts";
import { show } from "./show.ts";

/** A member name or an element number. */
export type Step = string | number;

/**
 * Where in the JSON text a value stands: the last step to it, and the way to the object or list that holds it; null is the
 * top. Linked, since a path is made for every value that is checked and read for hardly any.
 */
export type JsonPath = { readonly up: JsonPath; readonly step: Step } | null;

export const under = (up: JsonPath, ...steps: readonly Step[]): JsonPath =>
  steps.reduce<JsonPath>((path, step) => ({ up: path, step }), up);

/** The steps from the top. */
export function stepsOf(path: JsonPath): readonly Step[] {
  const steps: Step[] = [];
  for (let at = path; at; at = at.up) steps.unshift(at.step);
  return steps;
}

/** A place that no path leads to. */
export interface InText {
  readonly offset: number;
  /** What is there, instead of a path. */
  readonly name: string;
}

/** One mistake before its line is known. */
export interface Finding {
  /** @default that of the rule */
  readonly severity?: Severity;
  readonly rule: Rule;
  readonly at: JsonPath | InText;
  readonly got: string;
  readonly expected: string;
  /** What to do. @default the rule's remedy */
  readonly advice?: string;
}

/** A problem of what stands at `path`. */
export const findingOf = (rule: Rule, { at = [], ...problem }: Problem, path: JsonPath): Finding => ({
  rule,
  at: under(path, ...at),
  ...problem,
});

/** One mistake of a zone file, good enough to mend it without any other help. */
export interface Mistake {
  readonly severity: Severity;
  /** The id of the rule. */
  readonly rule: string;
  readonly file: string;
  /** JSON path such as `features[3].geometry.coordinates[0][5]`; empty for the whole file. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 code units. */
  readonly column: number;
  readonly got: string;
  readonly expected: string;
  readonly advice: string;
}

/** `features[3].properties.id` */
export function pathText(path: JsonPath): string {
  return stepsOf(path)
    .map((step) =>
      typeof step === "number" ? `[${step}]` : PLAIN_NAME.test(step) ? `.${step}` : `[${show(step)}]`,
    )
    .join("")
    .replace(/^\./, "");
}

const PLAIN_NAME = /^[A-Za-z_][\w-]*$/;
