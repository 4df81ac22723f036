import type { Random } from "../../src/core/random.ts";
import { formatIso, parseIsoMs } from "../../src/core/time.ts";
import { groundAt } from "../route/ground.ts";
import type { Point } from "../route/ground.ts";
import { boxAround } from "../zones/shapes.ts";
import { intoChinese } from "../zones/chinese-datum.ts";
import { generateTimes } from "../zones/generate-times.ts";
import { often, pick, within } from "./draw.ts";
import type { Way } from "./random-way.ts";

type Datum = "wgs84" | "gcj02" | "bd09";
type LonLat = readonly [lonDeg: number, latDeg: number];

/** A zone file as a fleet's admin might write it, its zones along the way: any geometry, any hours, in China any datum. */
export function randomZoneFile(
  random: Random,
  { origin, startsAt, places }: Way,
  ids: readonly string[],
): string {
  const place = { latDeg: 0, lonDeg: 0, ...origin };
  const isInChina = Math.abs(place.latDeg - 31) < 1 && Math.abs(place.lonDeg - 121) < 1;
  const datum: Datum = isInChina ? pick(random, ["gcj02", "gcj02", "bd09", "wgs84"] as const) : "wgs84";
  const ground = groundAt(place);
  const inDatum = (point: Point): LonLat => {
    const { lonDeg, latDeg } = ground.positionOf(point);
    return datum === "wgs84" ? [lonDeg, latDeg] : intoChinese(datum, [lonDeg, latDeg]);
  };
  const startMs = parseIsoMs(startsAt ?? "");
  const features = ids.map((id) => {
    const near = pick(random, places);
    const at = { x: near.eastM + within(random, -120, 120), y: near.northM + within(random, -120, 120) };
    return { type: "Feature", properties: { id, ...rules(random, startMs) }, ...drawn(random, at, inDatum) };
  });
  const camfence = {
    version: 1,
    datum,
    issued: ISSUED,
    expires: "2036-01-01T00:00:00Z",
    issuer: "simulator",
  };
  const around = often(random, 0.3) ? [coverage(random, inDatum({ x: 0, y: 0 }))] : [];
  const all = [...features.map(withRadius), ...around];
  return JSON.stringify({ type: "FeatureCollection", camfence, features: all }, null, 1);
}

const ISSUED = "2026-01-02T00:00:00Z";

function rules(random: Random, startMs: number) {
  const category = pick(random, ["military", "defence-industry", "government", "housing-compound", "other"]);
  const hours = often(random, 0.4) ? hoursOf(random, startMs) : {};
  return {
    category,
    ...(often(random, 0.3) ? { action: "blur" } : {}),
    ...(often(random, 0.5) ? { standoffM: Math.round(60 * random()) } : {}),
    ...(often(random, 0.5) ? { viewM: often(random, 0.5) ? 0 : Math.round(200 * random()) } : {}),
    ...(often(random, 0.15) ? { cameras: [pick(random, ["front", "rear"])] } : {}),
    ...hours,
  };
}

function hoursOf(random: Random, startMs: number): object {
  const { validFromMs, validUntilMs, schedule } = generateTimes(startMs, random);
  const windows = schedule?.windows.map(({ days, from, to }) => ({ ...(days && { days }), from, to }));
  return {
    ...(validFromMs === -Infinity ? {} : { validFrom: formatIso(validFromMs) }),
    ...(validUntilMs === Infinity ? {} : { validUntil: formatIso(validUntilMs) }),
    ...(schedule && { schedule: { timeZone: schedule.timeZone, windows } }),
  };
}

function drawn(
  random: Random,
  at: Point,
  inDatum: (point: Point) => LonLat,
): { geometry: object; radiusM?: number } {
  const turned = 360 * random();
  const ring = (centre: Point, eastM: number, northM: number): readonly LonLat[] => {
    const corners = boxAround(centre, eastM, northM, turned).map(inDatum);
    return corners[0] === undefined ? [] : [...corners, corners[0]];
  };
  switch (Math.floor(4 * random())) {
    case 0:
      return { geometry: { type: "Point", coordinates: inDatum(at) }, radiusM: within(random, 5, 120) };
    case 1: {
      const sizeM = within(random, 60, 300);
      const rings = [ring(at, sizeM, sizeM), [...ring(at, sizeM / 2, sizeM / 2)].toReversed()];
      return { geometry: { type: "Polygon", coordinates: rings } };
    }
    case 2: {
      const parts = [0, 1].map((i) => [ring({ x: at.x + 90 * i, y: at.y + 10 * i }, 40, 30)]);
      return { geometry: { type: "MultiPolygon", coordinates: parts } };
    }
    default:
      return {
        geometry: { type: "Polygon", coordinates: [ring(at, within(random, 5, 400), within(random, 5, 80))] },
      };
  }
}

/** A circle's radius is a property. */
function withRadius({
  radiusM,
  ...feature
}: {
  readonly properties: object;
  readonly radiusM?: number;
}): object {
  const { properties } = feature;
  return { ...feature, properties: radiusM === undefined ? properties : { ...properties, radiusM } };
}

/** Now and then so small that the drive leaves it. */
function coverage(random: Random, centre: LonLat): object {
  const radiusM = often(random, 0.5) ? within(random, 400, 1500) : 50_000;
  const properties = { id: "drawn-coverage", kind: "coverage", radiusM };
  return { type: "Feature", properties, geometry: { type: "Point", coordinates: centre } };
}
