import { createJpegWalk } from "./jpeg-walk.ts";
import type { Piece, PictureFramer } from "./picture-stream.ts";
import { MAX_PICTURE_BYTES } from "./picture-stream.ts";

const FIRST_GUESS_BYTES = 256 * 1024;

/** Begins every JPEG: SOI, and the first byte of the marker after it. */
const START = Uint8Array.of(0xff, 0xd8, 0xff);

/**
 * Cuts concatenated JPEGs by their own markers. Bytes before, between and after them, and pictures that break off or
 * are over `maxBytes`, are rubbish; the next picture's start ends it.
 */
export function jpegFramer(maxBytes: number = MAX_PICTURE_BYTES): PictureFramer {
  const walk = createJpegWalk();
  let held = Buffer.allocUnsafeSlow(FIRST_GUESS_BYTES);
  let length = 0;
  let heldFromByte = 0;
  let pieces: Piece[] = [];

  function append(chunk: Uint8Array): void {
    if (length + chunk.length > held.length) grow(length + chunk.length);
    held.set(chunk, length);
    length += chunk.length;
  }

  function grow(leastBytes: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(leastBytes, 2 * held.length));
    held.copy(larger, 0, 0, length);
    held = larger;
  }

  /** What is held after `bytes` goes on in a buffer of its own: those before were handed out. */
  function takePicture(bytes: number): void {
    pieces.push({ kind: "picture", startByte: heldFromByte, data: held.subarray(0, bytes) });
    const rest = held.subarray(bytes, length);
    // Pictures of a camera are about alike in size.
    held = Buffer.allocUnsafeSlow(Math.max(rest.length, bytes + (bytes >> 2), 4096));
    held.set(rest);
    startAgain(bytes, rest.length);
  }

  function skip(bytes: number, why: string): void {
    if (bytes > 0) pieces.push({ kind: "rubbish", startByte: heldFromByte, bytes, why });
    held.copyWithin(0, bytes, length);
    startAgain(bytes, length - bytes);
  }

  function startAgain(usedBytes: number, leftBytes: number): void {
    heldFromByte += usedBytes;
    length = leftBytes;
    walk.restart();
  }

  /** Up to the next start; the last bytes may be the beginning of one. */
  function skipTo(from: number, why: string): void {
    const start = held.subarray(0, length).indexOf(START, from);
    if (start !== -1) return skip(start, why);
    const last =
      held[length - 1] === 0xff ? 1 : held[length - 2] === 0xff && held[length - 1] === 0xd8 ? 2 : 0;
    skip(Math.max(from, length - last), why);
  }

  /** False when more bytes are needed. */
  function advance(): boolean {
    if (length < START.length) return false;
    if (held[0] !== 0xff || held[1] !== 0xd8 || held[2] !== 0xff) {
      skipTo(1, "it is no JPEG");
      return length >= START.length;
    }
    const step = walk.step(held, length);
    if (step.kind === "end" && step.endByte <= maxBytes) takePicture(step.endByte);
    else if (step.kind === "broken") skipTo(step.resumeByte, step.why);
    else if (length > maxBytes) skipTo(START.length, `a picture is over ${maxBytes} bytes`);
    else return false;
    return true;
  }

  return {
    push(chunk) {
      pieces = [];
      append(chunk);
      while (advance());
      return pieces;
    },
  };
}
