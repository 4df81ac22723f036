import type { Camera } from "../sources/camera.ts";
import type { KnownReach } from "../positioning/reach.ts";
import { isActive } from "../zones/schedule.ts";
import { at } from "../core/at.ts";
import { anyEdgeWithin, skewM } from "../zones/index/edges-in-plane.ts";
import { PART } from "../zones/index/packed-shapes.ts";
import { areaOf } from "../zones/index/zone-index.ts";
import type { Zone } from "../zones/zone.ts";
import type { NearPart, Surroundings } from "./surroundings.ts";
import type { Verdict, ZoneReason } from "./verdict.ts";
import { CLEAR } from "./verdict.ts";
import type { View } from "./view-sector.ts";
import { sectorToSegment, viewOf } from "./view-sector.ts";

/** One zone that restricts a camera, and why. */
export interface Hit {
  readonly id: string;
  readonly action: Zone["action"];
  readonly reason: ZoneReason;
}

/**
 * The zones that restrict a camera at a time from somewhere in the reach (rule 3), the time being told by a clock that may
 * be off by `clockErrorMs`. `marginOf` widens a zone, by its id, for leaving late.
 */
export function hits(
  around: Surroundings,
  reach: KnownReach,
  camera: Camera,
  timeMs: number,
  clockErrorMs: number,
  marginOf: (id: string) => number,
): readonly Hit[] {
  if (around.near.length === 0) return NONE;
  const { ids, zones, zoneIndex } = around.set;
  const { parts } = zoneIndex.shapes;
  const found: Hit[] = [];
  let view: View | null = null;
  for (const near of around.near) {
    const { part, distanceM } = near;
    const record = PART.size * part;
    const area = areaOf(zoneIndex.shapes, part);
    const id = ids[area] ?? "";
    const isPlain = at(parts, record + PART.plain) === 1;
    // A plain zone comes once, and concerns every camera at any time.
    const known = isPlain ? -1 : found.findIndex((hit) => hit.id === id);
    if (!isPlain && !concerns(zones[area], camera, timeMs, clockErrorMs)) continue;
    const action = at(parts, record + PART.drop) === 1 ? "drop" : "blur";
    const withinM = reach.radiusM + marginOf(id);
    const viewM = at(parts, record + PART.viewM);
    if (distanceM <= at(parts, record + PART.standoffM) + withinM) {
      found[known < 0 ? found.length : known] = { id, action, reason: "inside" };
    } else if (viewM > 0 && known < 0) {
      view ??= viewOf(camera, reach.heading);
      if (isInView(around, near, view, Math.min(viewM, camera.rangeM), withinM))
        found.push({ id, action, reason: "in-view" });
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
  for (const { id, action: of, reason: own } of all) {
    zones.push(id);
    // A drop wins over a blur whatever the reasons.
    if (of === action ? SEVERITY[own] > SEVERITY[reason] : of === "drop") reason = own;
    if (of === "drop") action = "drop";
  }
  return { action, reason, zones };
}

const NONE: readonly Hit[] = [];
const SEVERITY = { leaving: 0, "in-view": 1, inside: 2 } as const;

/** Rule 2: a zone that is not known concerns everyone. */
function concerns(zone: Zone | undefined, camera: Camera, timeMs: number, clockErrorMs: number): boolean {
  if (zone === undefined) return true;
  return (zone.cameras === null || zone.cameras.includes(camera.id)) && isActive(zone, timeMs, clockErrorMs);
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
