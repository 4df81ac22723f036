import { placeAt, planeAt } from "../../src/core/plane.ts";
import type { Position } from "../../src/core/position.ts";
import type { Fix } from "../../src/sources/fix.ts";
import { compileZoneSet } from "../../src/zones/zone-set.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import type { Zone } from "../../src/zones/zone.ts";

/** Where the tests' metres are measured from. */
export const ORIGIN: Position = { latDeg: 48, lonDeg: 11 };

/** The place so many metres east and north of the origin. */
export function place(eastM: number, northM: number, origin: Position = ORIGIN): Position {
  return placeAt(planeAt(origin), eastM, northM);
}

/** A good fix of a vehicle that stands at the origin, or as `changes` say. */
export function fixAt(timeMs: number, changes: Partial<Fix> & { eastM?: number; northM?: number } = {}): Fix {
  const { eastM = 0, northM = 0, ...rest } = changes;
  return {
    timeMs,
    ...place(eastM, northM),
    accuracyM: 4,
    speedMps: 0,
    courseDeg: null,
    quality: "autonomous",
    ...rest,
  };
}

export interface Square {
  readonly id?: string;
  /** South-west corner and side, metres from the origin. */
  readonly eastM: number;
  readonly northM: number;
  readonly sideM: number;
}

/** A square zone that drops from 25 m on and does not mind being seen. */
export function squareZone({ id = "base", eastM, northM, sideM, ...changes }: Square & Partial<Zone>): Zone {
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
    [0, 0],
  ].flatMap(([x = 0, y = 0]) => {
    const { lonDeg, latDeg } = place(eastM + x * sideM, northM + y * sideM);
    return [lonDeg, latDeg];
  });
  return {
    kind: "zone",
    id,
    shapes: [{ kind: "polygon", rings: [Float64Array.from(corners)] }],
    category: "military",
    action: "drop",
    standoffM: 25,
    viewM: 0,
    cameras: null,
    schedule: null,
    validFromMs: -Infinity,
    validUntilMs: Infinity,
    ...changes,
  };
}

/** A zone that is nowhere near: with it alone, whatever is known passes. */
export const FAR_AWAY = squareZone({ id: "far", eastM: 40_000, northM: 40_000, sideM: 100 });

export function zoneSet(zones: readonly Zone[], changes: Partial<ZoneSet> = {}): ZoneSet {
  const content = { zones, coverage: [], regions: [], issuedMs: 0, expiresMs: 1e13, hash: "00", ...changes };
  return compileZoneSet(content);
}
