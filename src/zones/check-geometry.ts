import { checkPolygon, type Flaw } from "./check-polygon.ts";
import { checkNames, isJsonObject, type JsonObject } from "./check-properties.ts";
import { flawText } from "./flaw-text.ts";
import type { Findings } from "./findings.ts";
import { under, type JsonPath } from "./mistake.ts";
import { show } from "./show.ts";
import { isPositionTuple, reportPosition } from "./position-tuple.ts";
import { readRing } from "./ring.ts";
import type { Ring, Shape } from "./zone.ts";

/**
 * Reads the geometry of a feature: its shapes in the coordinates of the file, or null when there was a mistake.
 * Parts of a MultiPolygon may overlap: vector tiles cut sites into such pieces, and the shapes are joined anyway.
 */
export function checkGeometry(
  feature: JsonObject,
  radiusM: number | undefined,
  path: JsonPath,
  findings: Findings,
): readonly Shape[] | null {
  const geometry = feature["geometry"];
  const at = under(path, "geometry");
  if (!isJsonObject(geometry)) return reportGeometry(geometry, at, findings);
  checkNames(geometry, GEOMETRY_NAMES, at, findings);
  const coordinates = geometry["coordinates"];
  const inside = under(at, "coordinates");
  switch (geometry["type"]) {
    case "Polygon":
      return radiusFits(radiusM, false, path, findings)
        ? joined([readPolygon(coordinates, inside, findings)])
        : null;
    case "MultiPolygon":
      return radiusFits(radiusM, false, path, findings)
        ? readMultiPolygon(coordinates, inside, findings)
        : null;
    case "Point":
      return radiusFits(radiusM, true, path, findings)
        ? readCircle(coordinates, radiusM ?? 0, inside, findings)
        : null;
    default:
      return reportGeometry(geometry["type"], under(at, "type"), findings);
  }
}

const GEOMETRY_NAMES = new Set(["type", "coordinates", "bbox"]);

function reportGeometry(got: unknown, at: JsonPath, findings: Findings): null {
  const expected = "a Polygon, a MultiPolygon, or a Point with properties.radiusM";
  const advice = got === "GeometryCollection" ? "make each geometry a feature" : "draw the area as a polygon";
  findings.add({ rule: "geometry-type", at, got: show(got), expected, advice });
  return null;
}

function radiusFits(
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

function readCircle(
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

function readMultiPolygon(value: unknown, at: JsonPath, findings: Findings): readonly Shape[] | null {
  if (isFilledList(value))
    return joined(value.map((part, index) => readPolygon(part, under(at, index), findings)));
  const expected = "a list of polygons, with at least one";
  findings.add({
    rule: "structure",
    at,
    got: show(value),
    expected,
    advice: "draw the area, or delete the feature",
  });
  return null;
}

function joined(shapes: readonly (Shape | null)[]): readonly Shape[] | null {
  const read = shapes.filter((shape) => shape !== null);
  return read.length === shapes.length ? read : null;
}

function readPolygon(value: unknown, at: JsonPath, findings: Findings): Shape | null {
  if (!isFilledList(value)) {
    const expected = "a list of rings, with at least one";
    findings.add({
      rule: "structure",
      at,
      got: show(value),
      expected,
      advice: "draw the area, or delete the feature",
    });
    return null;
  }
  const read: Ring[] = [];
  for (let index = 0; index < value.length; index++) {
    const ring = readRing(value[index], under(at, index), findings);
    if (ring) read.push(ring);
  }
  if (read.length < value.length) return null;
  const rings = besideShell(read);
  const flaws = checkPolygon(rings);
  for (const flaw of flaws) reportFlaw(flaw, rings, value, at, findings);
  return flaws.length === 0 ? { kind: "polygon", rings } : null;
}

const isFilledList = (value: unknown): value is readonly unknown[] =>
  Array.isArray(value) && value.length > 0;

/** Over the antimeridian, a hole may be written one turn away from its shell. */
function besideShell(rings: readonly Ring[]): readonly Ring[] {
  const [shell, ...holes] = rings;
  if (!shell || holes.length === 0) return rings;
  const centre = middleOf(shell);
  return [shell, ...holes.map((hole) => turned(hole, 360 * Math.round((centre - middleOf(hole)) / 360)))];
}

function middleOf(ring: Ring): number {
  let [west, east] = [Infinity, -Infinity];
  for (let at = 0; at < ring.length; at += 2) {
    west = Math.min(west, ring[at] ?? 0);
    east = Math.max(east, ring[at] ?? 0);
  }
  return (west + east) / 2;
}

const turned = (ring: Ring, byDeg: number) =>
  byDeg === 0 ? ring : ring.map((value, index) => (index % 2 === 0 ? value + byDeg : value));

function reportFlaw(
  { rule, ring, vertex }: Flaw,
  rings: readonly Ring[],
  value: readonly unknown[],
  at: JsonPath,
  findings: Findings,
): void {
  const [lonDeg, latDeg] = [rings[ring]?.[2 * vertex] ?? 0, rings[ring]?.[2 * vertex + 1] ?? 0];
  const index = indexInFile(value[ring], lonDeg, latDeg);
  const place = index < 0 ? under(at, ring) : under(at, ring, index);
  findings.add({ rule, at: place, ...flawText(rule, lonDeg, latDeg) });
}

/** Where the file has a vertex: repetitions were left out and longitudes turned since it was read. */
function indexInFile(ring: unknown, lonDeg: number, latDeg: number): number {
  const isIt = (lon: unknown, lat: unknown) =>
    lat === latDeg && Number.isInteger((Number(lon) - lonDeg) / 360);
  if (ring instanceof Float64Array)
    return ring.findIndex((lon, at) => at % 2 === 0 && isIt(lon, ring[at + 1])) / 2;
  return Array.isArray(ring) ? ring.findIndex((each) => isPositionTuple(each) && isIt(each[0], each[1])) : -1;
}
