import type { VerdictRecord } from "../gate/record.ts";
import type { Camera } from "../sources/camera.ts";
import type { Fix } from "../sources/fix.ts";
import type { Frame } from "../sources/frame.ts";
import { startAgeFile } from "./age/age-header.ts";
import { AgeSealer, CHUNK_BYTES } from "./age/age-sealer.ts";
import type { Draft, DraftSummary } from "./disk/draft.ts";
import { createImageMessages } from "./mcap/image-messages.ts";
import { bareEnd, metadataRecord } from "./mcap/mcap-records.ts";
import { McapWriter, RECORD_HEAD_BYTES } from "./mcap/mcap-writer.ts";
import { createLocationMessages } from "./location-messages.ts";
import type { SegmentHead } from "./segment-claims.ts";
import { CLAIMS, ENDING, claimsRecord, endingRecord } from "./segment-claims.ts";
import type { FrameCounts, Segment } from "./segment-store.ts";
import type { SegmentVault } from "./segment-vault.ts";
import { createExtent } from "./sidecar/extent.ts";
import type { FrameNote } from "./sidecar/frame-notes.ts";
import { packNotes } from "./sidecar/frame-notes.ts";
import { createVerdictMessages } from "./verdict-messages.ts";

/** A released frame with what is recorded of it. */
export interface KeptFrame {
  readonly frame: Frame;
  readonly record: VerdictRecord & { readonly action: "pass" | "blur" };
  readonly informationBits: number | null;
  readonly note: FrameNote;
  /** The newest fix, where it may be recorded and is judged with the frame (see `isJudgedWith`). */
  readonly fix: Fix | null;
}

export interface OpenSegmentOptions {
  readonly vault: SegmentVault;
  readonly head: SegmentHead;
  /** The age recipient of the region, or the hold recipient. */
  readonly recipient: string;
  readonly cameras: readonly Camera[];
}

const NOTHING = new Uint8Array(0);

/** A checkpoint takes half an age chunk on the average: after so many bytes that is 3 %. */
const CHECKPOINT_BYTES = 1024 * 1024;

/**
 * A segment that is being written: frames become MCAP, MCAP becomes an age file, and after every MCAP chunk there is a
 * checkpoint. Only here, and only until the end, does the vehicle hold the segment's key, and at most one chunk of it in
 * plain. After an error only `counts` and `draft` may be used.
 */
export class OpenSegment {
  readonly head: SegmentHead;
  readonly draft: Draft;
  readonly #options: OpenSegmentOptions;
  readonly #sealer: AgeSealer;
  readonly #writer: McapWriter;
  readonly #image: ReturnType<typeof createImageMessages>;
  readonly #verdict: ReturnType<typeof createVerdictMessages>;
  readonly #location: ReturnType<typeof createLocationMessages>;
  readonly #cameraIds: readonly string[];
  readonly #extent = createExtent();
  readonly #counts: Record<string, { pass: number; blur: number }> = {};
  #notes: Buffer[] = [];
  #fresh: FrameNote[] = [];
  #firstMs = Infinity;
  #lastMs = -Infinity;

  private constructor(options: OpenSegmentOptions, draft: Draft, sealer: AgeSealer) {
    this.head = options.head;
    this.draft = draft;
    this.#options = options;
    this.#sealer = sealer;
    this.#cameraIds = options.cameras.map(({ id }) => id);
    this.#writer = new McapWriter({ append: (bytes) => draft.append(sealer.append(bytes)) });
    this.#image = createImageMessages(this.#writer);
    this.#verdict = createVerdictMessages(this.#writer);
    this.#location = createLocationMessages(this.#writer);
  }

  /** Rejects with the disk's error, or CamfenceError for a recipient that is none; then nothing is left behind. */
  static async begin(options: OpenSegmentOptions): Promise<OpenSegment> {
    const { head, streamKey } = await startAgeFile(options.recipient);
    const draft = await options.vault.begin(options.head.id);
    const segment = new OpenSegment(options, draft, new AgeSealer(streamKey));
    try {
      await draft.append(head);
      await segment.#writer.begin();
      await segment.#writer.addMetadata(CLAIMS, claimsRecord(options.head));
      return segment;
    } catch (thrown) {
      segment.forget();
      await options.vault.discard(draft);
      throw thrown;
    }
  }

