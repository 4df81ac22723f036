import { wrapDeg } from "../../src/core/plane.ts";
import { formatIso } from "../../src/core/time.ts";
import type { TrueRing, TrueShape, ZoneSetTruth } from "../drive.ts";

/** The text of the zone file that tells a guard of these zones. */
export function zoneFileText({ zones, coverage, issuedMs, expiresMs }: ZoneSetTruth): string {
  const camfence = {
    version: 1,
    datum: "wgs84",
    issued: formatIso(issuedMs),
    expires: formatIso(expiresMs),
    issuer: "simulator",
  };
  const features = zones.map(({ id, category, action, standoffM, viewM, cameras, shapes }) => {
    const properties = { id, category, action, standoffM, viewM, ...(cameras === null ? {} : { cameras }) };
    return featureOf(properties, shapes);
  });
  if (coverage !== null) features.push(featureOf({ id: "coverage", kind: "coverage" }, [coverage]));
  return JSON.stringify({ type: "FeatureCollection", camfence, features });
}

function featureOf(properties: object, shapes: readonly TrueShape[]): object {
  const [first] = shapes;
  if (first?.kind === "circle" && shapes.length === 1) {
    const { lonDeg, latDeg, radiusM } = first;
    const geometry = { type: "Point", coordinates: [lonDeg, latDeg] };
    return { type: "Feature", properties: { ...properties, radiusM }, geometry };
  }
  const polygons = shapes.map((shape) => {
    if (shape.kind === "circle") throw new RangeError("a circle must be a zone's only shape");
    return shape.rings.map(closed);
  });
  const geometry =
    polygons.length === 1
      ? { type: "Polygon", coordinates: polygons[0] }
      : { type: "MultiPolygon", coordinates: polygons };
  return { type: "Feature", properties, geometry };
}

function closed(ring: TrueRing): readonly (readonly [number, number])[] {
  const onEarth = ring.map(([lonDeg, latDeg]) => [wrapDeg(lonDeg), latDeg] as const);
  return onEarth[0] === undefined ? [] : [...onEarth, onEarth[0]];
}
