import type { Findings } from "./findings.ts";
import { under, type JsonPath } from "./mistake.ts";
import { isPositionTuple, reportPosition } from "../position-tuple.ts";
import type { Shape } from "../zone.ts";

/** A Point needs a radius, and nothing else may have one. */
export function radiusFits(
  radiusM: number | undefined,
  isPoint: boolean,
  path: JsonPath,
  findings: Findings,
): boolean {
  if ((radiusM !== undefined) === isPoint) return true;
  findings.add({
    rule: "circle",
    at: under(path, "properties", "radiusM"),
    got: isPoint ? "a Point without radiusM" : "a polygon with radiusM",
    expected: isPoint ? "metres, from 1 to 100000" : "radiusM with a Point only",
    advice: isPoint
      ? "add radiusM, or draw the area as a polygon"
      : "use standoffM to keep a distance from a polygon",
  });
  return false;
}

/** Reads a Point with its radius. */
export function checkCircle(
  position: unknown,
  radiusM: number,
  at: JsonPath,
  findings: Findings,
): readonly Shape[] | null {
  if (!isPositionTuple(position)) {
    reportPosition(position, at, findings);
    return null;
  }
  const [lonDeg, latDeg] = position;
  if (Math.abs(latDeg) + radiusM / M_PER_DEG_LAT < 89.9) return [{ kind: "circle", lonDeg, latDeg, radiusM }];
  const [got, expected] = [`a circle at latitude ${latDeg}`, "one that stays 10 km from the poles"];
  findings.add({ rule: "circle", at, got, expected, advice: "draw the area as a polygon" });
  return null;
}

const M_PER_DEG_LAT = 110_500;
