import { read } from "node:fs";
import { promisify } from "node:util";

const PIECE_BYTES = 1024 * 1024;
const readInto = promisify(read);

/** An open file from where it stands to its end, through one buffer: each piece is valid until the next one. */
export async function* filePieces(file: number): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(PIECE_BYTES);
  for (;;) {
    const { bytesRead } = await readInto(file, buffer, 0, buffer.length, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
