import { fstatSync, readSync } from "node:fs";
import type { ByteSource } from "../sources/mcap/byte-source.ts";
import { piecesSource } from "../sources/mcap/byte-source.ts";

type Input = AsyncIterable<Uint8Array>;

/**
 * The rest of an open file or pipe, read to where its bytes are wanted. Whoever reads has nothing else to do meanwhile.
 * `stream` is the same one, for a pipe that does not wait.
 */
export function openFileSource(file: number, stream: () => Input): ByteSource {
  const stat = fstatSync(file);
  if (!stat.isFile() && !stat.isFIFO()) return piecesSource(stream());
  let slow: ByteSource | null = null;
  return {
    read(target) {
      if (slow !== null) return slow.read(target);
      try {
        return readSync(file, target);
      } catch (thrown) {
        if ((thrown as NodeJS.ErrnoException).code !== "EAGAIN") throw thrown;
        slow = piecesSource(stream());
        return slow.read(target);
      }
    },
  };
}
