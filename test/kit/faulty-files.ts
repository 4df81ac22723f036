import type { Files, OpenFile } from "../../src/buffer/disk/files.ts";

/** What happens to the change number `n` (0, 1, …) of a folder: each write, creation, renaming, removal, sync. */
export type Fault = (n: number) => "fine" | "fails" | "ENOSPC" | "EIO";

export interface FaultyFiles {
  readonly files: Files;
  readonly changes: () => number;
}

/** A folder whose changes fail as told; a write that fails has written half before. */
export function faultyFiles(base: Files, fault: Fault): FaultyFiles {
  let count = 0;
  const change = async <T>(
    act: () => Promise<T>,
    half: () => Promise<unknown> = async () => {},
  ): Promise<T> => {
    const verdict = fault(count++);
    if (verdict === "fine") return act();
    await half();
    const code = verdict === "fails" ? "EIO" : verdict;
    throw Object.assign(new Error(`${code}: injected`), { code });
  };
  const wrap = (file: OpenFile): OpenFile => ({
    ...file,
    write: (bytes, at) =>
      change(
        () => file.write(bytes, at),
        () => file.write(bytes.subarray(0, bytes.length >> 1), at),
      ),
    truncate: (bytes) => change(() => file.truncate(bytes)),
    sync: () => change(() => file.sync()),
  });
  const files: Files = {
    ...base,
    open: async (name, mode) =>
      wrap(await (mode === "create" ? change(() => base.open(name, mode)) : base.open(name, mode))),
    rename: (from, to) => change(() => base.rename(from, to)),
    remove: (name) => change(() => base.remove(name)),
    syncFolder: () => change(() => base.syncFolder()),
  };
  return { files, changes: () => count };
}

/** A folder whose writes take at most so many bytes at a time, and whose reads give at most so many. */
export function shortFiles(base: Files, mostBytes: number): Files {
  return {
    ...base,
    async open(name, mode) {
      const file = await base.open(name, mode);
      return {
        ...file,
        write: (bytes, at) => file.write(bytes.subarray(0, mostBytes), at),
        read: (bytes, at) => file.read(bytes.subarray(0, mostBytes), at),
      };
    },
  };
}
