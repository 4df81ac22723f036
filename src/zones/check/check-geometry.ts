import { besideShell } from "./beside-shell.ts";
import { checkNames } from "./check-names.ts";
import { checkPolygon } from "./check-polygon.ts";
import type { Findings } from "./findings.ts";
import { isJsonObject, type JsonObject } from "./json-object.ts";
import { under, type JsonPath } from "./mistake.ts";
import { reportFlaw } from "./report-flaw.ts";
import { circleAtPole } from "./rules/circle-at-pole.ts";
import { circle } from "./rules/circle.ts";
import { geometryType } from "./rules/geometry-type.ts";
import { position } from "./rules/position.ts";
import { structure } from "./rules/structure.ts";
import { isPositionTuple } from "../position-tuple.ts";
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
  if (isJsonObject(geometry)) checkNames(geometry, GEOMETRY_NAMES, at, findings);
  if (!findings.passes(geometryType, geometryType.check(geometry), at) || !isJsonObject(geometry))
    return null;
  const { type, coordinates } = geometry;
  if (!findings.passes(circle, circle.check(radiusM, type === "Point"), path)) return null;
  const inside = under(at, "coordinates");
  if (type === "Point") return readCircle(coordinates, radiusM ?? 0, inside, findings);
  return type === "Polygon"
    ? joined([readPolygon(coordinates, inside, findings)])
    : readMultiPolygon(coordinates, inside, findings);
}

const GEOMETRY_NAMES = ["type", "coordinates", "bbox"];

function readCircle(
  value: unknown,
  radiusM: number,
  at: JsonPath,
  findings: Findings,
): readonly Shape[] | null {
  if (!isPositionTuple(value)) {
    findings.passes(position, position.check(value), at);
    return null;
  }
  const [lonDeg, latDeg] = value;
  return findings.passes(circleAtPole, circleAtPole.check(latDeg, radiusM), at)
    ? [{ kind: "circle", lonDeg, latDeg, radiusM }]
    : null;
}

function readMultiPolygon(value: unknown, at: JsonPath, findings: Findings): readonly Shape[] | null {
  if (!findings.passes(structure, structure.check(value, "polygons"), at) || !Array.isArray(value))
    return null;
  return joined(value.map((part, index) => readPolygon(part, under(at, index), findings)));
}

function joined(shapes: readonly (Shape | null)[]): readonly Shape[] | null {
  const read = shapes.filter((shape) => shape !== null);
  return read.length === shapes.length ? read : null;
}

function readPolygon(value: unknown, at: JsonPath, findings: Findings): Shape | null {
  if (!findings.passes(structure, structure.check(value, "rings"), at) || !Array.isArray(value)) return null;
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
