import { randomBytes } from "node:crypto";
import { messageOf } from "../core/errors.ts";
import { formatIso } from "../core/time.ts";
import type { Admitted } from "./admission.ts";
import { admit } from "./admission.ts";
import type { Bounds } from "./bounds.ts";
import { createBounds } from "./bounds.ts";
import { isNoSpace } from "./disk/files.ts";
import { Leftovers } from "./leftovers.ts";
import { lossOf, lost, lostFrame } from "./losses.ts";
import type { KeptFrame, OpenSegment } from "./open-segment.ts";
import type { StoreEvent } from "./segment-store.ts";
import type { SegmentWriterOptions } from "./segment-writer.ts";

/** Beside frames: end of file, sidecar, checkpoints. */
const HEADROOM_BYTES = 1024 * 1024;

/** What the writer does, one call at a time. */
export class WriterWork {
  readonly #options: SegmentWriterOptions;
  readonly #bounds: Bounds;
  readonly #leftovers: Leftovers;
  readonly #maxSegmentBytes: number;
  #zoneSetHash = "";
  #open: OpenSegment | null = null;
  #flushedMs = Number.NaN;

  constructor(options: SegmentWriterOptions) {
    const { policy, vault } = options;
    this.#options = options;
    this.#bounds = createBounds(vault, policy);
    this.#leftovers = new Leftovers(vault);
    this.#maxSegmentBytes = Math.min(policy.maxSegmentBytes, policy.maxBytes / 4);
  }

  async write(kept: KeptFrame): Promise<readonly StoreEvent[]> {
    const admitted = admit(kept, this.#options);
    if (admitted.kind === "lost") return [admitted];
    const events: StoreEvent[] = [];
    if (this.#open !== null && this.#isDue(this.#open, kept, admitted.region))
      events.push(...(await this.end()));
    events.push(...(await this.#leftovers.settleWhenRested(kept.note.timeMs)));
    const { trouble } = this.#leftovers;
    if (trouble !== null) return [...events, lostFrame(kept, trouble.why, trouble.detail)];
    return [...events, ...(await this.#add(kept, admitted))];
  }

  async #add(kept: KeptFrame, admitted: Admitted): Promise<readonly StoreEvent[]> {
    const events: StoreEvent[] = [];
    let isTaken = false;
    try {
      const room = await this.#makeRoom(kept);
      events.push(...room.events);
      if (!room.hasRoom)
        return [...events, ...(await this.end()), lostFrame(kept, "full", "the buffer is full")];
      this.#open ??= await this.#begin(kept, admitted);
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
    const events = await this.#leftovers.settle(nowMs);
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
    await this.#leftovers.remove();
    const open = this.#open;
    if (open === null || open.span.lastMs <= afterMs || open.span.firstMs > untilMs) return [];
    this.#open = null;
    open.forget();
    const refused = await this.#leftovers.revoke(open.draft);
    const rest = refused === null ? "" : `; its files stay until they are removed: ${messageOf(refused)}`;
    return [lost("revoked", open.counts, `${open.head.id} was being written when it was revoked${rest}`)];
  }

  get hasUnsettled(): boolean {
    return this.#leftovers.hasAny;
  }

  async close(): Promise<readonly StoreEvent[]> {
    const events = await this.end();
    return [...events, ...(await this.#leftovers.settle())];
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
    const openBytes = (this.#open?.draft.diskBytes ?? 0) + this.#leftovers.bytes;
    const bytes = frame.data.length;
    // One frame like this may still wait in the chunk.
    return this.#bounds.makeRoom(bytes, bytes + HEADROOM_BYTES, openBytes);
  }

  async #begin({ note }: KeptFrame, { region, recipient }: Admitted): Promise<OpenSegment> {
    // Read with the first frame that is kept: a vehicle begins to guard without it.
    const { OpenSegment: Segment } = await import("./open-segment.ts");
    const { vault, vehicle, cameras } = this.#options;
    const head = { id: newId(note.timeMs), region, vehicle, zoneSetHash: this.#zoneSetHash };
    this.#flushedMs = note.timeMs;
    return Segment.begin({ vault, head, recipient, cameras });
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
    const { draft, counts } = open;
    this.#leftovers.strand({ draft, counts, why: lossOf(thrown), detail: messageOf(thrown) });
    const evicted = isNoSpace(thrown) ? await this.#bounds.evictOne() : [];
    return [...evicted, ...(await this.#leftovers.settle(nowMs))];
  }
}

/** Sorts by time; 64 random bits make it unique. */
function newId(timeMs: number): string {
  return `${formatIso(timeMs).replaceAll(/[-:.]/g, "")}-${randomBytes(8).toString("hex")}`;
}
