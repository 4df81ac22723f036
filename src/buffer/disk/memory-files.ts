import type { Files, OpenFile } from "./files.ts";

/** A folder in memory, of a stated size. */
export function memoryFiles(capacityBytes = Number.MAX_SAFE_INTEGER): Files {
  const contents = new Map<string, Content>();
  const used = (): number => [...contents.values()].reduce((sum, { bytes }) => sum + bytes.length, 0);
  const find = (name: string): Content => {
    const content = contents.get(name);
    if (content === undefined) throw systemError("ENOENT", name);
    return content;
  };
  return {
    async open(name, mode) {
      if (mode === "create" && contents.has(name)) throw systemError("EEXIST", name);
      if (mode === "create") contents.set(name, { bytes: Buffer.alloc(0) });
      return openContent(find(name), mode !== "read", (growBytes) => used() + growBytes <= capacityBytes);
    },
    list: async () => [...contents.keys()],
    async rename(from, to) {
      const content = find(from);
      contents.delete(from);
      contents.set(to, content);
    },
    async remove(name) {
      contents.delete(name);
    },
    syncFolder: async () => {},
    freeBytes: async () => capacityBytes - used(),
  };
}

interface Content {
  bytes: Buffer;
}

function openContent(content: Content, writable: boolean, fits: (growBytes: number) => boolean): OpenFile {
  const resize = (bytes: number): void => {
    const before = content.bytes;
    content.bytes = Buffer.alloc(bytes);
    before.copy(content.bytes);
  };
  return {
    async write(bytes, position) {
      if (!writable) throw systemError("EBADF", "a file that is open for reading");
      const growBytes = Math.max(0, position + bytes.length - content.bytes.length);
      if (!fits(growBytes)) throw systemError("ENOSPC", "memory");
      if (growBytes > 0) resize(position + bytes.length);
      content.bytes.set(bytes, position);
      return bytes.length;
    },
    read: async (bytes, position) =>
      content.bytes.copy(bytes, 0, Math.min(position, content.bytes.length), position + bytes.length),
    size: async () => content.bytes.length,
    truncate: async (bytes) => resize(bytes),
    sync: async () => {},
    close: async () => {},
  };
}

function systemError(code: string, what: string): Error {
  return Object.assign(new Error(`${code}: ${what}`), { code });
}
