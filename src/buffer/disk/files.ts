/**
 * One folder of files, as the buffer needs it. Every method may reject with the system's error (`ENOSPC`, `EIO`, …);
 * `write` and `read` may move fewer bytes than asked.
 */
export interface Files {
  /** `create` fails where the file exists; `update` reads and writes one that is there. */
  open(name: string, mode: "create" | "update" | "read"): Promise<OpenFile>;
  list(): Promise<readonly string[]>;
  /** Atomic; takes the place of a file of the new name. */
  rename(from: string, to: string): Promise<void>;
  /** Fine when there is no such file. */
  remove(name: string): Promise<void>;
  /** Makes renames and removals durable. */
  syncFolder(): Promise<void>;
  /** What the file system has left for us. */
  freeBytes(): Promise<number>;
}

export interface OpenFile {
  /** Returns how many bytes of `bytes` were written. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  /** Returns how many bytes were read into `bytes`; 0 at the end. */
  read(bytes: Uint8Array, position: number): Promise<number>;
  size(): Promise<number>;
  truncate(bytes: number): Promise<void>;
  /** Makes the content durable. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** Writes all of it, however short the writes. */
export async function writeAll(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const written = await file.write(bytes.subarray(done), position + done);
    // A device that takes nothing and reports nothing would hold us here for ever.
    if (written <= 0) throw Object.assign(new Error("EIO: the write wrote nothing"), { code: "EIO" });
    done += written;
  }
}

/** Reads up to `bytes` from `position` on; less at the end of the file only. */
export async function readUpTo(file: OpenFile, bytes: number, position: number): Promise<Buffer> {
  const out = Buffer.alloc(bytes);
  let done = 0;
  for (let read = -1; done < bytes && read !== 0; done += read) {
    read = await file.read(out.subarray(done), position + done);
  }
  return out.subarray(0, done);
}

/** Runs `use` with the file, and closes it whatever happens. */
export async function withFile<T>(
  files: Files,
  name: string,
  mode: "create" | "update" | "read",
  use: (file: OpenFile) => Promise<T>,
): Promise<T> {
  const file = await files.open(name, mode);
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}

export function isMissing(thrown: unknown): boolean {
  return codeOf(thrown) === "ENOENT";
}

/** No space, by whatever limit: the disk's, a quota's, the largest file's. */
export function isNoSpace(thrown: unknown): boolean {
  return ["ENOSPC", "EDQUOT", "EFBIG"].includes(codeOf(thrown) ?? "");
}

/** Whether the system refused, rather than the content being wrong. */
export function isSystemError(thrown: unknown): boolean {
  return /^E[A-Z0-9]+$/.test(codeOf(thrown) ?? "");
}

function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : undefined;
}
