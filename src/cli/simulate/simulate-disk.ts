import type { Files, OpenFile } from "../../buffer/disk/files.ts";
import { memoryFiles } from "../../buffer/disk/memory-files.ts";

/** The vehicle's disk in a simulation. It outlives the process that writes to it, and may be full for a while. */
export interface SimulatedDisk {
  fill(isFull: boolean): void;
  /** The disk as one process has it: once killed, that process does nothing to it any more. */
  attach(): { readonly files: Files; readonly kill: () => void };
}

export function createSimulatedDisk(): SimulatedDisk {
  const disk = memoryFiles();
  let isFull = false;
  const guardFull = (what: string): void => {
    if (isFull) throw systemError("ENOSPC", what);
  };
  const roomy = (file: OpenFile): OpenFile => ({
    ...file,
    async write(bytes, position) {
      // What is there may be overwritten on a full disk, too: keys are erased so.
      if (position + bytes.length > (await file.size())) guardFull("write");
      return file.write(bytes, position);
    },
  });
  const files: Files = {
    ...disk,
    async open(name, mode) {
      if (mode === "create") guardFull(name);
      return roomy(await disk.open(name, mode));
    },
    freeBytes: async () => (isFull ? 0 : disk.freeBytes()),
  };
  return {
    fill(full) {
      isFull = full;
    },
    attach() {
      let isAlive = true;
      const alive = (): void => {
        if (!isAlive) throw systemError("EIO", "the process is dead");
      };
      return { files: whileAlive(files, alive), kill: () => void (isAlive = false) };
    },
  };
}

/** Every change asks first. */
function whileAlive(files: Files, alive: () => void): Files {
  const asked = async <T>(change: () => Promise<T>): Promise<T> => {
    alive();
    return change();
  };
  const opened = (file: OpenFile): OpenFile => ({
    ...file,
    write: (bytes, position) => asked(() => file.write(bytes, position)),
    truncate: (bytes) => asked(() => file.truncate(bytes)),
    sync: () => asked(() => file.sync()),
  });
  return {
    ...files,
    open: (name, mode) => asked(async () => opened(await files.open(name, mode))),
    rename: (from, to) => asked(() => files.rename(from, to)),
    remove: (name) => asked(() => files.remove(name)),
    syncFolder: () => asked(() => files.syncFolder()),
  };
}

function systemError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
