import { ledgerFileName } from "./ledger-files.ts";
import type { Waiting } from "./durable-lines.ts";
import type { LedgerEvent } from "./ledger-line.ts";
import type { LedgerTail } from "./ledger-tail.ts";
import { hashOf, lineText, signedText } from "./line-bytes.ts";
import type { SigningKey } from "./signing-key.ts";

const MAX_UNSYNCED_LINES = 512;

export interface ChainOptions {
  readonly key: SigningKey;
  readonly ledger: string;
  readonly session: number;
  /** Where the chain goes on. */
  readonly tail: LedgerTail;
  /** A new file is begun after the checkpoint that makes one this large. */
  readonly maxFileBytes: number;
}

/** Gives each event its place: the lines to write for it, a new file's header among them. */
export type Chain = (event: LedgerEvent, time: string) => Waiting[];

export function createChain({ key, ledger, session, tail, maxFileBytes }: ChainOptions): Chain {
  let seq = tail.nextSeq;
  let prev = tail.lastHash;
  // A file without a whole line is begun again.
  let file = tail.file > 0 && tail.wholeBytes === 0 ? tail.file - 1 : tail.file;
  let fileBytes = tail.wholeBytes;
  // A file of another key, or with a damaged header, is left as it is.
  let beginFile = tail.header?.publicKey !== key.publicKey.hex;
  let unsyncedLines = 0;

  function chain(event: LedgerEvent, time: string): Waiting {
    const unsigned = lineText(event, { seq, time, prev });
    const isCheckpoint = event.event === "checkpoint";
    const bytes = Buffer.from(
      `${isCheckpoint ? signedText(unsigned, (text) => key.sign(text)) : unsigned}\n`,
    );
    seq++;
    prev = hashOf(bytes.subarray(0, -1));
    fileBytes += bytes.length;
    // Only a checkpoint ends a file: then all of it is signed, and durable.
    beginFile = isCheckpoint && fileBytes >= maxFileBytes;
    unsyncedLines = isCheckpoint ? 0 : (unsyncedLines + 1) % MAX_UNSYNCED_LINES;
    const finish = isCheckpoint ? "sync-and-keep-as-head" : unsyncedLines === 0 ? "sync" : "go-on";
    return { file, bytes, finish };
  }

  function header(time: string): Waiting {
    const after = file === 0 ? null : ledgerFileName(file);
    file++;
    fileBytes = 0;
    const { hex, id } = key.publicKey;
    return chain({ event: "header", ledger, file, after, session, publicKey: hex, keyId: id }, time);
  }

  return (event, time) => (beginFile ? [header(time), chain(event, time)] : [chain(event, time)]);
}
