import { Readable } from "node:stream";
import { messageOf } from "../core/errors.ts";
import type { DraftSummary } from "./disk/draft.ts";
import { Draft } from "./disk/draft.ts";
import type { Files, OpenFile } from "./disk/files.ts";
import { isMissing } from "./disk/files.ts";
import type { RemovalReason } from "./disk/names.ts";
import { SEGMENT, SIDECAR } from "./disk/names.ts";
import { recover } from "./disk/recover.ts";
import { doom, removeDoomed } from "./disk/remove.ts";
import type { Entries } from "./disk/segment-entry.ts";
import { createEntries, segmentOf } from "./disk/segment-entry.ts";
import { look, startUp } from "./disk/start-up.ts";
import type {
  Failed,
  Gone,
  Segment,
  SegmentBytes,
  SegmentState,
  SegmentStore,
  StoreEvent,
} from "./segment-store.ts";
import { readNotes } from "./sidecar/sidecar.ts";
import type { Summary } from "./sidecar/summary.ts";

export interface VaultOptions {
  /** The folder: `nodeFiles` for a disk, `memoryFiles` for a vehicle without one. */
  readonly files: Files;
  /** 32 bytes, from a `KeyProvider`. */
  readonly deviceKey: Buffer;
  /** `recover` puts right what a crash left; `look` changes nothing, while another process writes. @default "recover" */
  readonly start?: "recover" | "look";
  /** A power cut loses no more than what came after a checkpoint so long ago, in time of frames. @default 1000 */
  readonly syncMs?: number;
}

/** The store as the buffer's own parts use it: who writes segments and who judges them again. */
export interface SegmentVault extends SegmentStore {
  /** Begins a segment. Rejects with the disk's error. */
  begin(id: string): Promise<Draft>;
  /** Ends one. Rejects with the disk's error; then `salvage` it. */
  finish(draft: Draft, summary: DraftSummary, notes: Uint8Array): Promise<Segment>;
  /** Ends a draft that failed at its last checkpoint. Rejects with the disk's error, and may be called again. */
  salvage(draft: Draft): Promise<Segment | null>;
  /** Removes a draft with all that is in it. Rejects with the disk's error. */
  discard(draft: Draft): Promise<void>;
  summary(id: string): Summary | null;
  /** Packed notes of a segment's frames. Rejects when the sidecar cannot be read. */
  notes(id: string): Promise<Buffer>;
  mark(id: string, state: SegmentState): void;
  /** Forgets the segments whose files another process has removed, and returns them. Rejects with the disk's error. */
  forgetRemoved(): Promise<readonly Segment[]>;
  /** What the finished segments take on disk. */
  usedBytes(): number;
  freeBytes(): Promise<number>;
}

const READ_BYTES = 256 * 1024;

/** Opens a buffer folder; the events say what start-up put right. Rejects with the disk's error. */
export async function openVault(
  options: VaultOptions,
): Promise<{ readonly vault: SegmentVault; readonly events: readonly StoreEvent[] }> {
  const { files, deviceKey, start = "recover" } = options;
  const found = await (start === "recover" ? startUp(files, deviceKey) : look(files, deviceKey));
  const entries = createEntries(found.entries);
  const vault = {
    ...createReading(files, entries),
    ...createWriting(options, entries),
    ...createJudging(options, entries),
  };
  return { vault, events: found.events };
}

