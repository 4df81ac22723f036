import { isJsonObject } from "../json-object.ts";
import type { Check } from "../rule.ts";
import { show } from "../show.ts";

const TYPES: readonly unknown[] = ["Polygon", "MultiPolygon", "Point"];

export const geometryType: Check<[geometry: unknown]> = {
  id: "geometry-type",
  severity: "error",
  asks: "A feature is a Polygon, a MultiPolygon, or a Point with a radius.",
  remedy: "draw the area as a polygon",
  check(geometry) {
    const type = isJsonObject(geometry) ? geometry["type"] : undefined;
    if (TYPES.includes(type)) return null;
    return {
      at: isJsonObject(geometry) ? ["type"] : [],
      got: show(isJsonObject(geometry) ? type : geometry),
      expected: "a Polygon, a MultiPolygon, or a Point with properties.radiusM",
      ...(type === "GeometryCollection" ? { advice: "make each geometry a feature" } : {}),
    };
  },
};
