import type { KnownReach } from "../positioning/reach.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import type { Surroundings } from "./surroundings.ts";
import { lookAround } from "./surroundings.ts";

/** Looks around a reach, and remembers what was seen last. */
export interface Lookout {
  /** What lies around the reach; the same look for the same disc. */
  around(reach: KnownReach, zones: ZoneSet): Surroundings;
  /** The last look, where it was of this zone set. */
  last(zones: ZoneSet): Surroundings | null;
}

/** `horizonM` is how far beyond the reach to look. @default that of `lookAround` */
export function createLookout(marginM: number, horizonM?: number): Lookout {
  let seen: Surroundings | null = null;
  let seenFor: KnownReach | null = null;
  return {
    around(reach, zones) {
      if (seen === null || seen.set !== zones || seenFor === null || !sameDisc(seenFor, reach)) {
        seen = lookAround(zones, reach, marginM, horizonM);
        seenFor = reach;
      }
      return seen;
    },
    last: (zones) => (seen?.set === zones ? seen : null),
  };
}

function sameDisc(a: KnownReach, b: KnownReach): boolean {
  return a.latDeg === b.latDeg && a.lonDeg === b.lonDeg && a.radiusM === b.radiusM;
}
