import type { Outcome } from "../gate/record.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import type { KeyProvider } from "./key-provider.ts";
import type { LedgerFolder } from "./ledger-folder.ts";
import type { LedgerStatus } from "./ledger-log.ts";
import type { SegmentChange } from "./storage-account.ts";

export interface LedgerOptions {
  readonly folder: LedgerFolder;
  /** Signs the checkpoints. With another key than before, a new file is begun. */
  readonly key: KeyProvider;
  /** Minutes from one checkpoint to the next, at least 1: what a kill may leave uncounted. @default 1 */
  readonly checkpointMinutes?: number;
  /** A new file is begun after the checkpoint that makes one this large, in bytes. @default 8 MiB */
  readonly maxFileBytes?: number;
}

/**
 * Rule 7: the account of every frame. Nothing here throws or waits for the disk but `close`. What it writes is told by
 * whole minutes and names no place.
 */
export interface Ledger {
  /** A camera delivered a frame: one without an outcome when the ledger closes counts as lost. */
  frameIn(camera: string): void;
  outcome(outcome: Outcome): void;
  /** A set that came in; one that the guard refuses is left out, as its notice tells. */
  zoneSet(set: ZoneSet): void;
  /** An input that ended or failed, or refused a value; of the text only which of these. */
  notice(notice: { readonly input: string; readonly what: string }): void;
  revoked(revocation: { readonly afterMs: number; readonly untilMs: number }): void;
  /** What storage holds at its start, of earlier sessions. */
  storageOpened(held: { readonly segments: number; readonly frames: number }): void;
  segment(change: SegmentChange): void;
  /** Waiting segments were judged again with the zone set of this hash. */
  rechecked(run: { readonly zoneSet: string; readonly kept: number; readonly destroyed: number }): void;
  status(): LedgerStatus;
  /** Tells all that was held back and signs it; what comes later is not taken. Once only. */
  close(): Promise<"written" | "unwritten">;
}
