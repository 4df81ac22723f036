import { planeAt, wrapDeg } from "../../core/plane.ts";
import type { Position } from "../../core/position.ts";
import { areaOf, partsNear } from "../../zones/index/zone-index.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { Zone } from "../../zones/zone.ts";
import { countText } from "./count-text.ts";

/** Zones are drawn that reach, with their standoff and view range, to within this distance of the track. */
export const NEAR_M = 500;
/** More are not drawn; those that restricted a frame come first. */
export const MAX_ZONES_DRAWN = 400;
/** The index is asked at most about so often. */
const MAX_SEARCHES = 4000;

/** A place on a way. */
export interface WayPlace extends Position {
  /** Whether the vehicle drove there from the place before it, as far as is known. */
  readonly join: "way" | "unknown" | "silence";
}

/** The zones to draw, and how many more there are near the track. */
export interface NearZones {
  readonly zones: readonly Zone[];
  readonly leftOut: number;
}

/** What the map says of them. */
export function zonesNote({ zones, leftOut }: NearZones, of = "the track"): string {
  const drawn = `${countText(zones.length)} ${zones.length === 1 ? "zone" : "zones"} drawn: those whose effect comes within about ${NEAR_M} m of ${of}`;
  return leftOut === 0
    ? `${drawn}.`
    : `${drawn}, without ${countText(leftOut)} more that there was no room for.`;
}

export function zonesNear(
  set: ZoneSet,
  places: readonly WayPlace[],
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

function lengthM(places: readonly WayPlace[]): number {
  return places.reduce((sum, place, i) => sum + stepM(places[i - 1], place), 0);
}

function stepM(from: WayPlace | undefined, to: WayPlace): number {
  if (from === undefined || to.join !== "way") return 0;
  const plane = planeAt(from);
  return Math.hypot(
    wrapDeg(to.lonDeg - from.lonDeg) * plane.xPerDeg,
    (to.latDeg - from.latDeg) * plane.yPerDeg,
  );
}

/** Places along the track, at most `everyM` apart; places nearer than that to the last are left out. */
function* spread(places: readonly WayPlace[], everyM: number): Generator<Position> {
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

function partWay(from: WayPlace, to: WayPlace, share: number): Position {
  return {
    latDeg: from.latDeg + share * (to.latDeg - from.latDeg),
    lonDeg: wrapDeg(from.lonDeg + share * wrapDeg(to.lonDeg - from.lonDeg)),
  };
}
