import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { link, mkdir, readdir, readFile, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { FileStore } from "@tus/file-store";
import { parseReceipt } from "../receipt.ts";
import type { Receipt } from "../receipt.ts";
import { syncPath, writeAtomically } from "../../core/atomic-file.ts";
import type { Archive } from "./archive.ts";
import { UPLOAD_EXPIRES_MS } from "./staging.ts";
import type { Staging } from "./staging.ts";

const RECEIPT_END = ".receipt.json";
const SEGMENT_END = ".mcap.age";

/**
 * A folder with `incoming/` (uploads, by their own ids) and `segments/` (`<id>.mcap.age` beside
 * `<id>.receipt.json`). Both must be on one file system. A segment without a receipt is one whose taking over a crash
 * cut short.
 */
export async function openFileDepot(folder: string): Promise<Staging & Archive> {
  const incoming = join(folder, "incoming");
  const segments = join(folder, "segments");
  await mkdir(incoming, { recursive: true });
  await mkdir(segments, { recursive: true });
  const staged = (uploadId: string): string => join(incoming, uploadId);
  return {
    tus: new FileStore({ directory: incoming, expirationPeriodInMilliseconds: UPLOAD_EXPIRES_MS }),
    read: async (uploadId) => createReadStream(staged(uploadId)),
    async drop(uploadId) {
      await rm(staged(uploadId), { force: true });
      await rm(`${staged(uploadId)}.json`, { force: true });
    },
    room: () => roomOf(incoming),
    keep: (uploadId, receipt) => keep(staged(uploadId), segments, receipt),
    receiptOf: (id) => readReceipt(join(segments, id + RECEIPT_END)),
    receipts: () => receiptsIn(segments),
  };
}

async function keep(staged: string, segments: string, receipt: Receipt): Promise<"kept" | "taken"> {
  const path = join(segments, receipt.id + SEGMENT_END);
  // The tus store does not sync what it writes.
  await syncPath(staged);
  if (!(await linkNew(staged, path)) && (await sha256Of(path)) !== receipt.sha256) return "taken";
  await syncPath(segments);
  await writeAtomically(join(segments, receipt.id + RECEIPT_END), `${JSON.stringify(receipt)}\n`);
  return "kept";
}

/** Gives the file a second name; false when that name exists. Of two at once, one gets it. */
async function linkNew(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw thrown;
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

async function readReceipt(path: string): Promise<Receipt | null> {
  try {
    return parseReceipt(await readFile(path, "utf8"));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw thrown;
  }
}

async function* receiptsIn(segments: string): AsyncGenerator<Receipt> {
  const names = (await readdir(segments)).filter((name) => name.endsWith(RECEIPT_END)).toSorted();
  for (const name of names) {
    const receipt = await readReceipt(join(segments, name));
    if (receipt !== null) yield receipt;
  }
}

async function roomOf(incoming: string) {
  const { bavail, bsize } = await statfs(incoming);
  const names = await readdir(incoming);
  return {
    freeBytes: bavail * bsize,
    openUploads: names.filter((name) => name.endsWith(".json")).length,
  };
}
