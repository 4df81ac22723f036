import type { LedgerFolder } from "./ledger-folder.ts";
import { cutLines, numberOfName } from "./ledger-files.ts";
import type { HeaderLine } from "./ledger-line.ts";
import { NO_LINE, hashOf, readLine } from "./line-bytes.ts";
import { parseMinuteMs } from "./minute.ts";

/** Where the chain goes on. */
export interface LedgerTail {
  /** Number of the newest file; 0 where there is none. */
  readonly file: number;
  readonly name: string | null;
  /** The newest file's header; null where it was never written whole. */
  readonly header: HeaderLine | null;
  /** The ledger's id, by the last header there is. */
  readonly ledger: string | null;
  /** Bytes of whole lines in the newest file, and of a torn line behind them. */
  readonly wholeBytes: number;
  readonly tornBytes: number;
  readonly nextSeq: number;
  readonly lastHash: string;
  readonly lastMs: number;
  /** The last session; 0 before the first. */
  readonly session: number;
}

/** Where a ledger begins. */
export const NO_LEDGER: LedgerTail = {
  file: 0,
  name: null,
  header: null,
  ledger: null,
  wholeBytes: 0,
  tornBytes: 0,
  nextSeq: 0,
  lastHash: NO_LINE,
  lastMs: Number.NEGATIVE_INFINITY,
  session: 0,
};

/**
 * Finds the end of a ledger that may have been left by a power cut. A torn last line is left out, for the writer to cut
 * off. A damaged whole line stays in the chain, by its bytes: it is evidence, and verification names it.
 */
export async function readTail(folder: LedgerFolder): Promise<LedgerTail> {
  const numbered = (await folder.names())
    .map((name) => ({ name, file: numberOfName(name) ?? 0 }))
    .filter(({ file }) => file > 0)
    .toSorted((a, b) => a.file - b.file)
    .slice(-2); // the newest may have been left without a whole line
  let tail = NO_LEDGER;
  for (const { name, file } of numbered) {
    const next = tailOf(await folder.read(name), tail);
    tail = { ...next, name, file };
  }
  return tail;
}

type FileTail = Omit<LedgerTail, "name" | "file">;

function tailOf(bytes: Uint8Array, before: LedgerTail): FileTail {
  const { lines, torn } = cutLines(bytes);
  let tail: FileTail = {
    ...before,
    header: null,
    wholeBytes: bytes.length - torn.length,
    tornBytes: torn.length,
  };
  for (const line of lines) tail = after(tail, line);
  return tail;
}

function after(tail: FileTail, bytes: Uint8Array): FileTail {
  const { line } = readLine(bytes);
  const lastHash = hashOf(bytes);
  if (line === null) return { ...tail, nextSeq: tail.nextSeq + 1, lastHash };
  return {
    ...tail,
    header: line.event === "header" ? line : tail.header,
    ledger: line.event === "header" ? line.ledger : tail.ledger,
    session: "session" in line ? line.session : tail.session,
    nextSeq: line.seq + 1,
    lastMs: Math.max(tail.lastMs, parseMinuteMs(line.time)),
    lastHash,
  };
}
