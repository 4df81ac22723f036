import { finished } from "node:stream/promises";
import type { Segment, SegmentStore } from "../buffer/segment-store.ts";
import { messageOf } from "../core/errors.ts";
import { UploadError } from "./upload-error.ts";

// What a segment may send before it is asked again whether it may be sent.
const ASK_EVERY_BYTES = 1024 * 1024;

/** A run of a segment's bytes as the body of one request. */
export interface Body {
  /** Under this name the tus client looks for it: bytes. */
  readonly size: number;
  /** Reads them from the store, once. */
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** A segment as the tus client wants a file: any run of it, from the store, without holding it in memory. */
export function segmentSource(segment: Segment, store: SegmentStore) {
  return {
    size: segment.bytes,
    slice: async (fromByte: number, toByte: number) => {
      const end = Math.min(toByte, segment.bytes);
      if (!(fromByte >= 0 && fromByte < end)) throw beyond(fromByte, segment.bytes);
      const value: Body = { size: end - fromByte, chunks: () => chunksOf(segment, store, fromByte, end) };
      return { value, done: end === segment.bytes };
    },
    close: () => {},
  };
}

/** Throws UploadError when the store does not give all of them. */
async function* chunksOf(
  segment: Segment,
  store: SegmentStore,
  fromByte: number,
  end: number,
): AsyncGenerator<Uint8Array> {
  const read = await store.read(segment.id, fromByte);
  if (read.kind === "gone") throw new UploadError({ kind: "gone" });
  if (read.kind === "failed") throw await lossOf(segment, store, read.detail);
  let left = end - fromByte;
  let unasked = ASK_EVERY_BYTES;
  try {
    for await (const chunk of read.stream as AsyncIterable<Uint8Array>) {
      if (unasked >= ASK_EVERY_BYTES) {
        await checkReady(segment, store);
        unasked = 0;
      }
      unasked += chunk.length;
      yield chunk.subarray(0, left);
      left -= Math.min(left, chunk.length);
      if (left === 0) return;
    }
  } catch (thrown) {
    if (thrown instanceof UploadError) throw thrown;
    throw await lossOf(segment, store, messageOf(thrown), thrown);
  } finally {
    read.stream.destroy();
  }
  throw await lossOf(segment, store, `${left} bytes are missing at the end of its file`);
}

/**
 * Rule 5: a zone set that comes in the middle of an upload stops it, for good or until the segment was judged again. Asks
 * by reading at the end, as listing takes long where many segments wait.
 */
async function checkReady({ id, bytes }: Segment, store: SegmentStore): Promise<void> {
  const now = await store.read(id, bytes);
  if (now.kind === "gone") throw new UploadError({ kind: "gone" });
  if (now.kind === "failed") throw await lossOf({ id, bytes }, store, now.detail);
  // To its end, which closes the file.
  await finished(now.stream.resume());
  if (now.segment.state !== "ready") throw new UploadError({ kind: "paused" });
}

function beyond(fromByte: number, bytes: number): UploadError {
  const detail = `the receiver asks for byte ${fromByte} of ${bytes}`;
  return new UploadError({ kind: "refused", why: "protocol", detail });
}

/** Why a read failed: a segment that is destroyed while it is read fails first, and is gone then. */
async function lossOf(
  { id, bytes }: Pick<Segment, "id" | "bytes">,
  store: SegmentStore,
  detail: string,
  cause?: unknown,
): Promise<UploadError> {
  const now = await store.read(id, bytes);
  if (now.kind === "gone") return new UploadError({ kind: "gone" });
  if (now.kind !== "failed") now.stream.destroy();
  return new UploadError({ kind: "retry-later", why: "unreadable", detail }, cause);
}
