import { CamfenceError } from "../core/errors.ts";
import type { LedgerFile, LedgerFolder } from "./ledger-folder.ts";

/** A ledger in memory, for programs that keep it elsewhere. It lasts as long as the process. */
export function createMemoryFolder(): LedgerFolder {
  const files = new Map<string, Uint8Array>();
  const contentOf = (name: string): Uint8Array => {
    const content = files.get(name);
    if (content === undefined) throw new CamfenceError("unreadable", `${name}: no such file`, { file: name });
    return content;
  };

  function fileNamed(name: string): LedgerFile {
    return {
      async append(bytes) {
        files.set(name, Buffer.concat([contentOf(name), bytes]));
        return bytes.byteLength;
      },
      async sync() {},
      async close() {},
    };
  }

  return {
    names: async () => [...files.keys()],
    read: async (name) => contentOf(name).slice(),
    async open(name, keepBytes) {
      files.set(name, (files.get(name) ?? new Uint8Array()).slice(0, keepBytes));
      return fileNamed(name);
    },
    async replace(name, content) {
      files.set(name, content.slice());
    },
  };
}
