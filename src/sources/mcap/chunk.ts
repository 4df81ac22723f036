import { crc32 } from "node:zlib";
import { CamfenceError } from "../../core/errors.ts";
import { Cursor } from "./cursor.ts";
import type { Compression } from "./decompress.ts";
import { decompress, isCompression } from "./decompress.ts";
import { HEAD_BYTES, MAX_RECORD_BYTES, lengthOf } from "./records.ts";

export interface Chunk {
  readonly compression: Compression;
  /** Schema, channel and message records. */
  readonly records: Uint8Array;
}

/**
 * Unpacks a chunk record. Throws CamfenceError `malformed` when it does not hold what it says: wrong lengths, damaged compression, a
 * checksum that differs; `unsupported` for another compression.
 */
export async function openChunk(record: Uint8Array): Promise<Chunk> {
  const cursor = new Cursor(record, HEAD_BYTES + 8 /* start */ + 8 /* end */);
  const sizeBytes = cursor.u64();
  const crc = cursor.u32();
  const compression = cursor.text();
  const packed = cursor.take(cursor.u64());
  if (!isCompression(compression)) {
    throw new CamfenceError("unsupported", `its compression is "${compression}", expected none, lz4 or zstd`);
  }
  if (sizeBytes > MAX_RECORD_BYTES) {
    throw new CamfenceError(
      "malformed",
      `it says it unpacks to ${sizeBytes} bytes; ${MAX_RECORD_BYTES} are read`,
    );
  }
  const records = await decompress(compression, packed, sizeBytes);
  // 0 says that there is no checksum.
  if (crc !== 0 && crc32(records) !== crc) throw new CamfenceError("malformed", "its checksum is wrong");
  return { compression, records };
}

/**
 * Calls `take` with each record of a chunk, or of several records in one. Throws CamfenceError `malformed` where a length leads
 * out of it; the records before that were taken.
 */
export function eachRecord(records: Uint8Array, take: (opcode: number, record: Uint8Array) => void): void {
  for (let at = 0; at < records.length;) {
    const end = at + HEAD_BYTES + (at + HEAD_BYTES <= records.length ? lengthOf(records, at) : 0);
    if (end > records.length) {
      throw new CamfenceError("malformed", `a record at byte ${at} of it leads out of it`);
    }
    take(records[at] ?? 0, records.subarray(at, end));
    at = end;
  }
}
