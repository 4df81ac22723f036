import type { Findings } from "./check/findings.ts";
import { under, type JsonPath } from "./check/mistake.ts";
import { show } from "./check/show.ts";
import { isOnEarth, isPositionTuple, reportPosition } from "./position-tuple.ts";
import { unwrap } from "./unwrap.ts";
import type { Ring } from "./zone.ts";

/**
 * Reads one linear ring, a list of positions or one that is packed already (`parsePacked`): every position checked, closed,
 * and then unwrapped. Null when there was a mistake.
 */
export function readRing(value: unknown, path: JsonPath, findings: Findings): Ring | null {
  const ring = value instanceof Float64Array ? value : packed(value, path, findings);
  if (!ring || !isRingOnEarth(ring, path, findings) || !isClosed(ring, path, findings)) return null;
  const unwrapped = unwrap(ring);
  if (unwrapped[0] === unwrapped.at(-2)) return unwrapped;
  findings.add({
    rule: "ring-round-pole",
    at: path,
    got: "a ring that goes once around the earth",
    expected: "a ring that comes back to its first longitude",
    advice:
      "split an area over a pole at the antimeridian; there, use either 180 or -180 in one ring, not both",
  });
  return null;
}

function packed(value: unknown, path: JsonPath, findings: Findings): Ring | null {
  if (!Array.isArray(value)) {
    const expected = "a ring: a list of positions";
    findings.add({ rule: "structure", at: path, got: show(value), expected, advice: "mend the brackets" });
    return null;
  }
  if (value.every(isPositionTuple)) return Float64Array.from(value.flatMap(([lon, lat]) => [lon, lat]));
  for (const [index, position] of value.entries())
    if (!isPositionTuple(position)) reportPosition(position, under(path, index), findings);
  return null;
}

function isRingOnEarth(ring: Ring, path: JsonPath, findings: Findings): boolean {
  let good = true;
  for (let at = 0; at < ring.length; at += 2) {
    const lonDeg = ring[at] ?? Number.NaN;
    const latDeg = ring[at + 1] ?? Number.NaN;
    if (isOnEarth(lonDeg, latDeg)) continue;
    reportPosition([lonDeg, latDeg], under(path, at / 2), findings);
    good = false;
  }
  return good;
}

function isClosed(ring: Ring, path: JsonPath, findings: Findings): boolean {
  const count = ring.length / 2;
  if (count < 4) {
    const got = `${count} positions`;
    const advice = "a triangle has 4, the first one repeated at the end; a circle is a Point with radiusM";
    findings.add({ rule: "ring-short", at: path, got, expected: "at least 4", advice });
    return false;
  }
  if (ring[0] === ring.at(-2) && ring[1] === ring.at(-1)) return true;
  findings.add({
    rule: "ring-open",
    at: under(path, count - 1),
    got: `a ring that ends at ${show([...ring.subarray(-2)])}`,
    expected: `that it ends where it begins, at ${show([...ring.subarray(0, 2)])}`,
    advice: "repeat its first position at its end",
  });
  return false;
}
