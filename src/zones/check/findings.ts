import type { Finding, Severity } from "./mistake.ts";

/** How many mistakes of each severity are listed for one file; the rest is counted. */
export const MAX_LISTED = 100;

/** Collects the mistakes of one file. Counts all of them and keeps the first `MAX_LISTED` of each severity. */
export interface Findings {
  readonly add: (finding: Finding) => void;
  readonly count: (severity: Severity) => number;
  readonly listed: () => readonly Finding[];
}

export function createFindings(): Findings {
  const counts = { error: 0, warning: 0 };
  const kept: Finding[] = [];
  return {
    add(finding) {
      const severity = finding.severity ?? "error";
      counts[severity] += 1;
      if (counts[severity] <= MAX_LISTED) kept.push(finding);
    },
    count: (severity) => counts[severity],
    listed: () => kept,
  };
}
