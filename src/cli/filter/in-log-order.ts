/** Something that was recorded at a time. */
export interface Logged {
  readonly logMs: number;
  /** Of two at one time, the lower comes first: a fix before the frames that it may judge. */
  readonly rank: 0 | 1;
}

/**
 * Puts in the order of recording what recorders write in nearly that order: an item is ready when another that was recorded
 * `windowMs` later has come.
 */
export interface LogOrder<Item extends Logged> {
  readonly size: number;
  push(item: Item): void;
  /** The first item when it is ready, or, with `all`, whenever there is one. */
  next(all: boolean): Item | null;
}

export function inLogOrder<Item extends Logged>(windowMs: number): LogOrder<Item> {
  let items: Item[] = [];
  let first = 0;
  let newestMs = -Infinity;

  return {
    get size() {
      return items.length - first;
    },
    push(item) {
      newestMs = Math.max(newestMs, item.logMs);
      let at = items.length;
      // Nearly always nothing has to move.
      while (at > first && isBefore(item, items[at - 1])) at--;
      if (at === items.length) items.push(item);
      else items.splice(at, 0, item);
    },
    next(all) {
      const item = items[first];
      if (item === undefined) {
        if (all) newestMs = -Infinity;
        return null;
      }
      if (!all && item.logMs > newestMs - windowMs) return null;
      first++;
      if (first > 1024 && first * 2 > items.length) {
        items = items.slice(first);
        first = 0;
      }
      return item;
    },
  };
}

function isBefore(a: Logged, b: Logged | undefined): boolean {
  return b !== undefined && (a.logMs < b.logMs || (a.logMs === b.logMs && a.rank < b.rank));
}
