import type { Finding } from "../../audit/finding.ts";
import { KINDS, isError } from "../../audit/finding.ts";
import type { LedgerSummary } from "../../audit/ledger-summary.ts";
import type { Verification } from "../../audit/verify-ledger.ts";

/** One line per finding: where, how bad, what, and what it means. */
export function findingLines(findings: readonly Finding[], colour: boolean): string {
  return findings.map((finding) => `${findingLine(finding, colour)}\n`).join("");
}

function findingLine(finding: Finding, colour: boolean): string {
  const { file, line, kind, what } = finding;
  const severity = isError(finding) ? "error  " : "warning";
  const painted = colour ? `\u001B[${isError(finding) ? 31 : 33}m${severity}\u001B[0m` : severity;
  return `${file}:${line}  ${painted}  ${kind}: ${what}; ${KINDS[kind].means}`;
}

const VERDICTS: Readonly<Record<Verification["verdict"], string>> = {
  sound: "sound: every signed line is as it was written, and all sums add up",
  unbalanced: "unbalanced: it is as it was written, but its counts do not add up",
  "cut-off": "cut off: lines that were written are missing; nothing else was changed",
  tampered: "tampered: it is not as it was written",
  "wrong-key": "wrong key: it was not signed with the key that is trusted",
  unreadable: "unreadable: a file is no ledger of this version",
};

export function verdictLine({ verdict }: Verification): string {
  return `${VERDICTS[verdict]}\n`;
}

/** What a ledger tells, for a terminal. */
export function ledgerTable(summary: LedgerSummary): string {
  const { frames, segments } = summary;
  const rows = summary.byReason.map((row) => [row.reason, row] as const);
  const cameras = summary.byCamera.map((row) => [`camera ${row.camera}`, row] as const);
  const width = Math.max(...[...rows, ...cameras].map(([name]) => name.length), "reason".length);
  const table = [...rows, ...cameras].map(([name, row]) => `${name.padEnd(width)}  ${columns(cellsOf(row))}`);
  const lines = [
    `period       ${summary.from ?? "?"} to ${summary.to ?? "?"}`,
    `written      ${counted(summary.lines, "line")} in ${counted(summary.files, "file")}, ${counted(summary.sessions, "session")}, ${counted(summary.checkpoints, "checkpoint")}`,
    `told         ${counted(summary.restrictions, "restriction")}, ${counted(summary.zoneSets, "zone set")}, ${counted(summary.revocations, "revocation")}`,
    "",
    `${"reason".padEnd(width)}  ${columns(["passed", "blurred", "dropped", "lost"])}`,
    ...table,
    "",
    `frames in ${frames.in} = passed ${frames.passed} + blurred ${frames.blurred} + dropped ${frames.dropped} + lost ${frames.lost}`,
    `segments sealed ${segments.sealed}, sent ${segments.sent}, destroyed ${segments.destroyed}, lost ${segments.lost}; stored now ${segments.stored}`,
  ];
  return `${lines.join("\n")}\n`;
}

function cellsOf(row: Omit<LedgerSummary["frames"], "in">): string[] {
  return [row.passed, row.blurred, row.dropped, row.lost].map((count) => (count === 0 ? "·" : String(count)));
}

function columns(texts: readonly string[]): string {
  return texts.map((text) => text.padStart(10)).join("");
}

function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
