import { wrapDeg } from "../../src/core/plane.ts";
import { formatIso } from "../../src/core/time.ts";
import type { TrueRing, TrueShape, TrueTimes, ZoneSetTruth } from "../drive.ts";

export interface ZoneFileText {
  readonly file: string;
  readonly text: string;
}

/** The zone files that tell a guard of these zones: those that are given, and one of the simulator's own for all others. */
export function zoneFilesOf(set: ZoneSetTruth): readonly ZoneFileText[] {
  const given = new Set(set.files.flatMap(({ ids }) => ids));
  const own = set.zones.filter(({ id }) => !given.has(id));
  const files = set.files.map(({ file, text }) => ({ file, text }));
  // A set without anything is a file without anything.
  if (own.length === 0 && set.coverage === null && files.length > 0) return files;
  return [{ file: "simulated.geojson", text: ownText({ ...set, zones: own }) }, ...files];
}

function ownText({ zones, coverage, issuedMs, expiresMs }: ZoneSetTruth): string {
  const camfence = {
    version: 1,
    datum: "wgs84",
    issued: formatIso(issuedMs),
    expires: formatIso(expiresMs),
    issuer: "simulator",
  };
  const features = zones.map(({ shapes, times, cameras, ...zone }) => {
    const properties = { ...zone, ...(cameras === null ? {} : { cameras }), ...timeMembers(times) };
    return featureOf(properties, shapes);
  });
  if (coverage !== null) features.push(featureOf({ id: "coverage", kind: "coverage" }, [coverage]));
  return JSON.stringify({ type: "FeatureCollection", camfence, features });
}

function timeMembers(times: TrueTimes | null): object {
  if (times === null) return {};
  const { validFromMs, validUntilMs, schedule } = times;
  const windows = schedule?.windows.map(({ days, from, to }) => ({ ...(days && { days }), from, to }));
  return {
    ...(validFromMs === -Infinity ? {} : { validFrom: formatIso(validFromMs) }),
    ...(validUntilMs === Infinity ? {} : { validUntil: formatIso(validUntilMs) }),
    ...(schedule && { schedule: { timeZone: schedule.timeZone, windows } }),
  };
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
