import type { Position } from "../../core/position.ts";
import { placesBefore } from "../datum-shift.ts";
import { middleOf } from "../outline.ts";
import type { Coverage, Zone, ZoneSetContent } from "../zone.ts";
import type { Datum } from "../zone-file.ts";

/** What a rule about a whole set may know besides the area. */
export interface AreaContext {
  /** The datum that the area's file declares. */
  readonly datum: Datum;
  /** All coverage of the set; empty: everywhere. */
  readonly coverage: readonly Coverage[];
  readonly earlier: Earlier | null;
}

/** The version that is in force. */
export interface Earlier {
  readonly coverage: readonly Coverage[];
  /** The zone of that id. */
  readonly zone: (id: string) => Zone | null;
  /** Zones that are there no more, and lay where a wrong datum would have moved them here from. */
  readonly gone: (at: Position) => readonly Zone[];
}

/** Looks an earlier version up by id and, where ids changed, by place. */
export function earlierVersion(earlier: ZoneSetContent, now: ReadonlySet<string>): Earlier {
  const zones = new Map(earlier.zones.map((zone) => [zone.id, zone]));
  const cells = new Map<string, Zone[]>();
  for (const zone of earlier.zones) {
    if (now.has(zone.id)) continue;
    const cell = cellOf(middleOf(zone.shapes));
    cells.set(cell, [...(cells.get(cell) ?? []), zone]);
  }
  const around = (at: Position) => NEIGHBOURS.flatMap(([x, y]) => cells.get(cellOf(at, x, y)) ?? []);
  return {
    coverage: earlier.coverage,
    zone: (id) => zones.get(id) ?? null,
    gone: (at) => [...new Set(placesBefore(at).flatMap(around))],
  };
}

const CELL_DEG = 0.005;
const NEIGHBOURS = [-1, 0, 1].flatMap((x) => [-1, 0, 1].map((y) => [x, y] as const));

const cellOf = ({ lonDeg, latDeg }: Position, x = 0, y = 0) =>
  `${Math.floor(lonDeg / CELL_DEG) + x} ${Math.floor(latDeg / CELL_DEG) + y}`;
