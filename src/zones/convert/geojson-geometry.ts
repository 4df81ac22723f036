import { isJsonObject } from "../check/json-object.ts";
import type { DraftGeometry } from "./draft.ts";

/** What a GeoJSON geometry is as an area, or why it is none. */
export type AreaGeometry =
  { readonly geometry: DraftGeometry } | { readonly geometry: null; readonly why: string };

/**
 * The area of a GeoJSON geometry of any tool. A GeometryCollection of polygons is their union; one that holds anything
 * else besides is refused as a whole, since a part of it would be lost.
 */
export function areaGeometry(value: unknown, depth = 0): AreaGeometry {
  if (!isJsonObject(value)) return none("no geometry");
  switch (value["type"]) {
    case "Polygon":
    case "MultiPolygon":
      return { geometry: { type: value["type"], coordinates: value["coordinates"] } };
    case "Point":
      return { geometry: { type: "Point", coordinates: value["coordinates"] } };
    case "GeometryCollection":
      return depth > MAX_DEPTH ? none("collections within collections") : joined(value["geometries"], depth);
    default:
      return none(`a ${geometryTypeOf(value)}, which is no area`);
  }
}

const MAX_DEPTH = 8;

const none = (why: string): AreaGeometry => ({ geometry: null, why });

function joined(geometries: unknown, depth: number): AreaGeometry {
  if (!Array.isArray(geometries) || geometries.length === 0) return none("an empty GeometryCollection");
  const parts: unknown[] = [];
  for (const each of geometries) {
    const { geometry, ...rest } = areaGeometry(each, depth + 1);
    if (geometry === null)
      return { geometry, why: `a collection with ${"why" in rest ? rest.why : "no geometry"}` };
    if (geometry.type === "Point") {
      if (geometries.length === 1) return { geometry };
      return none("a GeometryCollection with a Point");
    }
    if (geometry.type === "Polygon") parts.push(geometry.coordinates);
    else if (Array.isArray(geometry.coordinates)) parts.push(...geometry.coordinates);
    else return none("a MultiPolygon without coordinates");
  }
  return { geometry: { type: "MultiPolygon", coordinates: parts } };
}

/** The name of a geometry's type, for rules. */
export const geometryTypeOf = (value: unknown): string =>
  isJsonObject(value) && typeof value["type"] === "string" ? value["type"] : "none";
