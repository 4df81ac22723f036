import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { writeAtomically } from "../core/atomic-file.ts";
import { CamfenceError, messageOf } from "../core/errors.ts";

/**
 * Writes a file as a whole: after a power cut there is either the old one, with its mode, or the new one. Throws a
 * CamfenceError `unreadable` where it cannot be written.
 */
export async function writeWhole(file: string, text: string): Promise<void> {
  try {
    await writeAtomically(file, text, await modeOf(file));
  } catch (cause) {
    throw new CamfenceError("unreadable", `${file} cannot be written: ${messageOf(cause)}`, { file, cause });
  }
}

/** The same for bytes in pieces, in a folder that may not be there yet. Answers the file's length. */
export async function writeFileInPieces(path: string, pieces: readonly Uint8Array[]): Promise<number> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeAtomically(path, pieces, 0o644);
  } catch (cause) {
    throw new CamfenceError("unreadable", `${path}: cannot be written: ${messageOf(cause)}`, {
      file: path,
      cause,
    });
  }
  return pieces.reduce((sum, { length }) => sum + length, 0);
}

async function modeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).mode;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return 0o644;
    throw error;
  }
}
