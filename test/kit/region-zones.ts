import type { Region, Zone } from "../../src/zones/zone.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import { T0_MS } from "./drives.ts";
import { FAR_AWAY, place, zoneSet } from "./place.ts";

/** A region of 20 km around a place so many metres east of the origin. */
export function regionShape(region: string, eastM = 0, radiusM = 20_000): Region {
  return {
    kind: "region",
    id: `region/${region}`,
    region,
    shapes: [{ kind: "circle", ...place(eastM, 0), radiusM }],
  };
}

/** Zones far away, or these, in the region `cn`. */
export function zonesWith(zones: readonly Zone[] = [FAR_AWAY], changes: Partial<ZoneSet> = {}): ZoneSet {
  return zoneSet(zones, {
    regions: [regionShape("cn")],
    issuedMs: T0_MS,
    expiresMs: T0_MS + 1e10,
    hash: "a".repeat(64),
    ...changes,
  });
}
