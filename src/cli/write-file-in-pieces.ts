import { randomBytes } from "node:crypto";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { CamfenceError, messageOf } from "../core/errors.ts";

/**
 * Writes a file so that a power cut leaves the old one or the new one, and nobody ever reads half of it. Answers its
 * length. Throws `unreadable` where it cannot be written; the file is then as it was.
 */
export async function writeFileInPieces(path: string, pieces: readonly Uint8Array[]): Promise<number> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeDurably(temporary, pieces);
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw new CamfenceError("unreadable", `${path}: cannot be written: ${messageOf(cause)}`, {
      file: path,
      cause,
    });
  }
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

async function writeDurably(path: string, pieces: readonly Uint8Array[]): Promise<void> {
  const handle = await open(path, "wx", 0o644);
  try {
    for (const piece of pieces) if (piece.length > 0) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
