import { planeAt } from "../core/plane.ts";
import { formatIso } from "../core/time.ts";
import type { Judged } from "../gate/gatekeeper.ts";
import { lookAround } from "../gate/surroundings.ts";
import type { Action, Reason } from "../gate/verdict.ts";
import type { KnownReach } from "../positioning/reach.ts";
import type { Camera } from "../sources/camera.ts";
import { areasWithin } from "../zones/index/zone-index.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { farthestM } from "../zones/zone-set.ts";

/** What `camfence verdict` prints; the worst camera's verdict at the top. */
export interface Explanation {
  readonly time: string;
  readonly latDeg: number;
  readonly lonDeg: number;
  readonly radiusM: number;
  readonly action: Action;
  readonly reason: Reason;
  /** The zones that restrict, with their distances. */
  readonly zones: readonly ZoneDistance[];
  readonly clearanceM: number | null;
  readonly region: string | null;
  readonly cameras: readonly {
    readonly id: string;
    readonly action: Action;
    readonly reason: Reason;
    readonly zones: readonly string[];
  }[];
  /** Other zones within 5 km, nearest first, at most ten. */
  readonly nearby: readonly ZoneDistance[];
  readonly zoneSet: string;
}

export interface ZoneDistance {
  readonly id: string;
  readonly category: string;
  readonly action: string;
  /** From the position to the zone's edge, negative inside. */
  readonly distanceM: number;
  readonly standoffM: number;
  readonly viewM: number;
}

/** Zones are named up to this distance. */
const NEARBY_M = 5000;
const MAX_NEARBY = 10;
const ORDER = { drop: 0, blur: 1, pass: 2 } as const;

export function explain(
  set: ZoneSet,
  reach: KnownReach,
  timeMs: number,
  judged: readonly (Judged & { readonly camera: Camera })[],
): Explanation {
  const ordered = judged.toSorted((a, b) => ORDER[a.verdict.action] - ORDER[b.verdict.action]);
  const restricting = new Set(ordered.flatMap(({ verdict }) => verdict.zones));
  const all = zonesAround(set, reach);
  const { action, reason } = ordered[0]?.verdict ?? { action: "drop", reason: "no-zones" };
  const around = lookAround(set, reach, 0, NEARBY_M);
  return {
    time: formatIso(timeMs),
    latDeg: reach.latDeg,
    lonDeg: reach.lonDeg,
    radiusM: millimetres(reach.radiusM),
    action,
    reason,
    zones: all.filter(({ id }) => restricting.has(id)),
    clearanceM: action === "pass" ? millimetres(Math.max(0, around.clearM - reach.radiusM)) : null,
    region: around.covered ? around.region : null,
    cameras: judged.map(({ camera, verdict }) => ({ id: camera.id, ...verdict })),
    nearby: all
      .filter(({ id, distanceM }) => !restricting.has(id) && distanceM <= NEARBY_M)
      .slice(0, MAX_NEARBY),
    zoneSet: set.hash,
  };
}

function zonesAround(set: ZoneSet, reach: KnownReach): ZoneDistance[] {
  const farM = reach.radiusM + set.zones.reduce((most, zone) => Math.max(most, farthestM(zone)), NEARBY_M);
  return areasWithin(set.zoneIndex, planeAt(reach), farM).flatMap(({ area, distanceM }) => {
    const zone = set.zones[area];
    if (zone === undefined) return [];
    const { id, category, action, standoffM, viewM } = zone;
    return [{ id, category, action, distanceM: millimetres(distanceM), standoffM, viewM }];
  });
}

function millimetres(metres: number): number {
  return Math.round(metres * 1000) / 1000;
}

/** For people. */
export function explanationText(explanation: Explanation): string {
  const { action, reason, latDeg, lonDeg, radiusM, clearanceM, region, cameras, zones, nearby } = explanation;
  const lines = [
    `${action} (${reason}) at ${latDeg}, ${lonDeg} ± ${radiusM.toFixed(1)} m, ${explanation.time}`,
    `region: ${region ?? "none that holds the whole reach"}`,
    ...(clearanceM === null ? [] : [`clear for another ${clearanceM.toFixed(1)} m all around`]),
    ...cameras.map(({ id, ...verdict }) => `  camera ${id}: ${verdict.action} (${verdict.reason})`),
    ...section("restricted by", zones),
    ...section(`zones within ${NEARBY_M / 1000} km`, nearby),
  ];
  return `${lines.join("\n")}\n`;
}

function section(title: string, zones: readonly ZoneDistance[]): string[] {
  const rows = zones.map(({ id, category, action, distanceM, standoffM, viewM }) => {
    const where = distanceM <= 0 ? `${(-distanceM).toFixed(1)} m inside` : `${distanceM.toFixed(1)} m away`;
    return `  ${id}  ${where}  (${category}, ${action}, standoff ${standoffM} m, view ${viewM} m)`;
  });
  return rows.length === 0 ? [] : [title, ...rows];
}
