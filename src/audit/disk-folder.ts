import { mkdir, open, readFile, readdir, rename } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import { join } from "node:path";
import { CamfenceError, messageOf } from "../core/errors.ts";
import type { LedgerFile, LedgerFolder } from "./ledger-folder.ts";

const OWNER_ONLY = 0o600;
const PARTIAL = ".partial";

/**
 * A ledger in a folder of its own, made where there is none. A power cut may leave a torn last line in the newest file
 * and a `.partial` file, which the next `replace` overwrites.
 */
export async function openDiskFolder(path: string): Promise<LedgerFolder> {
  await attempt(path, () => mkdir(path, { recursive: true, mode: 0o700 }));
  return {
    async names() {
      const entries = await attempt(path, () => readdir(path, { withFileTypes: true }));
      const files = entries.filter((entry) => entry.isFile() && !entry.name.endsWith(PARTIAL));
      return files.map(({ name }) => name);
    },
    read: (name) => attempt(join(path, name), () => readFile(join(path, name))),
    open: (name, keepBytes) => attempt(join(path, name), () => openBehind(path, name, keepBytes)),
    replace: (name, content) => attempt(join(path, name), () => replace(path, name, content)),
  };
}

async function openBehind(folder: string, name: string, keepBytes: number): Promise<LedgerFile> {
  const handle = await open(join(folder, name), "a", OWNER_ONLY);
  try {
    const { size } = await handle.stat();
    if (size > keepBytes) await handle.truncate(keepBytes);
  } catch (thrown) {
    await handle.close();
    throw thrown;
  }
  let named = false;
  return {
    async append(bytes) {
      const { bytesWritten } = await handle.write(bytes);
      return bytesWritten;
    },
    async sync() {
      await handle.datasync(); // with the file's size, which reading it back needs
      if (!named) await syncFolder(folder);
      named = true;
    },
    close: () => handle.close(),
  };
}

async function replace(folder: string, name: string, content: Uint8Array): Promise<void> {
  const partial = join(folder, name + PARTIAL);
  await within(await open(partial, "w", OWNER_ONLY), async (handle) => {
    await handle.writeFile(content);
    await handle.sync();
  });
  await rename(partial, join(folder, name));
  await syncFolder(folder);
}

async function syncFolder(path: string): Promise<void> {
  await within(await open(path, "r"), (handle) => handle.sync());
}

async function within(handle: FileHandle, work: (handle: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(handle);
  } finally {
    await handle.close();
  }
}

async function attempt<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw new CamfenceError("unreadable", `${path}: ${messageOf(thrown)}`, { file: path, cause: thrown });
  }
}
