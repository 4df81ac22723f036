import type { Camera } from "../sources/camera.ts";
import type { KnownReach } from "../positioning/reach.ts";
import { isActive } from "../zones/schedule.ts";
import { at } from "../core/at.ts";
import { anyEdgeWithin, skewM } from "../zones/edges-in-plane.ts";
import { RULE } from "../zones/zone-rules.ts";
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
  const { rules } = around.set;
  const found: Hit[] = [];
  let view: View | null = null;
  for (const near of around.near) {
    const { zone, area, distanceM } = near;
    const rule = RULE.size * area;
    const isPlain = at(rules, rule + RULE.plain) === 1;
    // A plain zone comes once, and concerns every camera at any time.
    const known = isPlain ? -1 : found.findIndex((hit) => hit.zone === zone);
    if (!isPlain && !concerns(zone, camera, timeMs)) continue;
    const withinM = reach.radiusM + marginOf(zone);
    const viewM = at(rules, rule + RULE.viewM);
    if (distanceM <= at(rules, rule + RULE.standoffM) + withinM) {
      found[known < 0 ? found.length : known] = { zone, reason: "inside" };
    } else if (viewM > 0 && known < 0) {
      view ??= viewOf(camera, reach.heading);
      if (isInView(around, near, view, Math.min(viewM, camera.rangeM), withinM))
        found.push({ zone, reason: "in-view" });
    }
  }
  return found;
}

/** Worst wins: drop over blur over pass; of one action, inside over in view over leaving. */
export function worst(all: readonly Hit[]): Verdict {
  if (all.length === 0) return CLEAR;
  let action: "drop" | "blur" = "blur";
  let reason: ZoneReason = "leaving";
  const zones: string[] = [];
  for (const { zone, reason: own } of all) {
    zones.push(zone.id);
    // A drop wins over a blur whatever the reasons.
    if (zone.action === action ? SEVERITY[own] > SEVERITY[reason] : zone.action === "drop") reason = own;
    if (zone.action === "drop") action = "drop";
  }
  return { action, reason, zones };
}

const NONE: readonly Hit[] = [];
const SEVERITY = { leaving: 0, "in-view": 1, inside: 2 } as const;

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