function createReading(files: Files, entries: Entries): SegmentStore {
  /** Decided to go, but the disk refused to remove them; start-up would end that, too. */
  const doomed = new Map<string, { readonly why: RemovalReason; readonly segment: Segment }>();

  async function remove(id: string, why: RemovalReason): Promise<Segment | Gone | Failed> {
    const entry = entries.get(id);
    try {
      if (entry !== undefined) {
        await doom(files, id, why);
        doomed.set(id, { why, segment: segmentOf(entry.summary, entry.state) });
        entries.delete(id);
      }
      const going = doomed.get(id);
      if (going === undefined) return { kind: "gone", id };
      await removeDoomed(files, id, going.why);
      doomed.delete(id);
      return going.segment;
    } catch (thrown) {
      if (!isMissing(thrown)) return { kind: "failed", id, detail: messageOf(thrown) };
      // Another process removed it.
      entries.delete(id);
      return { kind: "gone", id };
    }
  }
  return {
    list: () =>
      entries
        .all()
        .map((entry) => segmentOf(entry.summary, entry.state))
        .toSorted(byAge),
    async read(id, fromByte) {
      const entry = entries.get(id);
      if (entry === undefined) return { kind: "gone", id };
      return openSegment(files, segmentOf(entry.summary, entry.state), fromByte);
    },
    async destroy(id, why) {
      const removed = await remove(id, why);
      return "kind" in removed ? removed : { kind: "destroyed", segment: removed, why };
    },
    async confirmSent(id, sha256) {
      const entry = entries.get(id);
      if (entry === undefined) return { kind: "gone", id };
      if (entry.summary.sha256 !== sha256.toLowerCase()) {
        return { kind: "hash-differs", segment: segmentOf(entry.summary, entry.state), confirmed: sha256 };
      }
      const removed = await remove(id, "sent");
      return "kind" in removed ? removed : { kind: "sent", segment: removed };
    },
  };
}

function createWriting(options: VaultOptions, entries: Entries) {
  const { files, deviceKey, syncMs = 1000 } = options;
  const keep = (summary: Summary, sidecarBytes: number): Segment => {
    entries.set({ summary, sidecarBytes, state: "unchecked" });
    return segmentOf(summary);
  };
  return {
    begin: (id: string) => Draft.begin({ files, deviceKey, id, syncMs }),
    async finish(draft: Draft, draftSummary: DraftSummary, notes: Uint8Array) {
      const { summary, sidecarBytes } = await draft.finish(draftSummary, notes);
      return keep(summary, sidecarBytes);
    },
    async salvage(draft: Draft) {
      await draft.close();
      const recovery = await recover(files, deviceKey, draft.id);
      return recovery.kind === "finished" ? keep(recovery.summary, recovery.sidecarBytes) : null;
    },
    async discard(draft: Draft) {
      await draft.close();
      await draft.erase();
    },
  };
}

function createJudging({ files, deviceKey }: VaultOptions, entries: Entries) {
  return {
    summary: (id: string) => entries.get(id)?.summary ?? null,
    notes: (id: string) => readNotes(files, deviceKey, `${id}${SIDECAR}`, id),
    mark(id: string, state: SegmentState): void {
      const entry = entries.get(id);
      if (entry !== undefined) entries.set({ ...entry, state });
    },
    async forgetRemoved() {
      // What is listed now had its file before; whatever we remove ourselves is unlisted before its file goes.
      const listed = entries.all();
      const names = new Set(await files.list());
      const removed = listed.filter(
        ({ summary: { id } }) => !names.has(`${id}${SEGMENT}`) && entries.get(id) !== undefined,
      );
      for (const { summary } of removed) entries.delete(summary.id);
      return removed.map(({ summary, state }) => segmentOf(summary, state));
    },
    usedBytes: () => entries.usedBytes(),
    freeBytes: () => files.freeBytes(),
  };
}

function byAge(a: Segment, b: Segment): number {
  return a.firstMs - b.firstMs || (a.id < b.id ? -1 : 1);
}

async function openSegment(files: Files, segment: Segment, fromByte: number): Promise<SegmentBytes> {
  try {
    const file = await files.open(`${segment.id}${SEGMENT}`, "read");
    return { kind: "bytes", segment, stream: Readable.from(pieces(file, fromByte), { objectMode: false }) };
  } catch (thrown) {
    if (isMissing(thrown)) return { kind: "gone", id: segment.id };
    return { kind: "failed", id: segment.id, detail: messageOf(thrown) };
  }
}

async function* pieces(file: OpenFile, fromByte: number): AsyncGenerator<Buffer> {
  try {
    for (let at = fromByte, read = -1; read !== 0; at += read) {
      const piece = Buffer.allocUnsafe(READ_BYTES);
      read = await file.read(piece, at);
      if (read > 0) yield piece.subarray(0, read);
    }
  } finally {
    await file.close();
  }
}