  get counts(): FrameCounts {
    return this.#counts;
  }

  /** Times of the earliest and the latest frame. */
  get span(): { readonly firstMs: number; readonly lastMs: number } {
    return { firstMs: this.#firstMs, lastMs: this.#lastMs };
  }

  /** Frames that a crash would lose now. */
  get freshFrames(): number {
    return this.#fresh.length;
  }

  /** Throws CamfenceError, and changes nothing, for a frame that cannot be recorded; rejects with the disk's error. */
  async add({ frame, record, informationBits, note, fix }: KeptFrame): Promise<void> {
    const image = this.#image(frame);
    if (!this.#writer.fits(image)) await this.#writeChunk();
    const location = fix === null ? null : this.#location(fix);
    if (location !== null) this.#writer.addMessage(location);
    this.#writer.addMessage(image);
    this.#writer.addMessage(this.#verdict(frame, record, informationBits));
    this.#fresh.push(note);
    this.#extent.add(note);
    this.#firstMs = Math.min(this.#firstMs, note.timeMs);
    this.#lastMs = Math.max(this.#lastMs, note.timeMs);
    const counts = (this.#counts[note.camera] ??= { pass: 0, blur: 0 });
    counts[note.action]++;
  }

  /** Writes what waits, and a checkpoint: a crash loses nothing of it. */
  async flush(): Promise<void> {
    if (this.#fresh.length === 0) return;
    await this.#writer.flush();
    await this.#checkpoint();
  }

  async #writeChunk(): Promise<void> {
    await this.#writer.flush();
    if (this.draft.sinceCheckpointBytes >= CHECKPOINT_BYTES) await this.#checkpoint();
  }

  async #checkpoint(): Promise<void> {
    const tail = Buffer.concat([metadataRecord(ENDING, this.#ending("recovered")), bareEnd()]);
    if (!this.#sealer.canEnd(tail.length)) await this.#pad();
    await this.draft.checkpoint(this.#sealer.endWith(tail), this.#summary(), this.#takeNotes());
  }

  /** Makes it a finished segment, and forgets its key. */
  async finish(): Promise<Segment> {
    try {
      await this.#writer.flush();
      if (!this.#sealer.canEnd(0)) await this.#pad();
      await this.#writer.addMetadata(ENDING, this.#ending("whole"));
      await this.#writer.end();
      await this.draft.append(this.#sealer.endWith(NOTHING));
    } finally {
      this.forget();
    }
    this.#takeNotes();
    return this.#options.vault.finish(this.draft, this.#summary(), Buffer.concat(this.#notes));
  }

  /** Zeroes the key and all that is in plain. */
  forget(): void {
    this.#sealer.forget();
    this.#writer.forget();
  }

  /** Fills the age chunk with a record that says nothing: the next end must be one of another chunk. */
  #pad(): Promise<void> {
    return this.#writer.addPadding(Math.max(RECORD_HEAD_BYTES, CHUNK_BYTES - this.#sealer.restBytes + 1));
  }

  #takeNotes(): Buffer {
    const packed = packNotes(this.#fresh, this.#cameraIds);
    this.#notes.push(packed);
    this.#fresh = [];
    return packed;
  }

  #ending(ending: "whole" | "recovered"): Map<string, string> {
    const frames = Object.values(this.#counts).reduce((sum, { pass, blur }) => sum + pass + blur, 0);
    return endingRecord({ ...this.span, frames, ending });
  }

  #summary(): DraftSummary {
    const { head } = this;
    const cameras = [...this.#options.cameras];
    const counts = structuredClone(this.#counts);
    return { ...head, ...this.span, counts, cameras, extent: this.#extent.disc() };
  }
}
