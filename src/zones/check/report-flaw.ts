import type { Flaw } from "./check-polygon.ts";
import type { Findings } from "./findings.ts";
import { under, type JsonPath } from "./mistake.ts";
import { isPositionTuple } from "../position-tuple.ts";
import type { Ring } from "../zone.ts";

/** Reports a flaw of a polygon at the vertex where the file has it. */
export function reportFlaw(
  { rule, ring, vertex }: Flaw,
  rings: readonly Ring[],
  value: readonly unknown[],
  at: JsonPath,
  findings: Findings,
): void {
  const [lonDeg, latDeg] = [rings[ring]?.[2 * vertex] ?? 0, rings[ring]?.[2 * vertex + 1] ?? 0];
  const index = indexInFile(value[ring], lonDeg, latDeg);
  findings.add({
    rule,
    at: index < 0 ? under(at, ring) : under(at, ring, index),
    got: `${rule.got} near ${rounded(lonDeg)},${rounded(latDeg)}`,
    expected: rule.expected,
  });
}

const rounded = (deg: number) => Number(deg.toFixed(6));

/** Where the file has a vertex: repetitions were left out and longitudes turned since it was read. */
function indexInFile(ring: unknown, lonDeg: number, latDeg: number): number {
  const isIt = (lon: unknown, lat: unknown) =>
    lat === latDeg && Number.isInteger((Number(lon) - lonDeg) / 360);
  if (ring instanceof Float64Array)
    return ring.findIndex((lon, at) => at % 2 === 0 && isIt(lon, ring[at + 1])) / 2;
  return Array.isArray(ring) ? ring.findIndex((each) => isPositionTuple(each) && isIt(each[0], each[1])) : -1;
}
