import type { Finding, FindingKind } from "./finding.ts";
import type { Entry } from "./ledger-entries.ts";
import type { LedgerLine } from "./ledger-line.ts";

/** What the first line must follow. */
export interface ChainStart {
  readonly hash: string;
  /** null where any number will do. */
  readonly seq: number | null;
}

interface Expected {
  readonly hash: string;
  readonly seq: number | null;
}

/** Checks that each line follows the one before it, and names what was done where one does not. */
export function checkChain(entries: readonly Entry[], start: ChainStart): Finding[] {
  const places = placesOf(entries);
  const findings: Finding[] = [];
  const blamed = new Set<number>();
  let expected: Expected = start;

  const blame = (i: number, kind: FindingKind, what: string): void => {
    const entry = entries[i];
    if (entry === undefined || blamed.has(i)) return;
    blamed.add(i);
    findings.push({ kind, file: entry.file, line: entry.number, what });
  };

  for (const [i, { line, hash, flaw }] of entries.entries()) {
    if (line === null) blame(i, "edited", flaw ?? "not a line of a ledger");
    else if (line.prev !== expected.hash || line.seq !== (expected.seq ?? line.seq)) {
      const named = nameOf(i, line, expected, { entries, places });
      // The line before was found damaged already: that explains that this one does not follow it.
      const explained = named.kind === "edited" && blamed.has(i - 1) && named.at === i - 1;
      if (!explained) blame(named.at, named.kind, named.what);
    }
    const seq = line?.seq ?? expected.seq;
    expected = { hash, seq: seq === null ? null : seq + 1 };
  }
  return findings;
}

interface Places {
  /** Index of the first entry by its hash, and by its number. */
  readonly byHash: ReadonlyMap<string, number>;
  readonly bySeq: ReadonlyMap<number, number>;
}

function placesOf(entries: readonly Entry[]): Places {
  const byHash = new Map<string, number>();
  const bySeq = new Map<number, number>();
  for (const [i, { hash, line }] of entries.entries()) {
    if (!byHash.has(hash)) byHash.set(hash, i);
    if (line !== null && !bySeq.has(line.seq)) bySeq.set(line.seq, i);
  }
  return { byHash, bySeq };
}

interface Named {
  readonly at: number;
  readonly kind: FindingKind;
  readonly what: string;
}

interface Whole {
  readonly entries: readonly Entry[];
  readonly places: Places;
}

/** What was done to the line `i`, which does not follow the line before it. */
function nameOf(i: number, line: LedgerLine, expected: Expected, whole: Whole): Named {
  const { entries, places } = whole;
  const first = places.byHash.get(entries[i]?.hash ?? "") ?? i;
  if (first < i) return { at: i, kind: "replayed", what: `line ${line.seq} of the ledger, again` };
  const twin = places.bySeq.get(line.seq) ?? i;
  if (twin < i && entries[twin]?.line?.prev === line.prev)
    return {
      at: i,
      kind: "forked",
      what: `another line ${line.seq} than the one at ${placeOf(entries[twin])}`,
    };
  const seq = expected.seq ?? line.seq;
  if (line.seq === seq || line.prev === expected.hash) return editedAt(i, line, expected, entries);
  return line.seq > seq ? gapAt(i, line, seq, whole) : reorderedAt(i, line, seq);
}

/** Either this line's own members were changed, or the line before it was: the line after this one tells which. */
function editedAt(i: number, line: LedgerLine, expected: Expected, entries: readonly Entry[]): Named {
  const here = entries[i]?.hash;
  const after = entries[i + 1]?.line?.prev;
  const isWhole = line.prev !== expected.hash && i > 0 && (after === here || entries[i + 1] === undefined);
  const at = isWhole ? i - 1 : i;
  const what = isWhole
    ? "its hash is not the one that the next line states"
    : "its place in the chain is not what its neighbours state";
  return { at, kind: "edited", what };
}

function gapAt(i: number, line: LedgerLine, seq: number, { entries, places }: Whole): Named {
  if (places.bySeq.has(seq))
    return { at: i, kind: "reordered", what: `line ${line.seq} of the ledger in place of ${seq}` };
  const missing = line.seq - seq;
  const what =
    missing === 1
      ? `line ${seq} is missing before it`
      : `lines ${seq} to ${line.seq - 1} are missing before it`;
  const kind =
    i === 0
      ? "start-cut-off"
      : line.event === "header" && entries[i]?.number === 1
        ? "file-missing"
        : "deleted";
  const name = line.event === "header" && line.after !== null ? `; it follows ${line.after}` : "";
  return { at: i, kind, what: what + name };
}

function reorderedAt(i: number, line: LedgerLine, seq: number): Named {
  return { at: i, kind: "reordered", what: `line ${line.seq} of the ledger in place of ${seq}` };
}

function placeOf(entry: Entry | undefined): string {
  return entry === undefined ? "the start" : `${entry.file}:${entry.number}`;
}
