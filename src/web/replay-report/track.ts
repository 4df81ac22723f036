import type { Plane } from "../../core/plane.ts";
import { planeAt, wrapDeg } from "../../core/plane.ts";
import type { Position } from "../../core/position.ts";

/** Places kept: about 60 bytes each. A longer track is thinned. */
const MAX_PLACES = 16_384;
const FIRST_STEP_M = 1;

/** What lies between a place and the one before it: driven, driven with the place unknown, or nothing that was seen. */
export type Join = "way" | "unknown" | "silence";

/** Where the vehicle was at a moment of driven time. */
export interface Place extends Position {
  readonly atMs: number;
  readonly join: Join;
}

/** The driven way in bounded memory: between two kept places the vehicle was never farther than a step from the first. */
export interface TrackLog {
  add(atMs: number, latDeg: number, lonDeg: number): void;
  /** From here on the place is not known, or nothing is seen. */
  lose(join: Join): void;
  places(): readonly Place[];
}

export function createTrackLog(): TrackLog {
  let kept: Place[] = [];
  let last: Place | null = null;
  let plane: Plane | null = null;
  let stepM = FIRST_STEP_M;
  let join: Join = "silence";
  let newest = { atMs: -Infinity, latDeg: 0, lonDeg: 0 };
  const keep = (): void => {
    if (last !== null && newest.atMs <= last.atMs) return;
    last = { ...newest, join };
    join = "way";
    plane = planeAt(last);
    kept.push(last);
    if (kept.length <= MAX_PLACES) return;
    // Places that were lost and found again are kept at any step: thinning to the same step may be enough.
    kept = thinned(kept, stepM);
    while (kept.length > MAX_PLACES / 2) kept = thinned(kept, (stepM *= 2));
  };
  return {
    add(atMs, latDeg, lonDeg) {
      if (atMs <= newest.atMs) return;
      newest = { atMs, latDeg, lonDeg };
      if (plane === null || join !== "way" || isFar(plane, newest, stepM)) keep();
    },
    lose(how) {
      // The last known place is where the unknown begins.
      if (join === "way") keep();
      if (join !== "silence") join = how;
    },
    places() {
      if (join === "way") keep();
      return kept;
    },
  };
}

/** The places without those that are nearer than `stepM` to the one kept before. */
function thinned(places: readonly Place[], stepM: number): Place[] {
  const kept: Place[] = [];
  let plane: Plane | null = null;
  let lost: Join = "way";
  for (const place of places) {
    lost = worseJoin(lost, place.join);
    if (plane !== null && !isFar(plane, place, stepM)) continue;
    kept.push({ ...place, join: lost });
    lost = "way";
    plane = planeAt(place);
  }
  return kept;
}

function worseJoin(a: Join, b: Join): Join {
  if (a === "silence" || b === "silence") return "silence";
  return a === "way" ? b : a;
}

function isFar(plane: Plane, { latDeg, lonDeg }: Position, stepM: number): boolean {
  const eastM = wrapDeg(lonDeg - plane.lonDeg) * plane.xPerDeg;
  const northM = (latDeg - plane.latDeg) * plane.yPerDeg;
  return eastM * eastM + northM * northM >= stepM * stepM;
}
