import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { ZoneSet } from "../zone-set.ts";
import { compiledZoneSet, isCompiled } from "./compiled-zone-set.ts";
import { MAGIC, MAX_FILE_BYTES } from "./layout.ts";

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
 * Loads a compiled set by one read; its arrays are the bytes of the file. Throws as `compiledZoneSet` does, naming the
 * file, and `unreadable` or `too-large`.
 */
export async function loadCompiled(file: string): Promise<ZoneSet> {
  try {
    return compiledZoneSet(await withFile(file, readWhole));
  } catch (error) {
    if (!(error instanceof CamfenceError)) {
      throw new CamfenceError("unreadable", `${file}: ${messageOf(error)}`, { file, cause: error });
    }
    throw new CamfenceError(error.code, `${file}: ${error.message}`, { file, cause: error });
  }
}

async function readWhole(handle: FileHandle): Promise<Uint8Array> {
  const { size } = await handle.stat();
  if (size > MAX_FILE_BYTES) {
    const message = `got ${size} bytes, expected at most ${MAX_FILE_BYTES}; build sets of fewer zones`;
    throw new CamfenceError("too-large", message);
  }
  // Not cleared: all of it is read, or what is missing is cut off again.
  const bytes = Buffer.allocUnsafeSlow(size);
  const pieceBytes = Math.ceil(size / PIECES);
  const pieces = Array.from({ length: PIECES }, (_, i) =>
    bytes.subarray(i * pieceBytes, (i + 1) * pieceBytes),
  );
  const lengths = await Promise.all(pieces.map((piece, i) => readPiece(handle, piece, i * pieceBytes)));
  const isWhole = lengths.every((length, i) => length === pieces[i]?.length);
  // The file became shorter meanwhile.
  return isWhole ? bytes : bytes.subarray(0, 0);
}

/** Most of the time goes into the kernel's making of pages: one piece for each thread that reads. */
const PIECES = 4;

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
