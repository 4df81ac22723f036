/** The known name that was probably meant: the nearest one, if a few slips of the keyboard explain it. */
export function nearestName(name: string, known: readonly string[]): string | null {
  let nearest: string | null = null;
  let fewest = 1 + Math.min(3, Math.floor(name.length / 3));
  if (name.length > 40 /* longer than any name, and the cost grows with the length */) return null;
  for (const each of known) {
    const slips = slipsBetween(name.toLowerCase(), each.toLowerCase());
    if (slips < fewest) [nearest, fewest] = [each, slips];
  }
  return nearest;
}

/** Levenshtein's distance: letters inserted, deleted or replaced. */
function slipsBetween(a: string, b: string): number {
  let above = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const next = [row];
    for (let column = 1; column <= b.length; column++) {
      const replaced = at(above, column - 1) + (a[row - 1] === b[column - 1] ? 0 : 1);
      next.push(Math.min(replaced, at(above, column) + 1, at(next, column - 1) + 1));
    }
    above = next;
  }
  return at(above, b.length);
}

const at = (list: readonly number[], index: number) => list[index] ?? 0;
