import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { ZoneSet } from "../zone-set.ts";
import { compiledZoneSet, undamagedZoneSet } from "./compiled-zone-set.ts";
import { startChecksum } from "./checksum.ts";
import { MAGIC, MAX_FILE_BYTES, isCompiled } from "./layout.ts";

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

export interface CompiledOptions {
  /**
   * Looks whether the set makes sense, too, as whoever builds or publishes one and whoever gets one by an update does.
   * @default false: the checksum says whether the file is as it was built
   */
  readonly thorough?: boolean;
}

/**
 * Loads a compiled set by one read; its arrays are the bytes of the file. Throws as `compiledZoneSet` does, naming the
 * file, and `unreadable` or `too-large`.
 */
export async function loadCompiled(
  file: string,
  { thorough = false }: CompiledOptions = {},
): Promise<ZoneSet> {
  try {
    const { bytes, sum } = await withFile(file, readWhole);
    return thorough ? compiledZoneSet(bytes, sum) : undamagedZoneSet(bytes, sum);
  } catch (error) {
    if (!(error instanceof CamfenceError)) {
      throw new CamfenceError("unreadable", `${file}: ${messageOf(error)}`, { file, cause: error });
    }
    throw new CamfenceError(error.code, `${file}: ${error.message}`, { file, cause: error });
  }
}

/** All of a file and its checksum, which is told piece by piece while others are read. */
export async function readWhole(
  handle: Pick<FileHandle, "stat" | "read">,
): Promise<{ readonly bytes: Buffer; readonly sum: Buffer }> {
  const { size } = await handle.stat();
  if (size > MAX_FILE_BYTES) {
    const message = `got ${size} bytes, expected at most ${MAX_FILE_BYTES}; build sets of fewer zones`;
    throw new CamfenceError("too-large", message);
  }
  // Not cleared: what could not be read is cut away.
  const bytes = Buffer.allocUnsafeSlow(size);
  const starts = Array.from({ length: Math.ceil(size / PIECE_BYTES) }, (_, i) => i * PIECE_BYTES);
  const pieces = starts.map((start) => readPiece(handle, bytes.subarray(start, start + PIECE_BYTES), start));
  // Whichever fails: none is left behind, nor its error unheard.
  const allRead = Promise.allSettled(pieces);
  try {
    return await summed(bytes, pieces);
  } finally {
    await allRead;
  }
}

/** Up to the first piece that is short: the file became shorter meanwhile. */
async function summed(bytes: Buffer, pieces: readonly Promise<Buffer>[]) {
  const sum = startChecksum();
  let length = 0;
  for (const piece of pieces) {
    const read = await piece;
    sum.add(read);
    length += read.length;
    if (read.length < PIECE_BYTES) break;
  }
  return { bytes: bytes.subarray(0, length), sum: sum.value() };
}

/** Most of the time goes into the kernel's making of pages, which the threads that read share (measured: 2 to 4 MiB are best). */
const PIECE_BYTES = 2 * 1024 * 1024;

/** As much of a piece as the file has. */
async function readPiece(handle: Pick<FileHandle, "read">, piece: Buffer, position: number): Promise<Buffer> {
  let length = 0;
  for (let more = 1; more > 0 && length < piece.length; length += more) {
    more = (await handle.read(piece, length, piece.length - length, position + length)).bytesRead;
  }
  return piece.subarray(0, length);
}

async function withFile<Result>(file: string, use: (handle: FileHandle) => Promise<Result>): Promise<Result> {
  const handle = await open(file, "r");
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}
