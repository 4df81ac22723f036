import { UNKNOWN_HEADING } from "../positioning/heading.ts";
import type { PositioningPolicy } from "../positioning/policy.ts";
import { positionErrorM } from "../positioning/reach.ts";
import type { Fix } from "../sources/fix.ts";
import { isActive } from "../zones/schedule.ts";
import { areaOf } from "../zones/index/zone-index.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { lookAround } from "./surroundings.ts";

export type Place = Pick<Fix, "timeMs" | "latDeg" | "lonDeg" | "accuracyM">;

/**
 * Whether a stated position may be told: it lies, with its error, outside of every zone and its standoff, whatever cameras
 * the zone is for. Rule 2: not where the set has expired, outside its coverage, or for numbers that are none.
 */
export function mayTellPlace(set: ZoneSet, place: Place, policy: PositioningPolicy): boolean {
  if (set.zones.length === 0 || !(place.timeMs < set.expiresMs)) return false;
  const radiusM = positionErrorM(place, policy);
  const { latDeg, lonDeg, timeMs } = place;
  const around = lookAround(set, { known: true, latDeg, lonDeg, radiusM, heading: UNKNOWN_HEADING }, 0);
  if (!around.covered) return false;
  const { shapes } = set.zoneIndex;
  return !around.near.some(({ part, distanceM }) => {
    const zone = set.zones[areaOf(shapes, part)];
    return (
      zone === undefined ||
      (distanceM <= zone.standoffM + radiusM && isActive(zone, timeMs, policy.clockErrorMs))
    );
  });
}
