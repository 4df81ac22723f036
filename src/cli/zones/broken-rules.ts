import { RULES } from "../../zones/check/all-rules.ts";
import type { FileReport } from "../../zones/load-zones.ts";

/** A rule that a zone file breaks, and where; nothing of the file itself, which may be a secret place. */
export interface BrokenRule {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly asks: string;
}

/** The errors among the mistakes of files. */
export function brokenRules(reports: readonly FileReport[]): readonly BrokenRule[] {
  const errors = reports.flatMap(({ mistakes }) => mistakes.filter(({ severity }) => severity === "error"));
  return errors.map(({ file, line, rule }) => {
    const asks = RULES.find(({ id }) => id === rule)?.asks ?? "A rule is broken.";
    return { file, line, rule, asks };
  });
}

/** `FILE:LINE RULE: what it asks for`, a line each. */
export const brokenRuleLines = (reports: readonly FileReport[]): string =>
  brokenRules(reports)
    .map(({ file, line, rule, asks }) => `${file}:${line} ${rule}: ${asks}\n`)
    .join("");
