import { BehaviorSubject, Subject, distinctUntilChanged } from "rxjs";
import type { Observable } from "rxjs";
import type { Outcome } from "../gate/record.ts";
import type { GnssReport } from "../sources/fix.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { totalOf } from "./counts.ts";
import type { Interval } from "./disk/revocations.ts";
import { recordableFix } from "./recordable-fix.ts";
import type { Recheck, Rechecker } from "./recheck.ts";
import { createRechecker } from "./recheck.ts";
import { openRevoker } from "./revoker.ts";
import type { Revoker } from "./revoker.ts";
import type { Segment, StoreEvent } from "./segment-store.ts";
import { openVault } from "./segment-vault.ts";
import type { SegmentVault } from "./segment-vault.ts";
import { createSegmentWriter } from "./segment-writer.ts";
import type { SegmentWriter } from "./segment-writer.ts";
import type { RecheckRun, Storage, StorageOptions } from "./storage.ts";
import { watched } from "./watched-store.ts";

export interface OpenedStorage {
  readonly storage: Storage;
  /** What start-up put right. */
  readonly found: readonly StoreEvent[];
  /** What the folder held before any of `found` was destroyed or sent: of earlier sessions. */
  readonly held: { readonly segments: number; readonly frames: number };
}

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
  const storage = new OpenStorage({ vault, rechecker, writer, revoker });
  return { storage, found, held: heldBefore(found, vault.list()) };
}

/** How often the folder is compared with what is believed to be there. */
const LOOK_MS = 10_000;

interface Parts {
  readonly vault: SegmentVault;
  readonly rechecker: Rechecker;
  readonly writer: SegmentWriter;
  readonly revoker: Revoker;
}

class OpenStorage implements Storage {
  readonly store: ReturnType<typeof watched>;
  readonly happened = new Subject<StoreEvent>();
  readonly rechecks = new Subject<RecheckRun>();
  readonly mayLeave: Observable<boolean>;
  readonly #parts: Parts;
  readonly #mayLeave = new BehaviorSubject(false);
  readonly #underWay = new Set<Promise<void>>();
  #inForce: ZoneSet | null = null;
  #settling = 0;
  #hasFailed = false;
  #lookedMs = -Infinity;
  #tickedMs = -Infinity;
  #finished = false;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.mayLeave = this.#mayLeave.pipe(distinctUntilChanged());
    this.store = watched(parts.vault, (work) => this.#followEvents(work));
  }

  write(outcome: Outcome): void {
    if (!this.#finished) this.#followEvents(this.#parts.writer.write(outcome));
  }

  locate(report: GnssReport): void {
    this.#parts.writer.locate(recordableFix(report, this.#inForce));
  }

  useZones(set: ZoneSet): void {
    if (this.#finished) return;
    const { writer, rechecker } = this.#parts;
    this.#inForce = set;
    // It was outside the zones of another set.
    writer.locate(null);
    this.#settle(async () => {
      // At once, and what is being written as soon as it is sealed.
      const judged = rechecker.recheck(set).then((run) => this.#toldOf(set, run));
      this.#tell(await writer.useZones(set.hash));
      await judged;
    });
  }

  revoke(interval: Interval): void {
    if (this.#finished) return;
    this.#settle(async () => this.#tell(await this.#parts.revoker.revoke(interval)));
  }

  tick(nowMs: number): void {
    const { writer, revoker } = this.#parts;
    this.#tickedMs = nowMs;
    this.#decide();
    if (this.#finished) return;
    this.#followEvents(writer.tick(nowMs));
    if (revoker.isPending() && this.#settling === 0) {
      this.#settle(async () => this.#tell(await revoker.carryOut()));
    }
    if (this.#hasFailed && this.#settling === 0) this.#follow(this.#judgeNew());
    if (!(Math.abs(nowMs - this.#lookedMs) < LOOK_MS)) this.#follow(this.#lookForRemoved(nowMs));
  }

  async idle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  async finish(): Promise<void> {
    this.#finished = true;
    this.#followEvents(this.#parts.writer.close());
    await this.idle();
  }

  async close(): Promise<void> {
    this.store.shut();
    await this.finish();
  }

  #tell(all: readonly StoreEvent[]): void {
    for (const event of all) this.happened.next(event);
    // Rule 5: judged before it may leave.
    if (all.some(({ kind }) => kind === "sealed")) this.#follow(this.#judgeNew());
  }

  #follow(work: Promise<void>): void {
    const done = work.finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  #followEvents(work: Promise<readonly StoreEvent[]>): void {
    this.#follow(work.then((events) => this.#tell(events)));
  }

  /** Written so that a clock of NaN lets nothing leave. */
  #decide(): void {
    const isInForce = this.#inForce !== null && this.#tickedMs < this.#inForce.expiresMs;
    this.#mayLeave.next(this.#settling === 0 && isInForce && !this.#parts.revoker.isPending());
  }

  /** Nothing leaves until it is done. */
  #settle(work: () => Promise<void>): void {
    this.#settling++;
    this.#decide();
    const end = (): void => {
      this.#settling--;
      this.#decide();
    };
    this.#follow(work().finally(end));
  }

  async #judgeNew(): Promise<void> {
    const { events: gone, failed } = await this.#parts.rechecker.recheckNew();
    this.#hasFailed = failed.length > 0;
    this.#tell(gone);
  }

  #toldOf(set: ZoneSet, { kept, events: gone, failed }: Recheck): void {
    this.#hasFailed = failed.length > 0;
    this.#tell(gone);
    // One that a newer set ended says nothing.
    if (this.#inForce === set) this.rechecks.next({ zoneSet: set.hash, kept, destroyed: gone.length });
  }

  /** `camfence buffer purge` may remove segments while this runs. */
  async #lookForRemoved(nowMs: number): Promise<void> {
    this.#lookedMs = nowMs;
    const removed = await this.#parts.vault.forgetRemoved().catch(() => []);
    this.#tell(removed.map((segment) => ({ kind: "destroyed", segment, why: "purged" })));
  }
}

/** What was there, with what start-up took away: that is told as an event of the new session. */
function heldBefore(found: readonly StoreEvent[], left: readonly Segment[]): OpenedStorage["held"] {
  const gone = found.flatMap((event) =>
    event.kind === "destroyed" || event.kind === "sent" ? [event.segment] : [],
  );
  const all = [...left, ...gone];
  return { segments: all.length, frames: all.reduce((sum, { counts }) => sum + totalOf(counts), 0) };
}
