import type { FleetPlaces, PlaceOnMap } from "../../web/impact-report/impact-map.ts";
import type { JobResult } from "./drive-impact.ts";
import { unpackCells } from "./packed-cells.ts";
import type { PlaceGrid } from "./place-grid.ts";
import { createPlaceGrid, placeOf } from "./place-grid.ts";

/** What the map shows of however many drives; 20 and 150 bytes each in the page. */
const MAX_WAY_CELLS = 6000;
const MAX_CHANGED_CELLS = 2000;

/** The places of all drives in one grid. */
export function fleetPlaces(results: Iterable<JobResult>): FleetPlaces {
  const way = createPlaceGrid(MAX_WAY_CELLS);
  const changed = createPlaceGrid(MAX_CHANGED_CELLS);
  for (const result of results) {
    if (result.outcome !== "judged") continue;
    const { places } = result.impact;
    for (const cell of unpackCells(places.way)) way.addCell(cell);
    for (const cell of unpackCells(places.changed)) changed.addCell(cell);
  }
  return { way: placesOf(way), changed: placesOf(changed) };
}

function placesOf(grid: PlaceGrid): readonly PlaceOnMap[] {
  return grid.cells().map((cell) => ({ ...placeOf(cell), more: cell.more, less: cell.less }));
}
