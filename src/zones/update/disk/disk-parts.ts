import { appendFile, mkdir, readFile, readdir, rm, stat, truncate } from "node:fs/promises";
import { join } from "node:path";
import type { PartStore } from "../part-store.ts";

/** Parts as files of a folder. */
export async function openDiskParts(folder: string): Promise<PartStore> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const sizeOf = async (name: string): Promise<number> => {
    try {
      return (await stat(join(folder, name))).size;
    } catch {
      return 0; // not there
    }
  };
  return {
    size: sizeOf,
    async truncate(name, bytes) {
      if ((await sizeOf(name)) > bytes) await truncate(join(folder, name), bytes);
    },
    append: (name, piece) => appendFile(join(folder, name), piece, { mode: 0o600 }),
    read: async (name) => ((await sizeOf(name)) === 0 ? Buffer.alloc(0) : readFile(join(folder, name))),
    remove: (name) => rm(join(folder, name), { force: true }),
    async keepOnly(name) {
      for (const other of await readdir(folder)) if (other !== name) await rm(join(folder, other));
    },
  };
}
