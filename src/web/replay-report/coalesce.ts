/** A stretch of driven time. */
export interface Span {
  readonly atMs: number;
  readonly untilMs: number;
}

/** Makes one span of neighbours, at least one. */
export type Join<T> = (neighbours: readonly [T, ...T[]]) => T;

/**
 * At most `limit` spans in place of many: neighbours that are too short to be seen become one, by `join`. Long ones
 * stay as they are.
 */
export function coalesce<T extends Span>(spans: readonly T[], limit: number, join: Join<T>): readonly T[] {
  const [first, last] = [spans[0], spans.at(-1)];
  if (first === undefined || last === undefined) return spans;
  const wholeMs = Math.max(1, last.untilMs - first.atMs);
  let shown = spans;
  for (let cellMs = (2 * wholeMs) / limit; shown.length > limit; cellMs *= 2) {
    shown = groupsOf(spans, cellMs, first.atMs).map((group) => (group.length === 1 ? group[0] : join(group)));
    // Everything is in one cell: no more can be joined.
    if (cellMs > 2 * wholeMs) break;
  }
  return shown;
}

/** Neighbours that are shorter than a cell and begin in the same one. */
function groupsOf<T extends Span>(spans: readonly T[], cellMs: number, startMs: number): [T, ...T[]][] {
  const groups: [T, ...T[]][] = [];
  let openCell = Number.NaN;
  for (const span of spans) {
    const isShort = span.untilMs - span.atMs < cellMs;
    const cell = isShort ? Math.floor((span.atMs - startMs) / cellMs) : Number.NaN;
    // A long span is in no cell: NaN equals nothing.
    if (cell === openCell) groups.at(-1)?.push(span);
    else groups.push([span]);
    openCell = cell;
  }
  return groups;
}
