import type { SchedulerLike, Subscription } from "rxjs";

/** Why an item ends without having been worked on to the end. */
export type GivenUp =
  /** It found the lane full. */
  | "full"
  /** It waited too long behind others. */
  | "too-late"
  /** The work on it did not end in time; what comes of it later is thrown away. */
  | "unfinished"
  /** So much unfinished work is still going on that no more is begun. */
  | "stuck"
  | "closed";

export interface LaneOptions<Item, Result> {
  /** Items that may wait, the one being worked on included. */
  readonly capacity: number;
  /** How long an item waits at most until it is ready, milliseconds; 0 = not at all. */
  readonly holdMs: number;
  /** How long after that its result must be there, milliseconds. */
  readonly maxWorkMs: number;
  readonly isReady: (item: Item) => boolean;
  /** Called for one item at a time, in order. Must not throw; a returned promise must not reject. */
  readonly work: (item: Item) => Result | Promise<Result>;
  /** The result of an item that ends otherwise: the item is not kept, its result waits for its turn. */
  readonly giveUp: (item: Item, why: GivenUp) => Result;
  /** Called once for every item, in the order in which they came. May push, pump and close. */
  readonly done: (result: Result) => void;
}

/**
 * A bounded queue in order: items wait until they are ready or have waited long enough, then are worked on. Whatever
 * happens, each has its result after `holdMs + maxWorkMs`.
 */
export interface Lane<Item, Result> {
  push(item: Item): void;
  /** Hands on a result that is there already, after those of all that came before it. */
  follow(result: Result): void;
  /** To be called when something may have become ready. */
  pump(): void;
  /** Gives up all that waits or is worked on, and whatever comes later. */
  close(): void;
}

type Waiting<Item, Result> = { readonly item: Item; readonly untilMs: number } | { readonly result: Result };

/** Unfinished work that may be going on at once: each holds its item's memory. */
const MAX_UNFINISHED = 4;

export function createLane<Item, Result>(
  options: LaneOptions<Item, Result>,
  scheduler: SchedulerLike,
): Lane<Item, Result> {
  const { capacity, holdMs, maxWorkMs, isReady, giveUp } = options;
  const waiting: Waiting<Item, Result>[] = [];
  let items = 0;
  let busy = false;
  let closed = false;
  let unfinished = 0;
  let alarm: Subscription | null = null;
  let abandon: ((why: GivenUp) => void) | null = null;

  function pump(): void {
    for (let next = waiting[0]; next !== undefined && !busy; next = waiting[0]) {
      if ("item" in next && mustWait(next.item, next.untilMs)) return;
      waiting.shift();
      // First of all: what follows may push or pump again.
      busy = true;
      if ("result" in next) finish(next.result);
      else begin(next.item, next.untilMs + maxWorkMs - scheduler.now());
    }
  }

  function mustWait(item: Item, untilMs: number): boolean {
    const remainingMs = untilMs - scheduler.now();
    // More than the whole time: the clock went back.
    if (!(remainingMs > 0 && remainingMs <= holdMs) || isReady(item)) return false;
    alarm?.unsubscribe();
    alarm = scheduler.schedule(pump, remainingMs);
    return true;
  }

  function begin(item: Item, remainingMs: number): void {
    if (remainingMs <= 0) return end(giveUp(item, "too-late"));
    if (unfinished >= MAX_UNFINISHED) return end(giveUp(item, "stuck"));
    const working = options.work(item);
    if (working instanceof Promise) awaitWork(item, working, Math.min(remainingMs, maxWorkMs));
    else end(working);
  }

  function awaitWork(item: Item, working: Promise<Result>, remainingMs: number): void {
    let settled = false;
    const settle = (result: Result): void => {
      settled = true;
      abandon = null;
      deadline.unsubscribe();
      end(result);
      pump();
    };
    abandon = (why) => {
      unfinished++;
      settle(giveUp(item, why));
    };
    const deadline = scheduler.schedule(() => abandon?.("unfinished"), remainingMs);
    void working.then((result) => {
      if (!settled) return settle(result);
      unfinished--;
      return undefined;
    });
  }

  function end(result: Result): void {
    items--;
    finish(result);
  }

  function finish(result: Result): void {
    options.done(result);
    busy = false;
  }

  function follow(result: Result): void {
    waiting.push({ result });
    pump();
  }

  return {
    push(item) {
      if (closed || items >= capacity) return follow(giveUp(item, closed ? "closed" : "full"));
      items++;
      waiting.push({ item, untilMs: scheduler.now() + holdMs });
      pump();
    },
    follow,
    pump,
    close() {
      closed = true;
      alarm?.unsubscribe();
      const rest = waiting.splice(0);
      abandon?.("closed");
      for (const next of rest) {
        options.done("result" in next ? next.result : giveUp(next.item, "closed"));
      }
    },
  };
}
