import type { Position } from "../../core/position.ts";
import type { PackedCells } from "./packed-cells.ts";
import { packCells } from "./packed-cells.ts";
import { createPlaceGrid } from "./place-grid.ts";

/** A drive's cells: a hundred kilometres of it at 66 m. */
const MAX_WAY_CELLS = 1500;
const MAX_CHANGED_CELLS = 1500;
/** A vehicle at 100 km/h goes one and a half times the width of the finest cell meanwhile. */
const WAY_EVERY_MS = 500;

/** Where a drive went, and where what becomes of its frames differs between the sets. */
export interface DrivePlaces {
  readonly way: PackedCells;
  readonly changed: PackedCells;
}

export interface PlaceLog {
  /** Called for every frame. */
  drove(timeMs: number, place: Position): void;
  /** Called for a frame that is judged otherwise; `isWeaker`: it is held back less than before. */
  changed(place: Position, isWeaker: boolean): void;
  places(): DrivePlaces;
}

export function createPlaceLog(): PlaceLog {
  const way = createPlaceGrid(MAX_WAY_CELLS);
  const changed = createPlaceGrid(MAX_CHANGED_CELLS);
  let latestMs = -Infinity;
  return {
    drove(timeMs, place) {
      // Written so that a clock that goes back is another time.
      if (Math.abs(timeMs - latestMs) < WAY_EVERY_MS) return;
      latestMs = timeMs;
      way.add(place, 0, 0);
    },
    changed: (place, isWeaker) => changed.add(place, isWeaker ? 0 : 1, isWeaker ? 1 : 0),
    places: () => ({ way: packCells(way.cells()), changed: packCells(changed.cells()) }),
  };
}
