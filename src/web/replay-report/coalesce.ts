/** A stretch of driven time. */
export interface Span {
  readonly atMs: number;
  readonly untilMs: number;
}

/**
 * At most `limit` spans in place of many: neighbours that are too short to be seen become one, by `join`. Long ones
 * stay as they are.
 */
export function coalesce<T extends Span>(
  spans: readonly T[],
  limit: number,
  join: (a: T, b: T) => T,
): readonly T[] {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return spans;
  let shown = spans;
  const wholeMs = Math.max(1, last.untilMs - first.atMs);
  for (let cellMs = wholeMs / limit; shown.length > limit; cellMs *= 2) {
    shown = joinShort(spans, cellMs, first.atMs, join);
    // Everything is in one cell: no more can be joined.
    if (cellMs > 2 * wholeMs) break;
  }
  return shown;
}

function joinShort<T extends Span>(
  spans: readonly T[],
  cellMs: number,
  startMs: number,
  join: (a: T, b: T) => T,
): T[] {
  const isShort = ({ atMs, untilMs }: Span) => untilMs - atMs < cellMs;
  const cellOf = ({ atMs }: Span) => Math.floor((atMs - startMs) / cellMs);
  const joined: T[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    const fits = before !== undefined && isShort(before) && isShort(span) && cellOf(before) === cellOf(span);
    if (fits) joined[joined.length - 1] = join(before, span);
    else joined.push(span);
  }
  return joined;
}
