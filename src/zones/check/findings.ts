import { findingOf, type Finding, type JsonPath } from "./mistake.ts";
import type { Problem, Rule, Severity } from "./rule.ts";

/** How many mistakes of each severity are listed for one file; the rest is counted. */
export const MAX_LISTED = 100;

/** Collects the mistakes of one file. Counts all of them and keeps the first `MAX_LISTED` of each severity. */
export interface Findings {
  readonly add: (finding: Finding) => void;
  /** Adds what a rule found wrong with the value at `path`. True when that was nothing. */
  readonly passes: (rule: Rule, problem: Problem | null, path: JsonPath) => boolean;
  readonly count: (severity: Severity) => number;
  readonly listed: () => readonly Finding[];
}

export function createFindings(): Findings {
  const counts = { error: 0, warning: 0 };
  const kept: Finding[] = [];
  const add = (finding: Finding) => {
    const severity = finding.severity ?? finding.rule.severity;
    counts[severity] += 1;
    if (counts[severity] <= MAX_LISTED) kept.push(finding);
  };
  return {
    add,
    passes(rule, problem, path) {
      if (problem !== null) add(findingOf(rule, problem, path));
      return problem === null;
    },
    count: (severity) => counts[severity],
    listed: () => kept,
  };
}
