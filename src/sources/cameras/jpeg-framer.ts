import { holdBytes } from "./held-bytes.ts";
import { createJpegWalk } from "./jpeg-walk.ts";
import type { Piece, PictureFramer } from "./picture-stream.ts";
import { MAX_PICTURE_BYTES } from "./picture-stream.ts";

/** Begins every JPEG: SOI, and the first byte of the marker after it. */
const START = Uint8Array.of(0xff, 0xd8, 0xff);

/**
 * Cuts concatenated JPEGs by their own markers. Bytes before, between and after them, and pictures that break off or
 * are over `maxBytes`, are rubbish; the next picture's start ends it.
 */
export function jpegFramer(maxBytes: number = MAX_PICTURE_BYTES): PictureFramer {
  const walk = createJpegWalk();
  const held = holdBytes();
  let pieces: Piece[] = [];

  function takePicture(bytes: number): void {
    const startByte = held.fromByte();
    pieces.push({ kind: "picture", startByte, data: held.take(bytes) });
    walk.restart();
  }

  function skip(bytes: number, why: string): void {
    if (bytes > 0) pieces.push({ kind: "rubbish", startByte: held.fromByte(), bytes, why });
    held.skip(bytes);
    walk.restart();
  }

  /** False when more bytes are needed. */
  function advance(): boolean {
    const seen = held.bytes();
    if (seen.length < START.length) return false;
    if (!seen.subarray(0, START.length).equals(START)) {
      skip(nextStart(seen, 1), "it is no JPEG");
      return true;
    }
    const step = walk.step(seen);
    if (step.kind === "end" && step.endByte <= maxBytes) takePicture(step.endByte);
    else if (step.kind === "broken") skip(nextStart(seen, step.resumeByte), step.why);
    else if (seen.length > maxBytes)
      skip(nextStart(seen, START.length), `a picture is over ${maxBytes} bytes`);
    else return false;
    return true;
  }

  return {
    push(chunk) {
      pieces = [];
      held.append(chunk);
      while (advance());
      return pieces;
    },
  };
}

/** The last bytes may be the beginning of a start. */
function nextStart(seen: Buffer, from: number): number {
  const start = seen.indexOf(START, from);
  if (start !== -1) return start;
  const last = seen.at(-1) === 0xff ? 1 : seen.at(-2) === 0xff && seen.at(-1) === 0xd8 ? 2 : 0;
  return Math.max(from, seen.length - last);
}
