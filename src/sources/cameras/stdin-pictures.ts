import type { Readable } from "node:stream";
import type { SchedulerLike } from "rxjs";
import { Observable } from "rxjs";
import type { PictureFramer } from "./picture-stream.ts";
import type { TimedPicture } from "./timed-pictures.ts";

/** Pictures from a stream that says nothing of their times. Completes with it. */
export function stdinPictures(
  stream: Readable,
  framer: PictureFramer,
  scheduler: SchedulerLike,
): Observable<TimedPicture> {
  return new Observable((subscriber) => {
    const take = (chunk: Buffer): void => {
      const arrivalMs = scheduler.now();
      for (const piece of framer.push(chunk)) {
        if (piece.kind === "picture") subscriber.next({ ...piece, deviceMs: Number.NaN, arrivalMs });
        else subscriber.next({ kind: "broken", why: `${piece.bytes} bytes: ${piece.why}`, arrivalMs });
      }
    };
    const complete = (): void => subscriber.complete();
    const fail = (error: Error): void => subscriber.error(error);
    if (stream.readableEnded || stream.destroyed) return complete();
    stream.on("data", take).once("end", complete).once("close", complete).once("error", fail);
    return () => {
      stream.off("data", take).off("end", complete).off("close", complete).off("error", fail);
      stream.pause();
    };
  });
}
