/** Counts what of a recording could not be kept, by what it was: memory does not grow with the damage. */
export interface Losses {
  add(what: string, atByte: number): void;
  /** One line each, such as `2 chunks: its checksum is wrong (the first at byte 812)`. */
  list(): readonly string[];
}

/** Messages of a hostile file may all differ. */
const MAX_KINDS = 100;

export function createLosses(): Losses {
  const kinds = new Map<string, { count: number; readonly atByte: number }>();
  return {
    add(what, atByte) {
      const known = kinds.get(what);
      if (known !== undefined) known.count += 1;
      else if (kinds.size < MAX_KINDS) kinds.set(what, { count: 1, atByte });
    },
    list: () =>
      [...kinds].map(([what, { count, atByte }]) =>
        count === 1 ? `${what} (at byte ${atByte})` : `${count} × ${what} (first at byte ${atByte})`,
      ),
  };
}
