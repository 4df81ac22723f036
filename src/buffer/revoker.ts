import type { Files } from "./disk/files.ts";
import type { Interval } from "./disk/revocations.ts";
import { loadRevocations, saveRevocations } from "./disk/revocations.ts";
import type { Rechecker } from "./recheck.ts";
import type { StoreEvent } from "./segment-store.ts";
import type { SegmentWriter } from "./segment-writer.ts";

/** Carries out revocations, one after the other. None of the calls rejects. */
export interface Revoker {
  /** Destroys every segment with a frame in the interval, the one that is being written included. */
  revoke(interval: Interval): Promise<readonly StoreEvent[]>;
  /** Goes on with those that a crash or the disk interrupted. */
  carryOut(): Promise<readonly StoreEvent[]>;
  /** Whether there are any left. */
  isPending(): boolean;
}

export interface RevokerOptions {
  readonly files: Files;
  readonly writer: SegmentWriter;
  readonly rechecker: Rechecker;
}

/** Rejects as `loadRevocations`. */
export async function openRevoker({ files, writer, rechecker }: RevokerOptions): Promise<Revoker> {
  let pending = await loadRevocations(files);
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = (work: () => Promise<readonly StoreEvent[]>): Promise<readonly StoreEvent[]> => {
    const done = last.then(work);
    last = done;
    return done;
  };
  // A disk that takes no note may still remove files, so that goes on.
  const save = (): Promise<void> => saveRevocations(files, pending).catch(() => undefined);

  async function carryOut(): Promise<readonly StoreEvent[]> {
    const events: StoreEvent[] = [];
    const done = new Set<Interval>();
    for (const interval of pending) {
      const { afterMs, untilMs } = interval;
      events.push(...(await writer.revoke(afterMs, untilMs)));
      const { events: destroyed, failed } = await rechecker.revoke(afterMs, untilMs);
      events.push(...destroyed);
      if (failed.length === 0 && !writer.hasUnsettled()) done.add(interval);
    }
    pending = pending.filter((interval) => !done.has(interval));
    // A note that stays behind is carried out once more by the next start.
    if (done.size > 0) await save();
    return events;
  }

  return {
    isPending: () => pending.length > 0,
    carryOut: () => inTurn(carryOut),
    revoke(interval) {
      pending = [...pending, interval];
      return inTurn(async () => {
        // Before the first step on disk: a crash from here on leaves the rest to the next start.
        await save();
        return carryOut();
      });
    },
  };
}
