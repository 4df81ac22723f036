import type { Camera } from "../sources/camera.ts";
import type { KnownReach } from "../positioning/reach.ts";
import { isActive } from "../zones/schedule.ts";
import { leastOverEdges, skewM } from "../zones/shape-distance.ts";
import { radiusOf } from "../zones/zone-index.ts";
import type { Zone } from "../zones/zone.ts";
import type { NearPart, Surroundings } from "./surroundings.ts";
import type { Verdict, ZoneReason } from "./verdict.ts";
import { CLEAR } from "./verdict.ts";
import { sectorOf, sectorToSegment } from "./view-sector.ts";

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
): Hit[] {
  const found = new Map<string, Hit>();
  for (const near of around.near) {
    const { zone } = near;
    if (found.get(zone.id)?.reason === "inside" || !concerns(zone, camera, timeMs)) continue;
    const reason = restricts(around, near, reach, camera, marginOf(zone));
    if (reason !== null) found.set(zone.id, { zone, reason });
  }
  return [...found.values()];
}

/** Worst wins: drop over blur over pass; of one action, inside over in view over leaving. */
export function worst(all: readonly Hit[]): Verdict {
  if (all.length === 0) return CLEAR;
  const action = all.some(({ zone }) => zone.action === "drop") ? "drop" : "blur";
  const reasons = new Set(all.filter(({ zone }) => zone.action === action).map(({ reason }) => reason));
  const reason = SEVERITY.find((each) => reasons.has(each)) ?? "inside";
  return { action, reason, zones: all.map(({ zone }) => zone.id) };
}

const SEVERITY = ["inside", "in-view", "leaving"] as const;

function concerns(zone: Zone, camera: Camera, timeMs: number): boolean {
  return (zone.cameras === null || zone.cameras.includes(camera.id)) && isActive(zone, timeMs);
}

function restricts(
  around: Surroundings,
  { zone, part, distanceM }: NearPart,
  reach: KnownReach,
  camera: Camera,
  marginM: number,
): "inside" | "in-view" | null {
  const withinM = reach.radiusM + marginM;
  if (distanceM <= zone.standoffM + withinM) return "inside";
  const rangeM = Math.min(zone.viewM, camera.rangeM);
  if (zone.viewM <= 0 || distanceM > rangeM + withinM) return null;
  const { shapes } = around.set.zoneIndex;
  const sector = sectorOf(camera, reach.heading, rangeM);
  const fromSectorM = leastOverEdges(shapes, part, around.plane, rangeM + withinM, (ax, ay, bx, by) =>
    sectorToSegment(sector, ax, ay, bx, by),
  );
  // A circle is measured from its centre, which lies farther away.
  const skew = skewM(around.plane, rangeM + withinM + radiusOf(shapes, part));
  return fromSectorM <= withinM + skew ? "in-view" : null;
}
