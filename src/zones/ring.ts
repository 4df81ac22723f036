import type { Findings } from "./check/findings.ts";
import { under, type JsonPath } from "./check/mistake.ts";
import { position } from "./check/rules/position.ts";
import { ringOpen } from "./check/rules/ring-open.ts";
import { ringRoundPole } from "./check/rules/ring-round-pole.ts";
import { ringShort } from "./check/rules/ring-short.ts";
import { structure } from "./check/rules/structure.ts";
import { isOnEarth, isPositionTuple } from "./position-tuple.ts";
import { unwrap } from "./unwrap.ts";
import type { Ring } from "./zone.ts";

/**
 * Reads one linear ring, a list of positions or one that is packed already (`parsePacked`): every position checked, closed,
 * and then unwrapped. Null when there was a mistake.
 */
export function readRing(value: unknown, path: JsonPath, findings: Findings): Ring | null {
  const ring = value instanceof Float64Array ? value : packed(value, path, findings);
  if (!ring || !isRingOnEarth(ring, path, findings)) return null;
  for (const rule of [ringShort, ringOpen]) if (!findings.passes(rule, rule.check(ring), path)) return null;
  const unwrapped = unwrap(ring);
  return findings.passes(ringRoundPole, ringRoundPole.check(unwrapped), path) ? unwrapped : null;
}

function packed(value: unknown, path: JsonPath, findings: Findings): Ring | null {
  if (!findings.passes(structure, structure.check(value, "ring"), path) || !Array.isArray(value)) return null;
  if (value.every(isPositionTuple)) return Float64Array.from(value.flatMap(([lon, lat]) => [lon, lat]));
  for (const [index, each] of value.entries())
    findings.passes(position, position.check(each), under(path, index));
  return null;
}

function isRingOnEarth(ring: Ring, path: JsonPath, findings: Findings): boolean {
  let good = true;
  for (let at = 0; at < ring.length; at += 2) {
    const lonDeg = ring[at] ?? Number.NaN;
    const latDeg = ring[at + 1] ?? Number.NaN;
    if (isOnEarth(lonDeg, latDeg)) continue;
    good = false;
    findings.passes(position, position.check([lonDeg, latDeg]), under(path, at / 2));
  }
  return good;
}
