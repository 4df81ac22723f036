import { randomBytes } from "node:crypto";
import { CamfenceError, messageOf } from "../core/errors.ts";
import { isPosition } from "../core/position.ts";
import { formatIso } from "../core/time.ts";
import type { Bounds } from "./bounds.ts";
import { createBounds } from "./bounds.ts";
import { countOf, totalOf, without } from "./counts.ts";
import { isNoSpace } from "./disk/files.ts";
import type { Draft } from "./disk/draft.ts";
import type { KeptFrame } from "./open-segment.ts";
import { OpenSegment } from "./open-segment.ts";
import type { FrameCounts, Lost, LossReason, Segment, StoreEvent } from "./segment-store.ts";
import type { SegmentWriterOptions } from "./segment-writer.ts";

/** A draft that failed, and could not even be ended: its files wait for the disk. */
interface Stranded {
  readonly draft: Draft;
  readonly counts: FrameCounts;
  readonly why: LossReason;
  readonly detail: string;
}

/** How long, in time of frames, a disk that refused is left alone. */
const RETRY_MS = 250;

/** Beside frames: end of file, sidecar, checkpoints. */
const HEADROOM_BYTES = 1024 * 1024;

/** What the writer does, one call at a time. */
export class WriterWork {
  readonly #options: SegmentWriterOptions;
  readonly #bounds: Bounds;
  readonly #maxSegmentBytes: number;
  #zoneSetHash = "";
  #open: OpenSegment | null = null;
  #flushedMs = Number.NaN;
  #stranded: readonly Stranded[] = [];
  #revoked: readonly Draft[] = [];
  #refusedMs = Number.NaN;

  constructor(options: SegmentWriterOptions) {
    const { policy, vault } = options;
    this.#options = options;
    this.#bounds = createBounds(vault, policy);
    this.#maxSegmentBytes = Math.min(policy.maxSegmentBytes, policy.maxBytes / 4);
  }

