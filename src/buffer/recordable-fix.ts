import { distanceFrom, planeAt } from "../core/plane.ts";
import { lookAround } from "../gate/surroundings.ts";
import type { VerdictRecord } from "../gate/record.ts";
import type { Fix, GnssReport } from "../sources/fix.ts";
import { standoffOf } from "../zones/index/packed-shapes.ts";
import type { ZoneSet } from "../zones/zone-set.ts";

/**
 * A fix that may be recorded: no zone with its standoff comes near it, whatever cameras and times the zone is for. Null
 * for all else.
 */
export function recordableFix(report: GnssReport, set: ZoneSet | null): Fix | null {
  if (set === null || report.quality === "none") return null;
  const { latDeg, lonDeg, accuracyM } = report;
  const reach = { known: true, latDeg, lonDeg, radiusM: accuracyM ?? 0, heading: ANY } as const;
  const around = lookAround(set, reach, 0, 0);
  if (!around.covered) return null;
  const { shapes } = set.zoneIndex;
  const isNear = around.near.some(
    ({ part, distanceM }) => distanceM <= standoffOf(shapes, part) + reach.radiusM,
  );
  return isNear ? null : report;
}

const ANY = { deg: 0, errorDeg: 180 } as const;

/** Whether judging the frame again judges the fix, too: the frame was passed, and its reach holds the fix. */
export function isJudgedWith(fix: Fix, { action, latDeg, lonDeg, radiusM }: VerdictRecord): boolean {
  if (action !== "pass" || latDeg === null || lonDeg === null || radiusM === null) return false;
  return distanceFrom(planeAt({ latDeg, lonDeg }), fix) <= radiusM;
}
