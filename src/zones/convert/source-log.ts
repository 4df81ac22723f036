import { MAX_LISTED } from "../check/findings.ts";
import type { FileReport } from "../load-zones.ts";
import type { Mistake } from "../check/mistake.ts";
import { printable } from "../check/show.ts";
import type { Report } from "./draft.ts";

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
      return ({ severity = "error", rule, line, path, got, expected, advice }) => {
        if (!entry) return;
        entry[severity] += 1;
        if (entry[severity] > MAX_LISTED) return;
        const text = { path: printable(path), got: printable(got), expected: printable(expected) };
        entry.mistakes.push({ severity, rule, file, line, column: 1, ...text, advice: printable(advice) });
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
