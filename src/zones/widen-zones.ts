import { lazyList } from "./compiled/lazy-list.ts";
import { widenIndex } from "./index/zone-index.ts";
import type { Zone } from "./zone.ts";
import type { ZoneSet } from "./zone-set.ts";

/**
 * The set with every zone restricting `byM` farther out, in standoff and in view; zones without a view get none. Shapes
 * are shared with the set, and zones made when they are asked for.
 */
export function widenZones(set: ZoneSet, byM: number): ZoneSet {
  const zones = lazyList(set.zones.length, (i) => widened(set.zones[i] as Zone, byM));
  return { ...set, zones, zoneIndex: widenIndex(set.zoneIndex, byM) };
}

function widened(zone: Zone, byM: number): Zone {
  const standoffM = zone.standoffM + byM;
  return { ...zone, standoffM, viewM: zone.viewM > 0 ? zone.viewM + byM : 0 };
}
