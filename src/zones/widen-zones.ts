import { indexAreas } from "./index/zone-index.ts";
import { ruleOf } from "./index/zone-rules.ts";
import type { ZoneSet } from "./zone-set.ts";

/** The set with every zone restricting `byM` farther out, in standoff and in view; zones without a view get none. */
export function widenZones(set: ZoneSet, byM: number): ZoneSet {
  const zones = set.zones.map((zone) => ({
    ...zone,
    standoffM: zone.standoffM + byM,
    viewM: zone.viewM > 0 ? zone.viewM + byM : 0,
  }));
  return { ...set, zones, zoneIndex: indexAreas(zones, zones.map(ruleOf)) };
}