  async write(kept: KeptFrame): Promise<readonly StoreEvent[]> {
    const region = this.#regionOf(kept);
    const recipient = region === null ? this.#options.holdRecipient : this.#options.recipients[region];
    if (recipient === null || recipient === undefined) {
      return [
        lostFrame(kept, "no-recipient", `region ${kept.record.region ?? "unknown"}, no hold recipient`),
      ];
    }
    if (!this.#options.cameras.some(({ id }) => id === kept.note.camera)) {
      return [lostFrame(kept, "unrecordable", `camera ${kept.note.camera} is not in the configuration`)];
    }
    // Rule 2: what cannot be judged again is not kept.
    if (!isPosition(kept.note) || !(kept.note.radiusM >= 0)) {
      return [lostFrame(kept, "unrecordable", "it was released without a place")];
    }
    const events: StoreEvent[] = [];
    if (this.#open !== null && this.#isDue(this.#open, kept, region)) events.push(...(await this.end()));
    if (!this.#isResting(kept.note.timeMs)) events.push(...(await this.#settle(kept.note.timeMs)));
    const [waiting] = this.#stranded;
    if (waiting !== undefined) return [...events, lostFrame(kept, waiting.why, waiting.detail)];
    let isTaken = false;
    try {
      const room = await this.#makeRoom(kept);
      events.push(...room.events);
      if (!room.hasRoom)
        return [...events, ...(await this.end()), lostFrame(kept, "full", "the buffer is full")];
      this.#open ??= await this.#begin(kept, region, recipient);
      await this.#open.add(kept);
      isTaken = true;
      await this.#flushWhenDue(this.#open, kept.note.timeMs);
      return events;
    } catch (thrown) {
      events.push(...(await this.#failed(thrown, kept.note.timeMs)));
      // A frame that was taken counts with its segment.
      return isTaken ? events : [...events, lostFrame(kept, lossOf(thrown), messageOf(thrown))];
    }
  }

  async useZones(hash: string): Promise<readonly StoreEvent[]> {
    const events = hash === this.#zoneSetHash ? [] : await this.end();
    this.#zoneSetHash = hash;
    return events;
  }

  async tick(nowMs: number): Promise<readonly StoreEvent[]> {
    const events = await this.#settle(nowMs);
    const open = this.#open;
    if (open === null) return events;
    if (nowMs - open.span.firstMs >= this.#options.policy.maxSegmentMs)
      return [...events, ...(await this.end())];
    try {
      await open.flush();
      return events;
    } catch (thrown) {
      return [...events, ...(await this.#failed(thrown, nowMs))];
    }
  }

  async revoke(afterMs: number, untilMs: number): Promise<readonly StoreEvent[]> {
    await this.#remove();
    const open = this.#open;
    if (open === null || open.span.lastMs <= afterMs || open.span.firstMs > untilMs) return [];
    this.#open = null;
    open.forget();
    const detail = `${open.head.id} was being written when it was revoked`;
    try {
      await this.#options.vault.discard(open.draft);
    } catch (thrown) {
      this.#revoked = [...this.#revoked, open.draft];
      return [
        lost(
          "revoked",
          open.counts,
          `${detail}; its files stay until they are removed: ${messageOf(thrown)}`,
        ),
      ];
    }
    return [lost("revoked", open.counts, detail)];
  }

  async close(): Promise<readonly StoreEvent[]> {
    const events = await this.end();
    return [...events, ...(await this.#settle(this.#refusedMs))];
  }

  /** Ends the segment that is open, if there is one. */
  async end(): Promise<readonly StoreEvent[]> {
    const open = this.#open;
    if (open === null) return [];
    try {
      const segment = await open.finish();
      this.#open = null;
      return [{ kind: "sealed", segment }];
    } catch (thrown) {
      return this.#failed(thrown, open.span.lastMs);
    }
  }

  #regionOf({ record: { region } }: KeptFrame): string | null {
    return region !== null && Object.hasOwn(this.#options.recipients, region) ? region : null;
  }

  #isDue({ head, span, draft }: OpenSegment, { note }: KeptFrame, region: string | null): boolean {
    // A clock that went back ends a segment, too.
    const spanMs = Math.abs(note.timeMs - span.firstMs);
    return (
      head.region !== region ||
      spanMs >= this.#options.policy.maxSegmentMs ||
      draft.diskBytes >= this.#maxSegmentBytes
    );
  }

  #makeRoom({ frame }: KeptFrame) {
    const drafts = [this.#open, ...this.#stranded].flatMap((each) => each?.draft ?? []);
    const openBytes = drafts.reduce((sum, { diskBytes }) => sum + diskBytes, 0);
    const bytes = frame.data.length;
    // One frame like this may still wait in the chunk.
    return this.#bounds.makeRoom(bytes, bytes + HEADROOM_BYTES, openBytes);
  }

  #begin({ note }: KeptFrame, region: string | null, recipient: string): Promise<OpenSegment> {
    const { vault, vehicle, cameras } = this.#options;
    const head = { id: newId(note.timeMs), region, vehicle, zoneSetHash: this.#zoneSetHash };
    this.#flushedMs = note.timeMs;
    return OpenSegment.begin({ vault, head, recipient, cameras });
  }

  async #flushWhenDue(open: OpenSegment, nowMs: number): Promise<void> {
    if (Math.abs(nowMs - this.#flushedMs) < this.#options.policy.flushMs) return;
    this.#flushedMs = nowMs;
    await open.flush();
  }

  /** After an error: what reached a checkpoint becomes a segment, the rest is lost; then room is made, if it may be. */
  async #failed(thrown: unknown, nowMs: number): Promise<readonly StoreEvent[]> {
    const open = this.#open;
    // A frame that cannot be recorded changed nothing.
    if (open === null || lossOf(thrown) === "unrecordable")
      return isNoSpace(thrown) ? this.#bounds.evictOne() : [];
    this.#open = null;
    open.forget();
    const why = lossOf(thrown);
    this.#stranded = [
      ...this.#stranded,
      { draft: open.draft, counts: open.counts, why, detail: messageOf(thrown) },
    ];
    const evicted = isNoSpace(thrown) ? await this.#bounds.evictOne() : [];
    return [...evicted, ...(await this.#settle(nowMs))];
  }

  #isResting(nowMs: number): boolean {
    return Math.abs(nowMs - this.#refusedMs) < RETRY_MS;
  }

  /** Ends and removes what the disk refused to end and remove before. */
  async #settle(nowMs: number): Promise<StoreEvent[]> {
    const events: StoreEvent[] = [];
    const still: Stranded[] = [];
    for (const stranded of this.#stranded) {
      const segment = await this.#options.vault.salvage(stranded.draft).catch(() => "later" as const);
      if (segment === "later") still.push(stranded);
      else events.push(...salvaged(segment, stranded));
    }
    this.#stranded = still;
    await this.#remove();
    this.#refusedMs = still.length + this.#revoked.length > 0 ? nowMs : Number.NaN;
    return events;
  }

  /** Removes what was revoked and could not be removed before. */
  async #remove(): Promise<void> {
    const kept: Draft[] = [];
    for (const draft of this.#revoked) await this.#options.vault.discard(draft).catch(() => kept.push(draft));
    this.#revoked = kept;
  }

  /** Whether a draft that was revoked, or one of which nobody knows what it will hold, is still on disk. */
  get hasUnsettled(): boolean {
    return this.#revoked.length + this.#stranded.length > 0;
  }
}

function salvaged(segment: Segment | null, { counts, why, detail }: Stranded): StoreEvent[] {
  const rest = segment === null ? counts : without(counts, segment.counts);
  const events: StoreEvent[] = segment === null ? [] : [{ kind: "sealed", segment }];
  return totalOf(rest) === 0 ? events : [...events, lost(why, rest, detail)];
}

function lossOf(thrown: unknown): LossReason {
  if (thrown instanceof CamfenceError) return thrown.code === "fault" ? "io-error" : "unrecordable";
  return isNoSpace(thrown) ? "no-space" : "io-error";
}

export function lostFrame({ note }: KeptFrame, why: LossReason, detail: string): Lost {
  return lost(why, countOf(note.camera, note.action), detail);
}

function lost(why: LossReason, counts: FrameCounts, detail: string): Lost {
  return { kind: "lost", why, counts, detail };
}

/** Sorts by time; 64 random bits make it unique. */
function newId(timeMs: number): string {
  return `${formatIso(timeMs).replaceAll(/[-:.]/g, "")}-${randomBytes(8).toString("hex")}`;
}
