import type { Outcome, VerdictRecord } from "../../../src/gate/record.ts";
import type { Summary } from "../../../src/gate/summary.ts";
import { createTally } from "../../../src/cli/replay/summary.ts";
import { createReport } from "../../../src/web/replay-report/report.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import { compileZoneSet } from "../../../src/zones/zone-set.ts";
import type { Shape, Zone } from "../../../src/zones/zone.ts";

export const START_MS = Date.parse("2026-03-01T08:00:00Z");
/** Metres for a degree of latitude and, at 60° north, of longitude: near enough to place things. */
export const DEG_M = 111_400;
export const LAT = 60;
export const LON = 20;

/** A frame's outcome at a second of the drive, 10 m farther north for each second. */
export function outcomeAt(second: number, changes: Partial<VerdictRecord> = {}): Outcome {
  const record: VerdictRecord = {
    timeMs: START_MS + second * 1000,
    camera: "front",
    seq: Math.round(second * 10),
    action: "pass",
    reason: "clear",
    zones: [],
    latDeg: LAT + (10 * second) / DEG_M,
    lonDeg: LON,
    radiusM: 5,
    heading: null,
    clearanceM: null,
    region: null,
    ...changes,
  };
  return { record, released: null };
}

export const UNKNOWN = {
  action: "drop",
  reason: "stale-fix",
  latDeg: null,
  lonDeg: null,
  radiusM: null,
} as const;
export const dropIn = (zone: string) => ({ action: "drop", reason: "inside", zones: [zone] }) as const;
export const blurIn = (zone: string) => ({ action: "blur", reason: "in-view", zones: [zone] }) as const;

/** A square zone so many metres east of the drive's start. */
export function zoneAt(id: string, eastM: number, changes: Partial<Zone> = {}): Zone {
  return {
    kind: "zone",
    id,
    category: "military",
    action: "drop",
    standoffM: 25,
    viewM: 250,
    cameras: null,
    schedule: null,
    validFromMs: -Infinity,
    validUntilMs: Infinity,
    shapes: [square(LAT, LON + (2 * eastM) / DEG_M, 50)],
    ...changes,
  };
}

export function square(latDeg: number, lonDeg: number, halfM: number): Shape & { kind: "polygon" } {
  const [dLat, dLon] = [halfM / DEG_M, (2 * halfM) / DEG_M];
  const [west, east, south, north] = [lonDeg - dLon, lonDeg + dLon, latDeg - dLat, latDeg + dLat];
  const ring = [west, south, east, south, east, north, west, north, west, south];
  return { kind: "polygon", rings: [Float64Array.from(ring)] };
}

export function zoneSetOf(zones: readonly Zone[]): ZoneSet {
  const set = { zones, coverage: [], regions: [], issuedMs: 0, expiresMs: Infinity, hash: "ab".repeat(32) };
  return compileZoneSet(set);
}

export function summaryOf(outcomes: readonly Outcome[], changes: Partial<Summary> = {}): Summary {
  const tally = createTally();
  for (const { record } of outcomes) tally.add(record);
  return {
    drive: "drive",
    from: "2026-03-01T08:00:00.000Z",
    to: "2026-03-01T08:10:00.000Z",
    durationS: 600,
    distanceM: 6000,
    zoneSet: { hash: "ab".repeat(32), zones: 1 },
    ...tally.counts(),
    revocations: [],
    warnings: [],
    speedFactor: 1000,
    ...changes,
  };
}

/** The page for a drive with these outcomes. */
export async function pageOf(
  outcomes: readonly Outcome[],
  zones: readonly Zone[] = [zoneAt("fort", 200)],
  changes: Partial<Summary> = {},
  cameras: readonly string[] = ["front", "rear"],
): Promise<string> {
  const report = createReport({ zones: zoneSetOf(zones), cameras: cameras.map((id) => ({ id })) });
  for (const outcome of outcomes) report.add(outcome);
  return report.html(summaryOf(outcomes, changes));
}

export function seconds(count: number, changes: (second: number) => Partial<VerdictRecord> = () => ({})) {
  return Array.from({ length: count }, (_, second) => outcomeAt(second, changes(second)));
}

/** How often a text occurs. */
export function occurrences(page: string, text: string): number {
  return page.split(text).length - 1;
}
