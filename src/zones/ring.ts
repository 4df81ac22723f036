import type { Findings } from "./findings.ts";
import { show, under, type JsonPath } from "./mistake.ts";
import type { Ring } from "./zone.ts";

/**
 * Reads one linear ring: every position checked, consecutive repetitions left out, and longitudes made to run on
 * without a jump (a step of more than 180° goes the short way, over the antimeridian; one of exactly 180° or 360° is
 * meant as written, as in a coverage of the whole world). Returns null when there was a mistake.
 */
export function readRing(value: unknown, path: JsonPath, findings: Findings): Ring | null {
  if (!Array.isArray(value)) {
    findings.add({
      rule: "structure",
      at: path,
      got: show(value),
      expected: "a ring: a list of positions",
      advice: "mend the coordinates' brackets",
    });
    return null;
  }
  const ring = unwrap(value as readonly unknown[]);
  if (!ring) {
    reportPositions(value, path, findings);
    return null;
  }
  return isClosedRing(value as readonly Position[], path, findings) ? ring : null;
}

/** As in the file: longitude, latitude, and an altitude that RFC 7946 allows and nothing here uses. */
type Position = readonly [number, number, number?];

/** True for what RFC 7946 calls a position, on this earth. False for NaN and infinities, by the comparisons. */
export function isPositionTuple(value: unknown): value is Position {
  if (!Array.isArray(value)) return false;
  const lon: unknown = value[0];
  const lat: unknown = value[1];
  if (typeof lon !== "number" || typeof lat !== "number") return false;
  if (!(lon >= -180 && lon <= 180 && lat >= -90 && lat <= 90)) return false;
  return value.length === 2 || (value.length === 3 && Number.isFinite(value[2]));
}

/** Rings are cut from long arrays: most have a dozen vertices, for which an array of their own costs more than they. */
const POOL_LENGTH = 32 * 1024;
let pool = new Float64Array(POOL_LENGTH);
let used = 0;

/** The vertices of a ring, or null for a ring with a bad position. */
function unwrap(positions: readonly unknown[]): Ring | null {
  if (pool.length - used < 2 * positions.length) {
    pool = new Float64Array(Math.max(POOL_LENGTH, 2 * positions.length));
    used = 0;
  }
  let end = used;
  let turn = 0;
  let lastLon = 0;
  let lastLat = Number.NaN;
  for (let index = 0; index < positions.length; index++) {
    const position = positions[index];
    if (!isPositionTuple(position)) return null;
    const lon = position[0];
    const lat = position[1];
    if (index > 0) turn += turnOfStep(lon - lastLon);
    if (lat !== lastLat || lon !== lastLon) {
      pool[end] = lon + turn;
      pool[end + 1] = lat;
      end += 2;
    }
    lastLon = lon;
    lastLat = lat;
  }
  const ring = pool.subarray(used, end);
  used = end;
  return ring;
}

function turnOfStep(stepDeg: number): number {
  if (stepDeg > 180 && stepDeg < 360) return -360;
  if (stepDeg < -180 && stepDeg > -360) return 360;
  return 0;
}

function isClosedRing(positions: readonly Position[], path: JsonPath, findings: Findings): boolean {
  const first = positions[0];
  const last = positions.at(-1);
  if (!first || !last || positions.length < 4) {
    const got = `${positions.length} positions`;
    const advice = "a triangle has 4, the first one repeated at the end; a circle is a Point with radiusM";
    findings.add({ rule: "ring-short", at: path, got, expected: "at least 4", advice });
    return false;
  }
  if (first[0] !== last[0] || first[1] !== last[1]) {
    findings.add({
      rule: "ring-open",
      at: under(path, positions.length - 1),
      got: `a ring that ends at ${show(last)}`,
      expected: `that it ends where it begins, at ${show(first)}`,
      advice: "repeat its first position at its end",
    });
    return false;
  }
  return returns(positions, path, findings);
}

function returns(positions: readonly Position[], path: JsonPath, findings: Findings): boolean {
  let turn = 0;
  for (let index = 1; index < positions.length; index++)
    turn += turnOfStep((positions[index]?.[0] ?? 0) - (positions[index - 1]?.[0] ?? 0));
  if (turn === 0) return true;
  findings.add({
    rule: "ring-round-pole",
    at: path,
    got: "a ring that goes once around the earth",
    expected: "a ring that comes back to its first longitude",
    advice:
      "split an area over a pole at the antimeridian; at the antimeridian use either 180 or -180, not both",
  });
  return false;
}

function reportPositions(positions: readonly unknown[], path: JsonPath, findings: Findings): void {
  for (const [index, position] of positions.entries())
    if (!isPositionTuple(position)) reportPosition(position, under(path, index), findings);
}

/** Says what is wrong with something that should have been a position. */
export function reportPosition(position: unknown, at: JsonPath, findings: Findings): void {
  const [lon, lat] = Array.isArray(position) ? (position as readonly unknown[]) : [];
  findings.add({
    rule: "position",
    at,
    got: show(position),
    expected: "[longitude from -180 to 180, latitude from -90 to 90] and, if need be, an altitude",
    advice:
      !isPositionTuple([lon, lat]) && isPositionTuple([lat, lon])
        ? "write the longitude first; if this is latitude and longitude, swap them in the whole file"
        : "write two finite numbers of degrees",
  });
}
