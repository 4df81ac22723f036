import { CamfenceError } from "../../src/core/errors.ts";
import type { Random } from "../../src/core/random.ts";
import type { Scenario } from "../scenario/scenario.ts";
import type { Ground, Point } from "./ground.ts";

type Style = "town" | "country" | "motorway";

/** Stretches between bends in metres, and how sharp the bends are in degrees: from, to. */
const STYLES: Readonly<Record<Style, { readonly stretchM: Range; readonly bendDeg: Range }>> = {
  town: { stretchM: [60, 260], bendDeg: [60, 110] },
  country: { stretchM: [80, 500], bendDeg: [5, 60] },
  motorway: { stretchM: [400, 2000], bendDeg: [1, 12] },
};
type Range = readonly [number, number];

export const UNREAD = "the scenario's files are not read yet: loadScenario does it";

/** The points of the scenario's way, given or made up. */
export function wayOf({ route }: Scenario, ground: Ground, random: Random): readonly Point[] {
  if (route.waypoints !== undefined) return route.waypoints.map((place) => ground.pointOf(place));
  if (route.generated !== undefined)
    return madeUp(route.generated.lengthM, STYLES[route.generated.style], random);
  throw new CamfenceError("usage", UNREAD);
}

function madeUp(lengthM: number, { stretchM, bendDeg }: (typeof STYLES)[Style], random: Random): Point[] {
  let heading = random() * 2 * Math.PI;
  let point: Point = { x: 0, y: 0 };
  const points = [point];
  for (let doneM = 0; doneM < lengthM;) {
    const stepM = Math.max(40, Math.min(between(stretchM, random()), lengthM - doneM));
    point = { x: point.x + stepM * Math.sin(heading), y: point.y + stepM * Math.cos(heading) };
    points.push(point);
    doneM += stepM;
    const bend = (between(bendDeg, random()) * Math.PI) / 180;
    heading += random() < 0.5 ? bend : -bend;
  }
  return points;
}

function between([from, to]: Range, share: number): number {
  return from + share * (to - from);
}
