import type { Subscription } from "rxjs";
import { Observable, Subject } from "rxjs";

/** A source that runs already. */
export interface Ahead<T> {
  /** For one subscriber: what is held for it, then what comes. Unsubscribing ends the source. */
  readonly values: Observable<T>;
  /** To end the source when nobody came. */
  readonly running: Subscription;
}

/** Starts a source before anybody takes from it. Until then its newest `most` values are held, and older ones let go. */
export function runAhead<T>(source: Observable<T>, most: number): Ahead<T> {
  const live = new Subject<T>();
  const held: T[] = [];
  const running = source.subscribe({
    next(value) {
      if (live.observed) return live.next(value);
      held.push(value);
      if (held.length > most) held.shift();
    },
    error: (thrown: unknown) => live.error(thrown),
    complete: () => live.complete(),
  });
  const values = new Observable<T>((subscriber) => {
    for (const value of held.splice(0)) subscriber.next(value);
    subscriber.add(live.subscribe(subscriber));
    subscriber.add(running);
  });
  return { values, running };
}
