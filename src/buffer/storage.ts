import { BehaviorSubject, Subject, distinctUntilChanged } from "rxjs";
import type { Observable } from "rxjs";
import type { Outcome } from "../gate/record.ts";
import type { GnssReport } from "../sources/fix.ts";
import type { Camera } from "../sources/camera.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { totalOf } from "./counts.ts";
import type { Files } from "./disk/files.ts";
import type { Interval } from "./disk/revocations.ts";
import type { KeepingPolicy } from "./judge-again.ts";
import type { BufferPolicy } from "./policy.ts";
import { recordableFix } from "./recordable-fix.ts";
import type { Recheck } from "./recheck.ts";
import { createRechecker } from "./recheck.ts";
import { openRevoker } from "./revoker.ts";
import type { Segment, SegmentStore, StoreEvent } from "./segment-store.ts";
import { openVault } from "./segment-vault.ts";
import { createSegmentWriter } from "./segment-writer.ts";
import { watched } from "./watched-store.ts";

export interface StorageOptions {
  readonly files: Files;
  readonly deviceKey: Buffer;
  readonly policy: BufferPolicy;
  /** The gate's own: by it segments are judged again. */
  readonly keeping: KeepingPolicy;
  readonly vehicle: string;
  readonly cameras: readonly Camera[];
  /** Region to age recipient. */
  readonly recipients: Readonly<Record<string, string>>;
  readonly holdRecipient: string | null;
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

export interface OpenedStorage {
  readonly storage: Storage;
  /** What start-up put right. */
  readonly found: readonly StoreEvent[];
  /** What the folder held before any of `found` was destroyed or sent: of earlier sessions. */
  readonly held: { readonly segments: number; readonly frames: number };
}

/** How often the folder is compared with what is believed to be there. */
const LOOK_MS = 10_000;

/**
 * Opens a buffer folder that nobody else writes to, and first of all carries out the revocations that a crash left.
 * Rejects with the disk's error, and with CamfenceError for a list of revocations that cannot be read.
 */
export async function openStorage(options: StorageOptions): Promise<OpenedStorage> {
  const { vault, events } = await openVault(options);
  const rechecker = createRechecker({ vault, policy: options.keeping });
  const writer = createSegmentWriter({ ...options, vault });
  const revoker = await openRevoker({ files: options.files, writer, rechecker });
  const found = [...events, ...(await revoker.carryOut())];

  const happened = new Subject<StoreEvent>();
  const rechecks = new Subject<RecheckRun>();
  const mayLeave = new BehaviorSubject(false);
  const underWay = new Set<Promise<void>>();
  let inForce: ZoneSet | null = null;
  let settling = 0;
  let hasFailed = false;
  let lookedMs = -Infinity;
  let tickedMs = -Infinity;
  let finished = false;

  const tell = (all: readonly StoreEvent[]): void => {
    for (const event of all) happened.next(event);
    // Rule 5: judged before it may leave.
    if (all.some(({ kind }) => kind === "sealed")) follow(judgeNew());
  };
  function follow(work: Promise<void>): void {
    const done = work.finally(() => underWay.delete(done));
    underWay.add(done);
  }
  /** Written so that a clock of NaN lets nothing leave. */
  function decide(): void {
    const isInForce = inForce !== null && tickedMs < inForce.expiresMs;
    mayLeave.next(settling === 0 && isInForce && !revoker.isPending());
  }
  /** Nothing leaves until it is done. */
  function settle(work: () => Promise<void>): void {
    settling++;
    decide();
    const end = (): void => {
      settling--;
      decide();
    };
    follow(work().finally(end));
  }
  async function judgeNew(): Promise<void> {
    const { events: gone, failed } = await rechecker.recheckNew();
    hasFailed = failed.length > 0;
    tell(gone);
  }
  function toldOf(set: ZoneSet, { kept, events: gone, failed }: Recheck): void {
    hasFailed = failed.length > 0;
    tell(gone);
    // One that a newer set ended says nothing.
    if (inForce === set) rechecks.next({ zoneSet: set.hash, kept, destroyed: gone.length });
  }
  /** `camfence buffer purge` may remove segments while this runs. */
  async function lookForRemoved(nowMs: number): Promise<void> {
    lookedMs = nowMs;
    const removed = await vault.forgetRemoved().catch(() => []);
    tell(removed.map((segment) => ({ kind: "destroyed", segment, why: "purged" })));
  }
  async function idle(): Promise<void> {
    while (underWay.size > 0) await Promise.all(underWay);
  }

  const store = watched(vault, (work) => follow(work.then(tell)));
  const storage: Storage = {
    store,
    happened,
    rechecks,
    mayLeave: mayLeave.pipe(distinctUntilChanged()),
    idle,
    write(outcome) {
      if (!finished) follow(writer.write(outcome).then(tell));
    },
    locate: (report) => writer.locate(recordableFix(report, inForce)),
    useZones(set) {
      if (finished) return;
      inForce = set;
      // It was outside the zones of another set.
      writer.locate(null);
      settle(async () => {
        // At once, and what is being written as soon as it is sealed.
        const judged = rechecker.recheck(set).then((run) => toldOf(set, run));
        tell(await writer.useZones(set.hash));
        await judged;
      });
    },
    revoke(interval) {
      if (!finished) settle(async () => tell(await revoker.revoke(interval)));
    },
    tick(nowMs) {
      tickedMs = nowMs;
      decide();
      if (finished) return;
      follow(writer.tick(nowMs).then(tell));
      if (revoker.isPending() && settling === 0) settle(async () => tell(await revoker.carryOut()));
      if (hasFailed && settling === 0) follow(judgeNew());
      if (!(Math.abs(nowMs - lookedMs) < LOOK_MS)) follow(lookForRemoved(nowMs));
    },
    async finish() {
      finished = true;
      follow(writer.close().then(tell));
      await idle();
    },
    async close() {
      store.shut();
      await storage.finish();
    },
  };
  return { storage, found, held: heldBefore(found, vault.list()) };
}

/** What was there, with what start-up took away: that is told as an event of the new session. */
function heldBefore(found: readonly StoreEvent[], left: readonly Segment[]): OpenedStorage["held"] {
  const gone = found.flatMap((event) =>
    event.kind === "destroyed" || event.kind === "sent" ? [event.segment] : [],
  );
  const all = [...left, ...gone];
  return { segments: all.length, frames: all.reduce((sum, { counts }) => sum + totalOf(counts), 0) };
}
