import type { Position } from "../../core/position.ts";

/** At level n the Mercator square of the world is 2ⁿ cells wide: at 21 a cell is 19 m wide at the equator, 12 m at 50°. */
export const FINEST_LEVEL = 21;
/** Places are told as exactly as this level's cells are wide: to 2.4 m. */
const PLACE_LEVEL = 24;
export const PLACES_ACROSS = 2 ** PLACE_LEVEL;
const ROW = 2 ** (FINEST_LEVEL + 1);

/** A square of the map with the frames in it. */
export interface Cell {
  readonly level: number;
  /** The first place in it, as a cell of `PLACE_LEVEL`. */
  readonly x: number;
  readonly y: number;
  /** Frames that are held back more than before, and less. */
  readonly more: number;
  readonly less: number;
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

/** Counts frames by place, in bounded memory: when there are too many cells, all become coarser. */
export interface PlaceGrid {
  add(place: Position, more: number, less: number): void;
  addCell(cell: Cell): void;
  /** In the order in which they came. */
  cells(): readonly Cell[];
}

export function createPlaceGrid(maxCells: number): PlaceGrid {
  return new CoarseningGrid(maxCells);
}

class CoarseningGrid implements PlaceGrid {
  readonly #maxCells: number;
  #level = FINEST_LEVEL;
  #cells = new Map<number, Mutable<Cell>>();
  /** A moment's frames have one place. */
  #latest: Position = { latDeg: Number.NaN, lonDeg: Number.NaN };
  #latestCell: Mutable<Cell> | null = null;

  constructor(maxCells: number) {
    this.#maxCells = maxCells;
  }

  add(place: Position, more: number, less: number): void {
    const { latDeg, lonDeg } = this.#latest;
    if (this.#latestCell !== null && place.latDeg === latDeg && place.lonDeg === lonDeg) {
      this.#latestCell.more += more;
      this.#latestCell.less += less;
      return;
    }
    this.#latest = { latDeg: place.latDeg, lonDeg: place.lonDeg };
    const [x, y] = tupleOf(place);
    this.#latestCell = this.#put({ level: this.#level, x, y, more, less });
    this.#shrink();
  }

  addCell(cell: Cell): void {
    this.#put(cell);
    this.#shrink();
  }

  cells(): readonly Cell[] {
    return [...this.#cells.values()];
  }

  #put(cell: Cell): Mutable<Cell> {
    const { x, y, more, less } = cell;
    const level = Math.min(cell.level, this.#level);
    const by = PLACE_LEVEL - level;
    const key = (level * ROW + (x >> by)) * ROW + (y >> by);
    const known = this.#cells.get(key);
    if (known === undefined) {
      const added = { level, x, y, more, less };
      this.#cells.set(key, added);
      return added;
    }
    known.more += more;
    known.less += less;
    return known;
  }

  #shrink(): void {
    while (this.#cells.size > this.#maxCells && this.#level > 0) {
      const before = this.#cells;
      this.#level--;
      this.#cells = new Map();
      this.#latestCell = null;
      for (const cell of before.values()) this.#put(cell);
    }
  }
}

function tupleOf({ latDeg, lonDeg }: Position): readonly [number, number] {
  const height = Math.asinh(Math.tan((latDeg * Math.PI) / 180)) / (2 * Math.PI);
  return [within(lonDeg / 360 + 0.5), within(0.5 - height)];
}

/** The poles lie beyond the square. */
function within(share: number): number {
  return Math.min(PLACES_ACROSS - 1, Math.max(0, Math.floor(share * PLACES_ACROSS)));
}

/** The place of a cell, and the cell's width in degrees of longitude. */
export function placeOf({ level, x, y }: Cell): Position & { readonly widthDeg: number } {
  const height = 2 * Math.PI * (0.5 - (y + 0.5) / PLACES_ACROSS);
  const latDeg = (Math.atan(Math.sinh(height)) * 180) / Math.PI;
  return { latDeg, lonDeg: ((x + 0.5) / PLACES_ACROSS - 0.5) * 360, widthDeg: 360 / 2 ** level };
}
