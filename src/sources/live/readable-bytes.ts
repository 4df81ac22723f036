import type { Readable } from "node:stream";
import type { SchedulerLike } from "rxjs";
import { Observable, Subscription } from "rxjs";

const PACE_MS = 100;

/**
 * The bytes of a stream that is open already, at most `maxBytesPerS` of them: the rest waits with the sender, whose
 * words grow old there. `close` is called on unsubscription, and when the stream has ended or failed.
 */
export function readableBytes(
  readable: Readable,
  maxBytesPerS: number,
  scheduler: SchedulerLike,
  close: () => void = () => readable.destroy(),
): Observable<Uint8Array> {
  return new Observable((subscriber) => {
    const shareBytes = (maxBytesPerS * PACE_MS) / 1000;
    let leftBytes = shareBytes;
    let rest = Subscription.EMPTY;
    const refill = (): void => {
      leftBytes = Math.min(shareBytes, leftBytes + shareBytes);
      rest = leftBytes === shareBytes ? Subscription.EMPTY : scheduler.schedule(refill, PACE_MS);
      if (leftBytes > 0) readable.resume();
    };
    const read = (chunk: Uint8Array): void => {
      if (rest.closed) rest = scheduler.schedule(refill, PACE_MS);
      leftBytes -= chunk.length;
      if (leftBytes <= 0) readable.pause();
      subscriber.next(chunk);
    };
    const fail = (error: unknown) => subscriber.error(error);
    const end = () => subscriber.complete();
    readable.on("data", read).on("error", fail).on("end", end).on("close", end);
    return () => {
      rest.unsubscribe();
      readable.off("data", read).off("end", end).off("close", end);
      close();
    };
  });
}
