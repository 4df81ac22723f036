import type { FileReport } from "../../zones/load-zones.ts";
import type { Mistake } from "../../zones/check/mistake.ts";

/** The mistakes of all files, as a linter prints them, and a line with their numbers; empty when there are none. */
export function formatReports(reports: readonly FileReport[], colour: boolean): string {
  const wrong = reports.filter(({ errorCount, warningCount }) => errorCount + warningCount > 0);
  if (wrong.length === 0) return "";
  const paint = colour ? painted : plain;
  return `${wrong.map((report) => formatFile(report, paint)).join("\n")}\n${closing(reports)}\n`;
}

type Paint = (text: string, severity: Mistake["severity"]) => string;

const plain: Paint = (text) => text;
const painted: Paint = (text, severity) => `\u001b[${severity === "error" ? 31 : 33}m${text}\u001b[0m`;

function formatFile({ mistakes, errorCount, warningCount }: FileReport, paint: Paint): string {
  const rest = errorCount + warningCount - mistakes.length;
  const lines = mistakes.map((mistake) => formatMistake(mistake, paint));
  return [...lines, ...(rest > 0 ? [`  … and ${rest} more in this file\n`] : [])].join("");
}

function formatMistake(mistake: Mistake, paint: Paint): string {
  const { file, line, column, severity, path, rule, got, expected, advice } = mistake;
  const where = path === "" ? rule : `${rule} at ${path}`;
  return `${file}:${line}:${column}  ${paint(severity.padEnd(7), severity)}  got ${got}, expected ${expected}; ${advice}  (${where})\n`;
}

function closing(reports: readonly FileReport[]): string {
  const errors = reports.reduce((sum, { errorCount }) => sum + errorCount, 0);
  const warnings = reports.reduce((sum, { warningCount }) => sum + warningCount, 0);
  return `${count(errors, "error")}, ${count(warnings, "warning")} in ${count(reports.length, "file")}`;
}

/** `1 file`, `2 files` */
export const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
