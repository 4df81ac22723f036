import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** What a file is to hold; pieces follow one another. */
export type FileContent = string | Uint8Array | readonly Uint8Array[];

const TEMPORARY = /\.[0-9a-f]{12}\.tmp$/;

/**
 * Writes a file so that a power cut leaves the old content or the new one, whole. Rejects with the disk's error; the
 * file is then as it was.
 */
export async function writeAtomically(path: string, content: FileContent, mode = 0o600): Promise<void> {
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await write(temporary, content, "wx", mode);
    await rename(temporary, path);
  } catch (thrown) {
    await rm(temporary, { force: true });
    throw thrown;
  }
  await syncPath(dirname(path));
}

/** Resolves when the bytes are on the disk; the name is there only after the folder's `syncPath`. */
export async function writeDurably(path: string, content: FileContent, mode = 0o600): Promise<void> {
  await write(path, content, "w", mode);
}

/** Makes what was written to a file, or the names in a folder, survive a power cut. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** The content of a file, null where there is none. */
export async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOENT") return null;
    throw thrown;
  }
}

/** Removes what a crash left of writes under way: only for whoever is alone in the folder. */
export async function sweep(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    if (TEMPORARY.test(name)) await rm(join(folder, name), { force: true });
  }
}

/** Removes what writers of this file that were killed have left beside it. Never rejects; none may be writing now. */
export async function removeTemporary(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const left = names.filter((name) => name.startsWith(`${basename(path)}.`) && name.endsWith(".tmp"));
  await Promise.allSettled(left.map((name) => rm(join(dirname(path), name), { force: true })));
}

async function write(path: string, content: FileContent, flags: "w" | "wx", mode: number): Promise<void> {
  const handle = await open(path, flags, mode);
  try {
    const pieces = typeof content === "string" || content instanceof Uint8Array ? [content] : content;
    for (const piece of pieces) if (piece.length > 0) await handle.writeFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
