import { MAX_LISTED } from "../check/findings.ts";
import type { FileReport } from "../load-zones.ts";
import type { Mistake } from "../check/mistake.ts";
import { printable } from "../check/show.ts";
import type { Report, SourceProblem } from "./draft.ts";

/** Collects what is wrong with several source files; keeps the first 100 errors and warnings of each. */
export interface SourceLog {
  readonly of: (file: string) => Report;
  readonly errorCount: () => number;
  readonly reports: () => readonly FileReport[];
}

export function createSourceLog(files: readonly string[]): SourceLog {
  const entries = new Map(files.map((file) => [file, { mistakes: [] as Mistake[], error: 0, warning: 0 }]));
  return {
    of(file) {
      const entry = entries.get(file);
      return (problem) => {
        if (!entry) return;
        const mistake = isMistake(problem) ? problem : toMistake(file, problem);
        entry[mistake.severity] += 1;
        if (entry[mistake.severity] <= MAX_LISTED) entry.mistakes.push(mistake);
      };
    },
    errorCount: () => [...entries.values()].reduce((sum, { error }) => sum + error, 0),
    reports: () =>
      [...entries].map(([file, { mistakes, error, warning }]) => ({
        file,
        mistakes: mistakes.toSorted((a, b) => a.line - b.line),
        errorCount: error,
        warningCount: warning,
      })),
  };
}

const isMistake = (problem: SourceProblem | Mistake): problem is Mistake => typeof problem.rule === "string";

function toMistake(file: string, { rule, line, path, got, expected, ...problem }: SourceProblem): Mistake {
  const { severity = rule.severity, advice = rule.remedy } = problem;
  const text = { got: printable(got), expected: printable(expected), advice: printable(advice) };
  return { severity, rule: rule.id, file, path: printable(path), line, column: 1, ...text };
}
