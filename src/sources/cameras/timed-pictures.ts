import type { Piece } from "./picture-stream.ts";
import type { PictureTiming } from "./picture-timings.ts";

/** A picture with what its device says about its time; `broken` says why it cannot be used. */
export type TimedPicture =
  | {
      readonly kind: "picture";
      readonly data: Uint8Array<ArrayBuffer>;
      readonly deviceMs: number;
      readonly arrivalMs: number;
    }
  | { readonly kind: "broken"; readonly why: string; readonly arrivalMs: number };

/** Pictures that may wait for their times: these are written first, but travel on another pipe. */
const MAX_WAITING = 8;

/** Times that may wait for their pictures, each of which may still be on its way. */
const MAX_TIMINGS = 256;

/**
 * Brings pictures and their times together by the bytes they take of the stream: a picture must begin where one was
 * announced and end within. One that does not is broken, and the next that does is whole again.
 */
export function timedPictures(emit: (picture: TimedPicture) => void) {
  const timings: (PictureTiming & { readonly startByte: number })[] = [];
  const waiting: { readonly piece: Piece; readonly arrivalMs: number }[] = [];
  let announcedBytes = 0;

  function settle(): void {
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      const { piece, arrivalMs } = next;
      if (piece.startByte >= announcedBytes && waiting.length <= MAX_WAITING) return;
      waiting.shift();
      while (isPast(timings[0], piece.startByte)) timings.shift();
      const timed = match(piece, timings[0], arrivalMs);
      if (timed !== null) emit(timed);
    }
  }

  return {
    timed(timing: PictureTiming): void {
      if (timings.length >= MAX_TIMINGS) timings.shift();
      timings.push({ ...timing, startByte: announcedBytes });
      announcedBytes += timing.bytes;
      settle();
    },
    arrived(piece: Piece, arrivalMs: number): void {
      waiting.push({ piece, arrivalMs });
      settle();
    },
  };
}

interface Announced extends PictureTiming {
  readonly startByte: number;
}

function isPast(timing: Announced | undefined, startByte: number): boolean {
  return timing !== undefined && timing.startByte + timing.bytes <= startByte;
}

function match(piece: Piece, timing: Announced | undefined, arrivalMs: number): TimedPicture | null {
  const begins = timing !== undefined && piece.startByte === timing.startByte;
  if (piece.kind === "rubbish") {
    // Cameras fill packets up behind the picture.
    const isFiller = timing !== undefined && piece.startByte > timing.startByte;
    return isFiller ? null : { kind: "broken", why: `${piece.bytes} bytes: ${piece.why}`, arrivalMs };
  }
  if (!begins || piece.data.length > timing.bytes)
    return { kind: "broken", why: "a picture is not where one was announced", arrivalMs };
  return { kind: "picture", data: piece.data, deviceMs: timing.deviceMs, arrivalMs };
}
