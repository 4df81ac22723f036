import { checkChain } from "./check-chain.ts";
import { checkSessions } from "./check-sessions.ts";
import { checkSignatures } from "./check-signatures.ts";
import type { Finding, LedgerVerdict } from "./finding.ts";
import { verdictOf } from "./finding.ts";
import type { Entry, NamedBytes } from "./ledger-entries.ts";
import { readEntries } from "./ledger-entries.ts";
import { cutLines } from "./ledger-files.ts";
import type { LedgerSummary } from "./ledger-summary.ts";
import { summarize } from "./ledger-summary.ts";
import { NO_LINE, hashOf, readLine } from "./line-bytes.ts";
import type { PublicKey } from "./signing-key.ts";

export interface VerifyOptions {
  /** Keys that may have signed it. @default the one in its first header, with a warning */
  readonly keys?: readonly PublicKey[];
  /** Copies of checkpoints, kept beside the ledger or elsewhere: it must hold each. */
  readonly heads?: readonly NamedBytes[];
  /** Hashes of lines that it must hold. */
  readonly hashes?: readonly string[];
  /** Hash of the line before the first, where the files before are kept elsewhere. @default the ledger is whole */
  readonly after?: string;
}

export interface Verification {
  readonly verdict: LedgerVerdict;
  /** In the order of the lines. */
  readonly findings: readonly Finding[];
  readonly summary: LedgerSummary;
}

/**
 * Checks a ledger without trusting it or the vehicle it comes from. Every change to a line that a checkpoint signs is
 * found, whatever else was changed; a changed end is found by a head, by a hash that is known, or not at all.
 */
export function verifyLedger(files: readonly NamedBytes[], options: VerifyOptions = {}): Verification {
  const { keys = [], heads = [], hashes = [], after } = options;
  const { entries, findings: torn } = readEntries(files);
  const start = after === undefined ? { hash: NO_LINE, seq: 0 } : { hash: after, seq: null };
  const signatures = checkSignatures(entries, keys);
  const known = knownHashes(heads, hashes);
  const findings = [
    ...checkReadable(files, entries),
    ...checkChain(entries, start),
    ...signatures.findings,
    ...checkTimes(entries),
    ...checkSessions(entries),
    ...checkHeld(entries, known.hashes),
    ...known.findings,
    ...torn,
    ...unsignedTail(entries, signatures.signedUntil),
    ...unproven(entries, keys, known.hashes),
  ];
  const order = new Map(entries.map(({ file }, i) => [file, i]));
  const placed = findings.toSorted(
    (a, b) => (order.get(a.file) ?? 0) - (order.get(b.file) ?? 0) || a.line - b.line,
  );
  return { verdict: verdictOf(findings), findings: placed, summary: summarize(entries) };
}

/** Files that hold lines, but none of a ledger. One without a whole line is what a kill leaves of a new file. */
function checkReadable(files: readonly NamedBytes[], entries: readonly Entry[]): Finding[] {
  const [first] = files;
  if (entries.length === 0 && first !== undefined)
    return [{ kind: "not-a-ledger", file: first.name, line: 1, what: "no whole line" }];
  const readable = new Set(entries.filter(({ line }) => line !== null).map(({ file }) => file));
  return entries
    .filter(({ file, number }) => number === 1 && !readable.has(file))
    .map(({ file, flaw }) => ({ kind: "not-a-ledger", file, line: 1, what: flaw ?? "no line of a ledger" }));
}

function checkTimes(entries: readonly Entry[]): Finding[] {
  let lastTime = "";
  return entries.flatMap(({ file, number, line }): Finding[] => {
    if (line === null) return [];
    const isBack = line.time < lastTime; // minutes in one form: their order is that of the text
    const what = `${line.time} after ${lastTime}`;
    lastTime = line.time;
    return isBack ? [{ kind: "time-backwards", file, line: number, what }] : [];
  });
}

interface Known {
  readonly hash: string;
  readonly seq: number | null;
  readonly from: string;
}

function knownHashes(heads: readonly NamedBytes[], hashes: readonly string[]) {
  const findings: Finding[] = [];
  const known: Known[] = hashes.map((hash) => ({ hash, seq: null, from: "the hash that was given" }));
  for (const { name, bytes } of heads) {
    const [head = bytes] = cutLines(bytes).lines;
    const { line } = readLine(head);
    if (line?.event === "checkpoint") known.push({ hash: hashOf(head), seq: line.seq, from: name });
    else findings.push({ kind: "edited", file: name, line: 1, what: "not one line of a checkpoint" });
  }
  return { hashes: known, findings };
}

/** A line that is known and not there: beyond the end, the end was cut off; before it, another history stands there. */
function checkHeld(entries: readonly Entry[], known: readonly Known[]): Finding[] {
  const last = entries.at(-1);
  if (last === undefined) return [];
  const lastSeq = last.line?.seq ?? 0;
  return known
    .filter(({ hash }) => entries.every((entry) => entry.hash !== hash))
    .map(({ hash, seq, from }): Finding => {
      const place = { file: last.file, line: last.number };
      if (seq === null) return { kind: "end-cut-off", ...place, what: `no line has ${from}, ${hash}` };
      if (seq > lastSeq)
        return {
          kind: "end-cut-off",
          ...place,
          what: `the last line is ${lastSeq}, ${from} knows line ${seq}`,
        };
      return { kind: "other-history", ...place, what: `line ${seq} is not the one that ${from} knows` };
    });
}

function unsignedTail(entries: readonly Entry[], signedUntil: number): Finding[] {
  const first = entries[signedUntil + 1];
  if (first === undefined) return [];
  const lines = entries.length - signedUntil - 1;
  const what = `${lines} ${lines === 1 ? "line" : "lines"} after the last checkpoint`;
  return [{ kind: "unsigned-tail", file: first.file, line: first.number, what }];
}

function unproven(entries: readonly Entry[], keys: readonly PublicKey[], known: readonly Known[]): Finding[] {
  const [first, last] = [entries[0], entries.at(-1)];
  const header = entries.find(({ line }) => line?.event === "header")?.line;
  if (first === undefined || last === undefined) return [];
  const findings: Finding[] = [];
  if (keys.length === 0 && header?.event === "header")
    findings.push({
      kind: "own-key",
      file: first.file,
      line: 1,
      what: `signed with the key it names, ${header.keyId}`,
    });
  if (known.length === 0)
    findings.push({
      kind: "open-end",
      file: last.file,
      line: last.number,
      what: "nothing but the ledger says where it ends",
    });
  return findings;
}
