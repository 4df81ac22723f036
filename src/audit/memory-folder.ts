import { CamfenceError } from "../core/errors.ts";
import type { LedgerFile, LedgerFolder } from "./ledger-folder.ts";

/** A ledger in memory, for programs that keep it elsewhere. It lasts as long as the process. */
export function createMemoryFolder(): LedgerFolder {
  // In pieces as they came: joining them at every line would cost the square of the file's size.
  const files = new Map<string, Uint8Array[]>();
  const contentOf = (name: string): Uint8Array => {
    const pieces = files.get(name);
    if (pieces === undefined) throw new CamfenceError("unreadable", `${name}: no such file`, { file: name });
    return Buffer.concat(pieces);
  };

  return {
    names: async () => [...files.keys()],
    read: async (name) => contentOf(name),
    async open(name, keepBytes) {
      const pieces = files.has(name) ? [contentOf(name).slice(0, keepBytes)] : [];
      files.set(name, pieces);
      return fileOf(pieces);
    },
    async replace(name, content) {
      files.set(name, [content.slice()]);
    },
  };
}

function fileOf(pieces: Uint8Array[]): LedgerFile {
  return {
    async append(bytes) {
      pieces.push(bytes.slice());
      return bytes.byteLength;
    },
    async sync() {},
    async close() {},
  };
}
