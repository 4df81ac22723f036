import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadZones, type ZoneLoad } from "../../src/zones/load-zones.ts";
import type { Mistake } from "../../src/zones/check/mistake.ts";
import type { ZoneSetContent } from "../../src/zones/zone.ts";

export const NOW_MS = Date.UTC(2026, 5, 1);

/** A file beside this one. */
export const fixture = (path: string) => fileURLToPath(new URL(`fixtures/${path}`, import.meta.url));

/** Real data beside the project; null where it is absent. */
export function sharedData(path: string): string | null {
  const found = fileURLToPath(new URL(`../../../shared/data/${path}`, import.meta.url));
  return existsSync(found) ? found : null;
}

export type Json = Record<string, unknown>;

export const SQUARE = [
  [
    [10, 50],
    [10.01, 50],
    [10.01, 50.01],
    [10, 50.01],
    [10, 50],
  ],
];

export function feature(
  properties: Json = {},
  geometry: unknown = { type: "Polygon", coordinates: SQUARE },
): Json {
  return { type: "Feature", properties: { id: "a", category: "military", ...properties }, geometry };
}

export function zoneFile(features: readonly unknown[] = [feature()], header: Json = {}): Json {
  const camfence = {
    version: 1,
    datum: "wgs84",
    issued: "2026-01-01T00:00:00Z",
    expires: "2027-01-01T00:00:00Z",
    issuer: "test",
    ...header,
  };
  return { type: "FeatureCollection", camfence, features };
}

/** Writes files to a new folder and gives their paths. */
export function written(...texts: readonly (string | Uint8Array | Json)[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), "camfence-zones-"));
  return texts.map((text, index) => {
    const path = join(folder, `${index}.geojson`);
    writeFileSync(path, typeof text === "string" || text instanceof Uint8Array ? text : JSON.stringify(text));
    return path;
  });
}

export async function load(...texts: readonly (string | Uint8Array | Json)[]): Promise<ZoneLoad> {
  return loadZones(written(...texts), { nowMs: NOW_MS });
}

export const mistakesOf = (result: ZoneLoad): readonly Mistake[] =>
  result.reports.flatMap(({ mistakes }) => mistakes);

export const rulesOf = (result: ZoneLoad) => mistakesOf(result).map(({ rule }) => rule);

/** The set that must have been loaded. */
export function contentOf(result: ZoneLoad): ZoneSetContent {
  if (result.outcome === "loaded") return result.content;
  throw new Error(`refused: ${JSON.stringify(mistakesOf(result))}`);
}
