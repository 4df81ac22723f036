import { McapRecordBuilder } from "@mcap/core";
import { crc32 } from "node:zlib";
import type { ChunkSummary } from "./chunk-buffer.ts";

/** What the summary says of one chunk. */
export function writeChunkIndex(
  records: McapRecordBuilder,
  chunk: ChunkSummary & { readonly startOffset: bigint },
): void {
  const { startOffset, chunkBytes, recordBytes, totalBytes } = chunk;
  records.writeChunkIndex({
    messageStartTime: chunk.startNs,
    messageEndTime: chunk.endNs,
    chunkStartOffset: startOffset,
    chunkLength: BigInt(chunkBytes),
    messageIndexOffsets: new Map([...chunk.indexOffsets].map(([id, at]) => [id, startOffset + BigInt(at)])),
    messageIndexLength: BigInt(totalBytes - chunkBytes),
    compression: "",
    compressedSize: BigInt(recordBytes),
    uncompressedSize: BigInt(recordBytes),
  });
}

/** The footer's checksum covers the summary and the footer up to the checksum itself. */
export function writeFooter(
  records: McapRecordBuilder,
  dataEndBytes: number,
  summaryStart: bigint,
  summaryOffsetStart: bigint,
): void {
  const footer = new McapRecordBuilder();
  footer.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc: 0 });
  const withoutCrc = footer.buffer.subarray(0, footer.length - 4);
  const summaryCrc = crc32(withoutCrc, crc32(records.buffer.subarray(dataEndBytes)));
  records.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc });
}

/** The shortest end a file can have, without a summary: what makes a file that was cut between records a whole one. */
export function bareEnd(): Uint8Array {
  const records = new McapRecordBuilder();
  records.writeDataEnd({ dataSectionCrc: 0 });
  records.writeFooter({ summaryStart: 0n, summaryOffsetStart: 0n, summaryCrc: 0 });
  records.writeMagic();
  return records.buffer;
}

/** A metadata record as bytes. */
export function metadataRecord(name: string, metadata: ReadonlyMap<string, string>): Uint8Array {
  const records = new McapRecordBuilder();
  records.writeMetadata({ name, metadata: new Map(metadata) });
  return records.buffer;
}
