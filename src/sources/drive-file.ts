import type { FileHandle } from "node:fs/promises";
import { open, stat } from "node:fs/promises";
import { CamfenceError, messageOf } from "../core/errors.ts";

const HEAD_BYTES = 64 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** An open file of known size. */
export interface DriveFile {
  readonly path: string;
  readonly sizeBytes: number;
  /** Its first bytes, as Latin-1, to tell its format by. */
  readonly head: string;
  /** The whole file from its start. Each chunk is valid until the next one is asked for. */
  chunks(): AsyncGenerator<Uint8Array>;
}

/**
 * Opens a regular file for `use` and closes it afterwards. Throws `unreadable` for one that is missing or may not be
 * read, `unsupported` for folders and devices (an endless one would be read for ever), `malformed` for an empty one.
 */
export async function withDriveFile<Result>(
  path: string,
  use: (file: DriveFile) => Promise<Result>,
): Promise<Result> {
  const sizeBytes = await fileSizeBytes(path);
  const handle = await orUnreadable(path, open(path, "r"));
  try {
    const head = Buffer.alloc(Math.min(HEAD_BYTES, sizeBytes));
    await orUnreadable(path, handle.read(head, 0, head.length, 0));
    return await use({ path, sizeBytes, head: head.toString("latin1"), chunks: () => read(path, handle) });
  } finally {
    await handle.close();
  }
}

/** Asked before the file is opened, since opening a pipe waits for its writer. */
async function fileSizeBytes(path: string): Promise<number> {
  const stats = await orUnreadable(path, stat(path));
  const fail = (code: "unsupported" | "malformed", message: string): never => {
    throw new CamfenceError(code, `${path}: ${message}`, { file: path });
  };
  if (stats.isDirectory()) {
    fail(
      "unsupported",
      "is a folder without oxts/data, as KITTI raw has it; give such a one, or a .gpx, .nmea, .log, .json, .jsonl or .mcap file",
    );
  }
  if (!stats.isFile()) fail("unsupported", "is no regular file; save the drive to one");
  if (stats.size === 0) fail("malformed", "is empty, expected a recorded drive");
  return stats.size;
}

async function* read(path: string, handle: FileHandle): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(CHUNK_BYTES);
  let position = 0;
  for (;;) {
    const { bytesRead } = await orUnreadable(path, handle.read(buffer, 0, buffer.length, position));
    if (bytesRead === 0) return;
    position += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

async function orUnreadable<Result>(path: string, attempt: Promise<Result>): Promise<Result> {
  try {
    return await attempt;
  } catch (cause) {
    const message = `${path}: cannot be read: ${messageOf(cause)}`;
    throw new CamfenceError("unreadable", message, { file: path, cause });
  }
}
