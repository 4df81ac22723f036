import type { Findings } from "./check/findings.ts";
import { type JsonPath } from "./check/mistake.ts";
import { show } from "./check/show.ts";

/** As in the file: longitude, latitude, and an altitude that RFC 7946 allows and nothing here uses. */
export type PositionTuple = readonly [number, number, number?];

/** True for what RFC 7946 calls a position, on this earth. */
export function isPositionTuple(value: unknown): value is PositionTuple {
  if (!Array.isArray(value)) return false;
  const lonDeg: unknown = value[0];
  const latDeg: unknown = value[1];
  if (typeof lonDeg !== "number" || typeof latDeg !== "number" || !isOnEarth(lonDeg, latDeg)) return false;
  return value.length === 2 || (value.length === 3 && Number.isFinite(value[2]));
}

/** False for NaN and infinities, by the comparisons. */
export function isOnEarth(lonDeg: number, latDeg: number): boolean {
  return lonDeg >= -180 && lonDeg <= 180 && latDeg >= -90 && latDeg <= 90;
}

/** Says what is wrong with something that should have been a position. */
export function reportPosition(position: unknown, at: JsonPath, findings: Findings): void {
  const list: readonly unknown[] = Array.isArray(position) ? position : [];
  const [lonDeg, latDeg] = list;
  findings.add({
    rule: "position",
    at,
    got: show(position),
    expected: "[longitude from -180 to 180, latitude from -90 to 90] and, if need be, an altitude",
    advice: adviceFor(lonDeg, latDeg),
  });
}

function adviceFor(lonDeg: unknown, latDeg: unknown): string {
  if (!isPositionTuple([lonDeg, latDeg]) && isPositionTuple([latDeg, lonDeg]))
    return "write the longitude first; if this is latitude and longitude, swap them in the whole file";
  if ([lonDeg, latDeg].some((deg) => typeof deg === "number" && Math.abs(deg) > 1000))
    return "these look like metres of a map projection: export as EPSG:4326, or ogr2ogr -t_srs EPSG:4326";
  return "write two finite numbers of degrees";
}
