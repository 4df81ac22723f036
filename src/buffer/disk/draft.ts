import { createHash } from "node:crypto";
import type { Hash } from "node:crypto";
import type { Summary } from "../sidecar/summary.ts";
import { Journal } from "../sidecar/journal.ts";
import { writeSidecar } from "../sidecar/sidecar.ts";
import { BlockWriter } from "./block-writer.ts";
import type { Files, OpenFile } from "./files.ts";
import { ERASED_HEAD_BYTES, eraseAndRemove } from "./remove.ts";
import { SALT_AT, SALT_BYTES } from "../sidecar/sealed-records.ts";
import { JOURNAL, SEGMENT, SIDECAR, UNFINISHED } from "./names.ts";

/** A summary but for what only the file itself knows. */
export type DraftSummary = Omit<Summary, "sha256" | "bytes" | "ending">;

export interface DraftOptions {
  readonly files: Files;
  readonly deviceKey: Buffer;
  readonly id: string;
  /** What was written longer ago than this survives a power cut; a killed process loses only what is after the last checkpoint. */
  readonly syncMs: number;
}

/**
 * A segment that is being written: `id.mcap.age.partial`, which only grows, and `id.journal`. A crash at any instant
 * leaves them so that `recover` can end the segment at its last checkpoint. After an error only `close` may be called.
 */
export class Draft {
  readonly id: string;
  readonly #options: DraftOptions;
  readonly #file: OpenFile;
  readonly #journal: Journal;
  readonly #blocks: BlockWriter;
  readonly #hash: Hash = createHash("sha256");
  #bytes = 0;
  #syncing: Promise<void> = Promise.resolve();
  #closed = false;
  #checkpointAt = 0;
  #syncedMs = -Infinity;

  private constructor(options: DraftOptions, file: OpenFile, journal: Journal) {
    this.id = options.id;
    this.#options = options;
    this.#file = file;
    this.#blocks = new BlockWriter(file);
    this.#journal = journal;
  }

  /** The journal comes first: a segment without one is nothing that we left. */
  static async begin(options: DraftOptions): Promise<Draft> {
    const { files, deviceKey, id } = options;
    let journal: Journal | null = null;
    try {
      journal = await Journal.create(files, deviceKey, `${id}${JOURNAL}`, id);
      return new Draft(options, await files.open(`${id}${UNFINISHED}`, "create"), journal);
    } catch (thrown) {
      await journal?.close();
      await files.remove(`${id}${JOURNAL}`);
      throw thrown;
    }
  }

  /** What it takes on disk now. */
  get diskBytes(): number {
    return this.#bytes + this.#journal.bytes;
  }

  /** What a crash would lose now. */
  get sinceCheckpointBytes(): number {
    return this.#bytes - this.#checkpointAt;
  }

  /** Copies; rejects with the disk's error, perhaps that of an earlier call. */
  async append(sealed: Uint8Array): Promise<void> {
    this.#bytes += sealed.length;
    this.#hash.update(sealed);
    await this.#blocks.append(sealed);
  }

  /** From here on a crash leaves a segment of all that was appended, ended by `tail`. */
  async checkpoint(tail: Uint8Array, draft: DraftSummary, notes: Uint8Array): Promise<void> {
    const sha256 = this.#hash.copy().update(tail).digest("hex");
    const summary: Summary = {
      ...draft,
      sha256,
      bytes: this.#bytes + tail.length,
      ending: "recovered",
    };
    this.#checkpointAt = this.#bytes;
    await this.#blocks.flush();
    await this.#journal.add({ checkpoint: { offsetBytes: this.#bytes, summary }, tail, notes });
    if (draft.lastMs - this.#syncedMs < this.#options.syncMs) return;
    this.#syncedMs = draft.lastMs;
    // Frames do not wait for the disk's flush; the next one waits for this one, and rejects with its error.
    await this.#syncing;
    this.#syncing = this.#sync();
    this.#syncing.catch(() => undefined);
  }

  async #sync(): Promise<void> {
    await this.#file.sync();
    await this.#journal.sync();
  }

  /** Makes it a finished segment, durably. Returns its summary and the size of its sidecar. */
  async finish(draft: DraftSummary, notes: Uint8Array) {
    const { files, deviceKey, id } = this.#options;
    await this.#blocks.flush();
    await this.#syncing;
    await this.#file.sync();
    const summary: Summary = {
      ...draft,
      sha256: this.#hash.digest("hex"),
      bytes: this.#bytes,
      ending: "whole",
    };
    await this.close();
    const sidecarBytes = await finishFiles(files, deviceKey, { summary, notes });
    return { summary, sidecarBytes, id };
  }

  /** Fine to call twice: a draft whose end failed is closed already. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#blocks.settle();
    await this.#syncing.catch(() => undefined);
    await Promise.allSettled([this.#file.close(), this.#journal.close()]);
  }

  /** Erases and removes a closed draft: the file key's wrapping and the journal's salt first. */
  async erase(): Promise<void> {
    const { files, id } = this.#options;
    await eraseAndRemove(files, `${id}${UNFINISHED}`, 0, ERASED_HEAD_BYTES);
    await eraseAndRemove(files, `${id}${JOURNAL}`, SALT_AT, SALT_BYTES);
    await files.syncFolder();
  }
}

/** The last steps of every segment, whole or recovered: its durable file gets a sidecar, then its name. */
export async function finishFiles(
  files: Files,
  deviceKey: Buffer,
  sidecar: { readonly summary: Summary; readonly notes: Uint8Array },
): Promise<number> {
  const { id } = sidecar.summary;
  const sidecarBytes = await writeSidecar(files, deviceKey, `${id}${SIDECAR}`, sidecar);
  await files.rename(`${id}${UNFINISHED}`, `${id}${SEGMENT}`);
  await files.syncFolder();
  await files.remove(`${id}${JOURNAL}`);
  return sidecarBytes;
}
