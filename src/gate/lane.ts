import type { SchedulerLike, Subscription } from "rxjs";

export interface LaneOptions<T> {
  /** Items that may wait, the one being worked on included. */
  readonly capacity: number;
  /** How long an item waits at most until it is ready, milliseconds; 0 = not at all. */
  readonly holdMs: number;
  readonly isReady: (item: T) => boolean;
  /** Called for one item at a time, in order. A returned promise must not reject. */
  readonly work: (item: T) => void | Promise<void>;
  /** Called at once for an item that found the lane full; it is not kept. */
  readonly overflow: (item: T) => void;
}

/** A bounded queue in order: items wait until they are ready or have waited long enough, then are worked on. */
export interface Lane<T> {
  push(item: T): void;
  /** To be called when something may have become ready. */
  pump(): void;
  /** Items that wait or are worked on. */
  size(): number;
  close(): void;
}

export function createLane<T>(options: LaneOptions<T>, scheduler: SchedulerLike): Lane<T> {
  const waiting: { readonly item: T; readonly untilMs: number }[] = [];
  let busy = false;
  let alarm: Subscription | null = null;

  function pump(): void {
    while (!busy && waiting[0] !== undefined) {
      const [{ item, untilMs }] = waiting as [{ item: T; untilMs: number }];
      const remainingMs = untilMs - scheduler.now();
      if (remainingMs > 0 && !options.isReady(item)) {
        wake(remainingMs);
        return;
      }
      // `busy` first: what the work calls may push or pump again.
      busy = true;
      finish(options.work(item));
    }
  }

  function finish(working: void | Promise<void>): void {
    if (working instanceof Promise) void finishLater(working);
    else done();
  }

  async function finishLater(working: Promise<void>): Promise<void> {
    await working;
    done();
    pump();
  }

  function done(): void {
    waiting.shift();
    busy = false;
  }

  function wake(inMs: number): void {
    alarm?.unsubscribe();
    alarm = scheduler.schedule(pump, inMs);
  }

  return {
    push(item) {
      if (waiting.length >= options.capacity) return options.overflow(item);
      waiting.push({ item, untilMs: options.holdMs === 0 ? -Infinity : scheduler.now() + options.holdMs });
      pump();
    },
    pump,
    size: () => waiting.length,
    close() {
      alarm?.unsubscribe();
      waiting.length = 0;
    },
  };
}
