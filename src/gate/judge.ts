import type { Camera } from "../sources/camera.ts";
import type { KnownReach } from "../positioning/reach.ts";
import { isActive } from "../zones/schedule.ts";
import { anyEdgeWithin, skewM } from "../zones/edges-in-plane.ts";
import type { Zone } from "../zones/zone.ts";
import type { NearPart, Surroundings } from "./surroundings.ts";
import type { Verdict, ZoneReason } from "./verdict.ts";
import { CLEAR } from "./verdict.ts";
import type { View } from "./view-sector.ts";
import { sectorToSegment, viewOf } from "./view-sector.ts";

/** One zone that restricts a camera, and why. */
export interface Hit {
  readonly zone: Zone;
  readonly reason: ZoneReason;
}

/**
 * The zones that restrict a camera at a time from somewhere in the reach (rule 3). `marginOf` widens a zone, for
 * leaving late.
 */
export function hits(
  around: Surroundings,
  reach: KnownReach,
  camera: Camera,
  timeMs: number,
  marginOf: (zone: Zone) => number,
): readonly Hit[] {
  if (around.near.length === 0) return NONE;
  const found: Hit[] = [];
  let view: View | null = null;
  for (const near of around.near) {
    const { zone, distanceM } = near;
    // A zone of one shape comes once.
    const known = zone.shapes.length > 1 ? found.findIndex((hit) => hit.zone === zone) : -1;
    if (found[known]?.reason === "inside" || !concerns(zone, camera, timeMs)) continue;
    const withinM = reach.radiusM + marginOf(zone);
    if (distanceM <= zone.standoffM + withinM) {
      found[known < 0 ? found.length : known] = { zone, reason: "inside" };
    } else if (zone.viewM > 0 && known < 0) {
      view ??= viewOf(camera, reach.heading);
      const rangeM = Math.min(zone.viewM, camera.rangeM);
      if (isInView(around, near, view, rangeM, withinM)) found.push({ zone, reason: "in-view" });
    }
  }
  return found;
}

/** Worst wins: drop over blur over pass; of one action, inside over in view over leaving. */
export function worst(all: readonly Hit[]): Verdict {
  if (all.length === 0) return CLEAR;
  const action = all.some(({ zone }) => zone.action === "drop") ? "drop" : "blur";
  const acting = all.filter(({ zone }) => zone.action === action);
  const reason = SEVERITY.find((each) => acting.some((hit) => hit.reason === each)) ?? "inside";
  return { action, reason, zones: all.map(({ zone }) => zone.id) };
}

const NONE: readonly Hit[] = [];
const SEVERITY = ["inside", "in-view", "leaving"] as const;

function concerns(zone: Zone, camera: Camera, timeMs: number): boolean {
  return (zone.cameras === null || zone.cameras.includes(camera.id)) && isActive(zone, timeMs);
}

/** Whether the part comes within `withinM` of the view's sector. */
function isInView(
  { set, plane }: Surroundings,
  { part, distanceM }: NearPart,
  view: View,
  rangeM: number,
  withinM: number,
): boolean {
  if (distanceM > rangeM + withinM) return false;
  if (view.isFull) return true;
  const { shapes } = set.zoneIndex;
  const limitM = withinM + skewM(shapes, part, plane, rangeM + withinM);
  return anyEdgeWithin(shapes, part, plane, rangeM + withinM, limitM, (ax, ay, bx, by, nearM) =>
    sectorToSegment(view, rangeM, nearM, ax, ay, bx, by),
  );
}
