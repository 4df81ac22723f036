import { planeAt, wrapDeg } from "../../core/plane.ts";
import type { Position } from "../../core/position.ts";
import { areaOf, partsNear } from "../../zones/index/zone-index.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { Zone } from "../../zones/zone.ts";
import type { Place } from "./track.ts";

/** Zones are drawn that reach, with their standoff and view range, to within this distance of the track. */
export const NEAR_M = 500;
/** More are not drawn; those that restricted a frame come first. */
export const MAX_ZONES_DRAWN = 400;
/** The index is asked at most about so often. */
const MAX_SEARCHES = 4000;

/** The zones to draw, and how many more there are near the track. */
export interface NearZones {
  readonly zones: readonly Zone[];
  readonly leftOut: number;
}

export function zonesNear(
  set: ZoneSet,
  places: readonly Place[],
  isTouched: (id: string) => boolean,
): NearZones {
  const near = new Set<number>();
  const everyM = Math.max(NEAR_M, lengthM(places) / MAX_SEARCHES);
  for (const { latDeg, lonDeg } of spread(places, everyM)) {
    // Every place of the track is within half a step of one that is asked for.
    const count = partsNear(set.zoneIndex, planeAt({ latDeg, lonDeg }), NEAR_M + everyM / 2);
    for (const part of set.zoneIndex.found.subarray(0, count)) near.add(areaOf(set.zoneIndex.shapes, part));
  }
  const all = [...near].flatMap((area) => set.zones[area] ?? []);
  const first = [...all.filter(({ id }) => isTouched(id)), ...all.filter(({ id }) => !isTouched(id))];
  return {
    zones: first.slice(0, MAX_ZONES_DRAWN),
    leftOut: Math.max(0, first.length - MAX_ZONES_DRAWN),
  };
}

function lengthM(places: readonly Place[]): number {
  return places.reduce((sum, place, i) => sum + stepM(places[i - 1], place), 0);
}

function stepM(from: Place | undefined, to: Place): number {
  if (from === undefined || to.join !== "way") return 0;
  const plane = planeAt(from);
  return Math.hypot(
    wrapDeg(to.lonDeg - from.lonDeg) * plane.xPerDeg,
    (to.latDeg - from.latDeg) * plane.yPerDeg,
  );
}

/** Places along the track, at most `everyM` apart; places nearer than that to the last are left out. */
function* spread(places: readonly Place[], everyM: number): Generator<Position> {
  let sinceM = Infinity;
  for (const [i, place] of places.entries()) {
    const from = places[i - 1];
    const step = stepM(from, place);
    const pieces = Math.ceil(step / everyM);
    for (let piece = 1; piece < pieces; piece++) yield partWay(from ?? place, place, piece / pieces);
    sinceM += step;
    if (pieces <= 1 && sinceM < everyM / 2 && place.join === "way") continue;
    sinceM = 0;
    yield place;
  }
}

function partWay(from: Place, to: Place, share: number): Position {
  return {
    latDeg: from.latDeg + share * (to.latDeg - from.latDeg),
    lonDeg: wrapDeg(from.lonDeg + share * wrapDeg(to.lonDeg - from.lonDeg)),
  };
}
