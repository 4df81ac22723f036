/** What a byte stream of pictures held: a whole picture, or bytes that are part of none. */
export type Piece =
  | { readonly kind: "picture"; readonly startByte: number; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly kind: "rubbish"; readonly startByte: number; readonly bytes: number; readonly why: string };

/** Cuts a byte stream into pictures, holding one unfinished picture at most. Chunks are not kept. */
export interface PictureFramer {
  /** What this chunk completes, in order. `startByte` counts from the beginning of the stream. */
  push(chunk: Uint8Array): readonly Piece[];
}

/** A frame of 8192 × 8192 at 1 byte per pixel; more is no camera's picture. */
export const MAX_PICTURE_BYTES = 64 * 1024 * 1024;

/** Raw pictures have no marks: every `pictureBytes` bytes are one, from the first byte of the stream on. */
export function rawFramer(pictureBytes: number): PictureFramer {
  let startByte = 0;
  let held = Buffer.allocUnsafeSlow(pictureBytes);
  let length = 0;
  return {
    push(chunk) {
      const pieces: Piece[] = [];
      for (let at = 0; at < chunk.length;) {
        const part = chunk.subarray(at, at + pictureBytes - length);
        held.set(part, length);
        length += part.length;
        at += part.length;
        if (length < pictureBytes) continue;
        pieces.push({ kind: "picture", startByte, data: held });
        startByte += pictureBytes;
        held = Buffer.allocUnsafeSlow(pictureBytes);
        length = 0;
      }
      return pieces;
    },
  };
}
