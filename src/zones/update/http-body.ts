import type { IncomingMessage } from "node:http";
import type { SchedulerLike } from "rxjs";
import { messageOf } from "../../core/errors.ts";
import { UpdateError } from "./update-error.ts";

/** A mirror that trickles is as bad as one that is silent: the whole must come at no less than this. */
const MIN_BYTES_PER_MS = 1;

/**
 * The pieces of a body, and never more than `maxBytes` and one piece: cut after `silenceMs` without one, and when the
 * whole takes longer than `silenceMs` and what `maxBytes` may take at a kilobyte a second.
 */
export async function* watched(
  response: IncomingMessage,
  maxBytes: number,
  { silenceMs = 30_000 }: { readonly silenceMs?: number },
  scheduler: SchedulerLike,
): AsyncGenerator<Uint8Array, void, undefined> {
  const cut = (what: string) => () => response.destroy(new UpdateError("timed-out", what));
  const deadline = scheduler.schedule(
    cut("the repository is too slow"),
    silenceMs + maxBytes / MIN_BYTES_PER_MS,
  );
  const wait = () => scheduler.schedule(cut(`the repository was silent for ${silenceMs} ms`), silenceMs);
  let silence = wait();
  try {
    let bytes = 0;
    for await (const piece of response as AsyncIterable<Uint8Array>) {
      silence.unsubscribe();
      yield piece;
      bytes += piece.length;
      if (bytes > maxBytes) return;
      silence = wait();
    }
  } catch (thrown) {
    if (thrown instanceof UpdateError) throw thrown;
    throw new UpdateError("unreachable", `the connection was cut: ${messageOf(thrown)}`, thrown);
  } finally {
    silence.unsubscribe();
    deadline.unsubscribe();
    response.destroy();
  }
}

/** All pieces in one. Throws `too-large` past `maxBytes`. */
export async function collect(
  pieces: AsyncIterable<Uint8Array>,
  path: string,
  maxBytes: number,
): Promise<Buffer> {
  const all: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    if (bytes > maxBytes)
      throw new UpdateError("too-large", `${path}: got over ${maxBytes} bytes, expected at most that`);
    all.push(piece);
  }
  return Buffer.concat(all);
}
