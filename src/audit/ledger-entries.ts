import type { Finding } from "./finding.ts";
import { cutLines } from "./ledger-files.ts";
import type { HeaderLine, LedgerLine } from "./ledger-line.ts";
import { hashOf, readLine } from "./line-bytes.ts";

export interface NamedBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One whole line of a ledger, wherever it stands. */
export interface Entry {
  readonly file: string;
  readonly number: number;
  readonly hash: string;
  /** null for what is no line of a ledger. */
  readonly line: LedgerLine | null;
  readonly text: string;
  readonly flaw: string | null;
}

export interface ReadLedger {
  readonly entries: readonly Entry[];
  readonly findings: readonly Finding[];
}

/** Reads files into the lines of one ledger, ordered by the files' headers. */
export function readEntries(files: readonly NamedBytes[]): ReadLedger {
  const read = files.map(readFile).toSorted((a, b) => orderOf(a) - orderOf(b));
  const findings = read.flatMap(({ name, entries, tornBytes }, i): Finding[] => {
    const what = `a last line of ${tornBytes} bytes without its end`;
    const torn: Finding = {
      kind: i === read.length - 1 ? "torn" : "file-missing",
      file: name,
      line: entries.length + 1,
      what,
    };
    return tornBytes === 0 ? [] : [torn];
  });
  return { entries: read.flatMap(({ entries }) => entries), findings };
}

interface ReadFile {
  readonly name: string;
  readonly header: HeaderLine | null;
  readonly entries: readonly Entry[];
  readonly tornBytes: number;
}

function readFile({ name, bytes }: NamedBytes): ReadFile {
  const { lines, torn } = cutLines(bytes);
  const entries = lines.map((line, i) => entryOf(name, i + 1, line));
  const first = entries[0]?.line;
  return { name, header: first?.event === "header" ? first : null, entries, tornBytes: torn.length };
}

function entryOf(file: string, number: number, bytes: Uint8Array): Entry {
  const read = readLine(bytes);
  const hash = hashOf(bytes);
  if (read.line === null) return { file, number, hash, line: null, text: "", flaw: read.flaw };
  return { file, number, hash, line: read.line, text: read.text, flaw: null };
}

/** Files stand in the order of their first line that says where it stands; one without any comes last. */
function orderOf({ header, entries }: ReadFile): number {
  return header?.seq ?? entries.find(({ line }) => line !== null)?.line?.seq ?? Number.MAX_SAFE_INTEGER;
}
