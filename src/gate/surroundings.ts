import { at, intAt } from "../core/at.ts";
import type { Plane } from "../core/plane.ts";
import { MAX_PLANE_LAT_DEG, distanceFrom, planeAt } from "../core/plane.ts";
import { isPosition } from "../core/position.ts";
import type { KnownReach } from "../positioning/reach.ts";
import { depthOrDistance, distanceTo, leastDistance } from "../zones/index/shape-distance.ts";
import type { PackedShapes } from "../zones/index/packed-shapes.ts";
import { PART } from "../zones/index/packed-shapes.ts";
import type { AreaIndex } from "../zones/index/zone-index.ts";
import { areaOf, partsNear } from "../zones/index/zone-index.ts";
import type { ZoneSet } from "../zones/zone-set.ts";

/** What lies around a reach. All metres are from the reach's centre, the plane's origin. */
export interface Surroundings {
  readonly set: ZoneSet;
  readonly plane: Plane;
  /** Parts of zones that may restrict from somewhere in the reach, or would with the leaving margin; each once. */
  readonly near: readonly NearPart[];
  /** Rule 2: false also for what is no reach, and where the plane is no good. */
  readonly covered: boolean;
  /** The one region that holds the whole reach; null when none or several may. */
  readonly region: string | null;
  /** A reach less than this far out is clear of all zones and covered … */
  readonly clearM: number;
  /** … and less than this far, it lies in the same region, too: no look-up is needed. */
  readonly freeM: number;
}

export interface NearPart {
  readonly part: number;
  /** Distance from the reach's centre, 0 inside; any number that the standoff and the reach hold, where they do. */
  readonly distanceM: number;
}

/** How far beyond the reach to look: at motorway speed the answer then stands for three seconds, 800 frames of 8 cameras. */
const DEFAULT_HORIZON_M = 100;

/** Looks up what lies around a reach. Schedules, validity and cameras play no part: that is the judge's. */
export function lookAround(
  set: ZoneSet,
  reach: KnownReach,
  marginM: number,
  horizonM: number = DEFAULT_HORIZON_M,
): Surroundings {
  const plane = planeAt(reach);
  const farM = reach.radiusM + Math.max(horizonM, marginM);
  const { near, clearM } = zonesAround(set, plane, reach.radiusM, reach.radiusM + marginM, farM);
  const coveredM = coveredAround(set.coverageIndex, plane, farM);
  const { region, sameM } = regionAround(set, plane, reach.radiusM, farM);
  const covered = isUsable(reach) && coveredM >= reach.radiusM;
  return {
    set,
    plane,
    near,
    covered,
    region: isUsable(reach) ? region : null,
    clearM: covered ? Math.min(clearM, coveredM) : 0,
    freeM: covered ? Math.min(clearM, coveredM, sameM) : 0,
  };
}

/** Written so that NaN in any of its numbers makes it false. */
function isUsable(reach: KnownReach): boolean {
  return isPosition(reach) && Math.abs(reach.latDeg) <= MAX_PLANE_LAT_DEG && reach.radiusM >= 0;
}

/** How far from the look-up's centre the reach extends at most. */
export function extentM({ plane }: Surroundings, reach: KnownReach): number {
  return distanceFrom(plane, reach) + reach.radiusM;
}

/** What is near first: where that is anything, what lies beyond plays no part (measured: a quarter less with views). */
function zonesAround(set: ZoneSet, plane: Plane, radiusM: number, nearM: number, farM: number) {
  const close = zonesWithin(set, plane, radiusM, nearM, nearM);
  return close.near.length > 0 ? close : zonesWithin(set, plane, radiusM, nearM, farM);
}

function zonesWithin(
  { zoneIndex: { shapes, found }, zoneIndex: index }: ZoneSet,
  plane: Plane,
  radiusM: number,
  nearM: number,
  farM: number,
) {
  const { parts } = shapes;
  const count = partsNear(index, plane, farM);
  if (count > 1) nearestFirst(shapes, found, count, plane);
  const near: NearPart[] = [];
  let clearM = farM;
  for (let i = 0; i < count; i++) {
    const part = intAt(found, i);
    const record = PART.size * part;
    const standoffM = at(parts, record + PART.standoffM);
    const zoneM = Math.max(standoffM, at(parts, record + PART.viewM));
    const wantedM = zoneM + Math.max(nearM, clearM);
    if (count > 1 && (leastDistance(shapes, part, plane) > wantedM || isAmong(near, part))) continue;
    const enoughM = standoffM + radiusM;
    const distanceM = distanceTo(shapes, part, plane, wantedM, enoughM);
    // Inside the standoff the distance may be less than it is said to be: nothing is clear.
    clearM = Math.min(clearM, distanceM <= enoughM ? 0 : distanceM - zoneM);
    if (distanceM - zoneM <= nearM) near.push({ part, distanceM });
  }
  return { near, clearM };
}

function isAmong(near: readonly NearPart[], part: number): boolean {
  for (const each of near) if (each.part === part) return true;
  return false;
}

/** Brings the part to the front whose box is the nearest: what it leaves clear spares most others their edges. */
function nearestFirst(shapes: PackedShapes, found: Int32Array, count: number, plane: Plane): void {
  let [first, leastM] = [0, Infinity];
  for (let i = 0; i < count; i++) {
    const distanceM = leastDistance(shapes, intAt(found, i), plane);
    if (distanceM < leastM) [first, leastM] = [i, distanceM];
  }
  if (first > 0) [found[0], found[first]] = [intAt(found, first), intAt(found, 0)];
}

/** How far all around is covered; negative outside. One area must hold the reach, which may be that without seams. */
function coveredAround(index: AreaIndex | null, plane: Plane, farM: number): number {
  if (index === null) return Infinity;
  let coveredM = -Infinity;
  const count = partsNear(index, plane, 0);
  for (let i = 0; i < count && coveredM < farM; i++) {
    coveredM = Math.max(coveredM, -depthOrDistance(index.shapes, intAt(index.found, i), plane, farM));
  }
  return Math.min(coveredM, farM);
}

/** Rule 6: exactly one region must hold the whole reach. */
function regionAround({ regions, regionIndex: index }: ZoneSet, plane: Plane, radiusM: number, farM: number) {
  if (regions.length === 0) return { region: null, sameM: Infinity };
  const signedM = new Map<string, number>();
  const count = partsNear(index, plane, farM);
  for (let i = 0; i < count; i++) {
    const part = intAt(index.found, i);
    const region = regions[areaOf(index.shapes, part)]?.region;
    if (region === undefined) continue;
    const distanceM = depthOrDistance(index.shapes, part, plane, farM);
    signedM.set(region, Math.min(distanceM, signedM.get(region) ?? Infinity));
  }
  const touching = [...signedM].filter(([, distanceM]) => distanceM <= radiusM);
  const [only] = touching;
  // An edge within `sameM` may change the answer; a reach that straddles one is looked up every time.
  const straddles = touching.length > 1 || (only !== undefined && -only[1] < radiusM);
  const sameM = straddles ? 0 : Math.min(farM, ...[...signedM.values()].map(Math.abs));
  return { region: straddles ? null : (only?.[0] ?? null), sameM };
}
