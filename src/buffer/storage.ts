import type { Observable } from "rxjs";
import type { Outcome } from "../gate/record.ts";
import type { GnssReport } from "../sources/fix.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import type { Files } from "./disk/files.ts";
import type { Interval } from "./disk/revocations.ts";
import type { KeepingPolicy } from "./judge-again.ts";
import type { SegmentStore, StoreEvent } from "./segment-store.ts";
import type { SegmentWriterOptions } from "./segment-writer.ts";

export interface StorageOptions extends Omit<SegmentWriterOptions, "vault"> {
  readonly files: Files;
  readonly deviceKey: Buffer;
  /** The gate's own: by it segments are judged again. */
  readonly keeping: KeepingPolicy;
}

/** What was judged again, and by the set of which hash. */
export interface RecheckRun {
  readonly zoneSet: string;
  readonly kept: number;
  readonly destroyed: number;
}

/** The buffer as a whole: writes, seals, judges again, destroys. None of the calls throws or waits. */
export interface Storage {
  /** Finished segments, for the upload; what that removes is told by `happened`, too. */
  readonly store: SegmentStore;
  readonly happened: Observable<StoreEvent>;
  readonly rechecks: Observable<RecheckRun>;
  /**
   * Rule 5: false before the first zone set and after the end of the last one, while what is stored is judged by a new
   * one or revoked, and for as long as a revocation cannot be carried out: then nothing may leave. Begins with what
   * holds now.
   */
  readonly mayLeave: Observable<boolean>;
  write(outcome: Outcome): void;
  /** What the receiver said, as it comes in: recorded beside frames where it is outside all zones. */
  locate(report: GnssReport): void;
  /** A zone set came in force: ends the segment, and judges by it all that waits. */
  useZones(set: ZoneSet): void;
  revoke(interval: Interval): void;
  /** To be called about once a second, with the shared clock. */
  tick(nowMs: number): void;
  /** Resolves when all that was called so far is done. */
  idle(): Promise<void>;
  /** Takes no more frames: seals what is open, judges it, and resolves when all is done. The store works on. */
  finish(): Promise<void>;
  /** Takes nothing any more: whoever has a segment removed now is told that it `failed`. */
  close(): Promise<void>;
}
