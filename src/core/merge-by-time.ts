/** Anything that happened at a time. */
interface Timed {
  readonly timeMs: number;
}

type Source<Item> = Iterable<Item> | AsyncIterable<Item>;

/**
 * Merges sources that are in time order each into one that is. At equal times the earlier source in the list goes
 * first. Holds one item of each source; when the reader stops early, all sources are closed.
 */
export async function* mergeByTime<Item extends Timed>(
  sources: readonly Source<Item>[],
): AsyncGenerator<Item> {
  const iterators = sources.map(iteratorOf);
  try {
    const heads = await Promise.all(iterators.map(async (iterator) => iterator.next()));
    for (;;) {
      const first = earliest(heads);
      const [iterator, head] = [iterators[first], heads[first]];
      if (iterator === undefined || head === undefined || head.done === true) return;
      yield head.value;
      heads[first] = await iterator.next();
    }
  } finally {
    await Promise.all(iterators.map(async (iterator) => iterator.return?.()));
  }
}

function earliest(heads: readonly IteratorResult<Timed, unknown>[]): number {
  let first = -1;
  let firstMs = Number.POSITIVE_INFINITY;
  heads.forEach((head, index) => {
    if (head.done === true || head.value.timeMs >= firstMs) return;
    first = index;
    firstMs = head.value.timeMs;
  });
  return first;
}

function iteratorOf<Item>(source: Source<Item>): AsyncIterator<Item> | Iterator<Item> {
  return Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
}
