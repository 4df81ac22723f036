import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { ZoneSet } from "../zone-set.ts";
import { checkHeader, checkSum, cutOff, headBytesOf, isCompiled, openSet } from "./compiled-zone-set.ts";
import { AT, MAGIC, MAX_FILE_BYTES } from "./layout.ts";

/** Whether a file begins as a compiled set does; false for what cannot be read, which whoever reads it says. */
export async function isCompiledFile(file: string): Promise<boolean> {
  try {
    return await withFile(file, async (handle) => {
      const head = Buffer.alloc(MAGIC.length);
      await handle.read(head, 0, head.length, 0);
      return isCompiled(head);
    });
  } catch {
    return false;
  }
}

/**
 * Loads a compiled set by reading it once; its arrays are the bytes of the file. What stands before the vertices is
 * checked while those are read. Throws as `compiledZoneSet` does, naming the file, and `unreadable` or `too-large`.
 */
export async function loadCompiled(file: string): Promise<ZoneSet> {
  try {
    return await withFile(file, load);
  } catch (error) {
    if (!(error instanceof CamfenceError)) {
      throw new CamfenceError("unreadable", `${file}: ${messageOf(error)}`, { file, cause: error });
    }
    throw new CamfenceError(error.code, `${file}: ${error.message}`, { file, cause: error });
  }
}

async function load(handle: FileHandle): Promise<ZoneSet> {
  const { size } = await handle.stat();
  if (size > MAX_FILE_BYTES) {
    const message = `got ${size} bytes, expected at most ${MAX_FILE_BYTES}; build sets of fewer zones`;
    throw new CamfenceError("too-large", message);
  }
  // Not cleared: all of it is read, or it is refused.
  const bytes = Buffer.allocUnsafeSlow(size);
  await readAll(handle, bytes, 0, Math.min(size, AT.table));
  checkHeader(bytes);
  const headBytes = headBytesOf(bytes);
  await readAll(handle, bytes, AT.table, headBytes);
  const reading = readAll(handle, bytes, headBytes, size);
  const opened = attempt(() => openSet(bytes));
  await reading;
  checkSum(bytes);
  return opened()();
}

/** Does it now, and gives what came of it when it is asked for: only a set that is whole can make no sense. */
function attempt<Result>(work: () => Result): () => Result {
  try {
    const result = work();
    return () => result;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Most of the time goes into the kernel's making of pages: one piece for each thread that reads. */
const PIECES = 2;

/** Throws `cut-off` where the file became shorter meanwhile. */
async function readAll(handle: FileHandle, bytes: Buffer, from: number, end: number): Promise<void> {
  const pieceBytes = Math.ceil((end - from) / PIECES);
  const pieces = Array.from({ length: PIECES }, async (_, i) => {
    const start = Math.min(end, from + i * pieceBytes);
    const piece = bytes.subarray(start, Math.min(end, start + pieceBytes));
    const length = await readPiece(handle, piece, start);
    if (length < piece.length) throw cutOff(start + length, `${bytes.length} bytes`);
  });
  await Promise.all(pieces);
}

async function readPiece(handle: FileHandle, piece: Buffer, position: number): Promise<number> {
  let length = 0;
  for (let more = 1; more > 0 && length < piece.length; length += more) {
    more = (await handle.read(piece, length, piece.length - length, position + length)).bytesRead;
  }
  return length;
}

async function withFile<Result>(file: string, use: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  const handle = await open(file, "r");
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
