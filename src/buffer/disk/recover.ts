import { createHash } from "node:crypto";
import { messageOf } from "../../core/errors.ts";
import type { JournalEntry } from "../sidecar/journal.ts";
import { readJournal } from "../sidecar/journal.ts";
import { readSummary } from "../sidecar/sidecar.ts";
import type { Summary } from "../sidecar/summary.ts";
import { finishFiles } from "./draft.ts";
import type { Files, OpenFile } from "./files.ts";
import { isMissing, isSystemError, readUpTo, withFile, writeAll } from "./files.ts";
import { JOURNAL, SEGMENT, SIDECAR, UNFINISHED } from "./names.ts";

/** What became of a segment that was being written. */
export type Recovery =
  | { readonly kind: "finished"; readonly summary: Summary; readonly sidecarBytes: number }
  /** Not one record was whole: its files are removed. */
  | { readonly kind: "empty" }
  /** Its files are not what a crash leaves. */
  | { readonly kind: "unexplained"; readonly detail: string };

const READ_BYTES = 1024 * 1024;

/**
 * Ends an unfinished segment at its last checkpoint, without its key: the file is cut there and gets the sealed end
 * that the journal holds, which makes it a whole age file with a whole MCAP file inside. May itself be cut off at any
 * instant and run again. Throws the disk's error; then nothing is lost.
 */
export async function recover(files: Files, deviceKey: Buffer, id: string): Promise<Recovery> {
  const named = await endNaming(files, deviceKey, id);
  if (named !== null) return named;
  const entries = await entriesOf(files, deviceKey, id);
  if ("kind" in entries) return entries;
  const last = await lastGood(files, id, entries);
  if (last < 0) {
    await files.remove(`${id}${UNFINISHED}`);
    await files.remove(`${id}${JOURNAL}`);
    return { kind: "empty" };
  }
  const entry = entries[last];
  if (entry === undefined) return { kind: "empty" };
  await endAt(files, id, entry);
  const { summary } = entry.checkpoint;
  const notes = Buffer.concat(entries.slice(0, last + 1).map((each) => each.notes));
  const sidecarBytes = await finishFiles(files, deviceKey, { summary, notes });
  return { kind: "finished", summary, sidecarBytes };
}

/** A crash between the last two steps of a finished segment: only its name is missing. */
async function endNaming(files: Files, deviceKey: Buffer, id: string): Promise<Recovery | null> {
  try {
    const { summary, bytes } = await readSummary(files, deviceKey, `${id}${SIDECAR}`, id);
    const isNamed = (await files.list()).includes(`${id}${SEGMENT}`);
    const name = isNamed ? `${id}${SEGMENT}` : `${id}${UNFINISHED}`;
    const sha256 = await withFile(files, name, "read", (file) => hashOf(file, summary.bytes));
    if (sha256 !== summary.sha256) return null;
    if (!isNamed) await files.rename(name, `${id}${SEGMENT}`);
    await files.syncFolder();
    await files.remove(`${id}${JOURNAL}`);
    return { kind: "finished", summary, sidecarBytes: bytes };
  } catch (thrown) {
    // Missing, or not whole: then the journal tells.
    if (isMissing(thrown) || !isSystemError(thrown)) return null;
    throw thrown;
  }
}

async function entriesOf(
  files: Files,
  deviceKey: Buffer,
  id: string,
): Promise<readonly JournalEntry[] | Extract<Recovery, { kind: "unexplained" }>> {
  try {
    return await readJournal(files, deviceKey, `${id}${JOURNAL}`, id);
  } catch (thrown) {
    if (isSystemError(thrown) && !isMissing(thrown)) throw thrown;
    return { kind: "unexplained", detail: messageOf(thrown) };
  }
}

/** After a power cut the journal may promise more than the file holds: the last entry whose hash is right counts. */
async function lastGood(files: Files, id: string, entries: readonly JournalEntry[]): Promise<number> {
  let good = -1;
  try {
    await withFile(files, `${id}${UNFINISHED}`, "read", async (file) => {
      const hash = createHash("sha256");
      let at = 0;
      for (const [i, { checkpoint, tail }] of entries.entries()) {
        at += await hashInto(hash, file, at, checkpoint.offsetBytes);
        if (at < checkpoint.offsetBytes) break;
        if (hash.copy().update(tail).digest("hex") === checkpoint.summary.sha256) good = i;
      }
    });
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
  return good;
}

async function endAt(files: Files, id: string, { checkpoint, tail }: JournalEntry): Promise<void> {
  await withFile(files, `${id}${UNFINISHED}`, "update", async (file) => {
    await file.truncate(checkpoint.offsetBytes);
    await writeAll(file, tail, checkpoint.offsetBytes);
    await file.sync();
  });
}

async function hashOf(file: OpenFile, bytes: number): Promise<string> {
  const hash = createHash("sha256");
  // One byte more than there should be shows a file that is longer.
  await hashInto(hash, file, 0, bytes + 1);
  return hash.digest("hex");
}

/** Hashes up to `toByte`; returns how many bytes there were. */
async function hashInto(
  hash: ReturnType<typeof createHash>,
  file: OpenFile,
  fromByte: number,
  toByte: number,
): Promise<number> {
  let at = fromByte;
  while (at < toByte) {
    const piece = await readUpTo(file, Math.min(READ_BYTES, toByte - at), at);
    if (piece.length === 0) break;
    hash.update(piece);
    at += piece.length;
  }
  return at - fromByte;
}
