import { mkdir, open, readdir, rename, rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import type { Files, OpenFile } from "./files.ts";

const FLAGS = { create: "wx+", update: "r+", read: "r" } as const;

/** A folder on disk, made where it is missing; only its owner may enter it. */
export async function nodeFiles(folder: string): Promise<Files> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = (name: string): string => join(folder, name);
  return {
    open: (name, mode) => openFile(path(name), FLAGS[mode]),
    list: () => readdir(folder),
    rename: async (from, to) => rename(path(from), path(to)),
    remove: async (name) => rm(path(name), { force: true }),
    syncFolder: () => syncFolder(folder),
    async freeBytes() {
      const { bavail, bsize } = await statfs(folder);
      return bavail * bsize;
    },
  };
}

/** A rename is durable only when its folder is. */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r");
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function openFile(path: string, flags: string): Promise<OpenFile> {
  const handle = await open(path, flags, 0o600);
  return {
    write: async (bytes, position) => (await handle.write(bytes, 0, bytes.length, position)).bytesWritten,
    read: async (bytes, position) => (await handle.read(bytes, 0, bytes.length, position)).bytesRead,
    size: async () => (await handle.stat()).size,
    truncate: (bytes) => handle.truncate(bytes),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}
