import { besideShell } from "./beside-shell.ts";
import { checkCircle, radiusFits } from "./check-circle.ts";
import { checkPolygon } from "./check-polygon.ts";
import { checkNames, isJsonObject, type JsonObject } from "./check-properties.ts";
import type { Findings } from "./findings.ts";
import { under, type JsonPath } from "./mistake.ts";
import { show } from "./show.ts";
import { reportFlaw } from "./report-flaw.ts";
import { readRing } from "../ring.ts";
import type { Ring, Shape } from "../zone.ts";

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
        ? checkCircle(coordinates, radiusM ?? 0, inside, findings)
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
