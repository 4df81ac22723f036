import { totalOf, without } from "./counts.ts";
import type { Draft } from "./disk/draft.ts";
import { lost } from "./losses.ts";
import type { FrameCounts, LossReason, Segment, StoreEvent } from "./segment-store.ts";
import type { SegmentVault } from "./segment-vault.ts";

/** A draft that failed, and could not even be ended: its files wait for the disk. */
export interface Stranded {
  readonly draft: Draft;
  readonly counts: FrameCounts;
  readonly why: LossReason;
  readonly detail: string;
}

/** How long, in time of frames, a disk that refused is left alone. */
const RETRY_MS = 250;

/** What the disk refused to end and to remove: nothing else is begun before that is settled. */
export class Leftovers {
  readonly #vault: SegmentVault;
  #stranded: readonly Stranded[] = [];
  #revoked: readonly Draft[] = [];
  #refusedMs = Number.NaN;

  constructor(vault: SegmentVault) {
    this.#vault = vault;
  }

  /** Why frames are lost meanwhile; null where nothing waits. */
  get trouble(): Stranded | null {
    return this.#stranded[0] ?? null;
  }

  /** Whether a draft that was revoked, or one of which nobody knows what it will hold, is still on disk. */
  get hasAny(): boolean {
    return this.#stranded.length + this.#revoked.length > 0;
  }

  get bytes(): number {
    return this.#stranded.reduce((sum, { draft }) => sum + draft.diskBytes, 0);
  }

  strand(stranded: Stranded): void {
    this.#stranded = [...this.#stranded, stranded];
  }

  /** Removes what was revoked, now or as soon as the disk allows. Returns why it could not be at once, or null. */
  async revoke(draft: Draft): Promise<unknown> {
    try {
      await this.#vault.discard(draft);
      return null;
    } catch (thrown) {
      this.#revoked = [...this.#revoked, draft];
      return thrown;
    }
  }

  /** Tries again, unless the disk refused a moment ago. */
  async settleWhenRested(nowMs: number): Promise<readonly StoreEvent[]> {
    return Math.abs(nowMs - this.#refusedMs) < RETRY_MS ? [] : this.settle(nowMs);
  }

  async settle(nowMs: number = this.#refusedMs): Promise<readonly StoreEvent[]> {
    const events: StoreEvent[] = [];
    const still: Stranded[] = [];
    for (const stranded of this.#stranded) {
      const segment = await this.#vault.salvage(stranded.draft).catch(() => "later" as const);
      if (segment === "later") still.push(stranded);
      else events.push(...salvaged(segment, stranded));
    }
    this.#stranded = still;
    await this.remove();
    this.#refusedMs = this.hasAny ? nowMs : Number.NaN;
    return events;
  }

  /** Removes what was revoked and could not be removed before. */
  async remove(): Promise<void> {
    const kept: Draft[] = [];
    for (const draft of this.#revoked) await this.#vault.discard(draft).catch(() => kept.push(draft));
    this.#revoked = kept;
  }
}

function salvaged(segment: Segment | null, { counts, why, detail }: Stranded): StoreEvent[] {
  const rest = segment === null ? counts : without(counts, segment.counts);
  const events: StoreEvent[] = segment === null ? [] : [{ kind: "sealed", segment }];
  return totalOf(rest) === 0 ? events : [...events, lost(why, rest, detail)];
}
