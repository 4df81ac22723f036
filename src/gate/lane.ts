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
  return new BoundedLane(options, scheduler);
}

class BoundedLane<Item, Result> implements Lane<Item, Result> {
  readonly #options: LaneOptions<Item, Result>;
  readonly #scheduler: SchedulerLike;
  readonly #waiting: Waiting<Item, Result>[] = [];
  #items = 0;
  #busy = false;
  #closed = false;
  #unfinished = 0;
  #alarm: Subscription | null = null;
  #abandon: ((why: GivenUp) => void) | null = null;

  constructor(options: LaneOptions<Item, Result>, scheduler: SchedulerLike) {
    this.#options = options;
    this.#scheduler = scheduler;
  }

  push(item: Item): void {
    const { capacity, holdMs, giveUp } = this.#options;
    if (this.#closed) return this.follow(giveUp(item, "closed"));
    if (this.#items >= capacity) return this.follow(giveUp(item, "full"));
    this.#items++;
    this.#waiting.push({ item, untilMs: this.#scheduler.now() + holdMs });
    this.pump();
  }

  follow(result: Result): void {
    this.#waiting.push({ result });
    this.pump();
  }

  pump(): void {
    for (let next = this.#waiting[0]; next !== undefined && !this.#busy; next = this.#waiting[0]) {
      if ("item" in next && this.#mustWait(next.item, next.untilMs)) return;
      this.#waiting.shift();
      // First of all: what follows may push or pump again.
      this.#busy = true;
      if ("result" in next) this.#finish(next.result);
      else this.#begin(next.item, next.untilMs + this.#options.maxWorkMs - this.#scheduler.now());
    }
  }

  close(): void {
    this.#closed = true;
    this.#alarm?.unsubscribe();
    const rest = this.#waiting.splice(0);
    this.#abandon?.("closed");
    for (const next of rest) {
      this.#options.done("result" in next ? next.result : this.#options.giveUp(next.item, "closed"));
    }
  }

  #mustWait(item: Item, untilMs: number): boolean {
    const { holdMs, isReady } = this.#options;
    const remainingMs = untilMs - this.#scheduler.now();
    // More than the whole time: the clock went back.
    if (!(remainingMs > 0 && remainingMs <= holdMs) || isReady(item)) return false;
    this.#alarm?.unsubscribe();
    this.#alarm = this.#scheduler.schedule(() => this.pump(), remainingMs);
    return true;
  }

  #begin(item: Item, remainingMs: number): void {
    const { giveUp, work, maxWorkMs } = this.#options;
    if (remainingMs <= 0) return this.#end(giveUp(item, "too-late"));
    if (this.#unfinished >= MAX_UNFINISHED) return this.#end(giveUp(item, "stuck"));
    const working = work(item);
    if (working instanceof Promise) this.#awaitWork(item, working, Math.min(remainingMs, maxWorkMs));
    else this.#end(working);
  }

  #awaitWork(item: Item, working: Promise<Result>, remainingMs: number): void {
    let settled = false;
    const settle = (result: Result): void => {
      settled = true;
      this.#abandon = null;
      deadline.unsubscribe();
      this.#end(result);
      this.pump();
    };
    this.#abandon = (why) => {
      this.#unfinished++;
      settle(this.#options.giveUp(item, why));
    };
    const deadline = this.#scheduler.schedule(() => this.#abandon?.("unfinished"), remainingMs);
    void working.then((result) => {
      if (!settled) return settle(result);
      this.#unfinished--;
      return undefined;
    });
  }

  #end(result: Result): void {
    this.#items--;
    this.#finish(result);
  }

  #finish(result: Result): void {
    this.#options.done(result);
    this.#busy = false;
  }
}
