import type { FeatureCollection, Geometry } from "geojson";

export const collection = <G extends Geometry>(
  features: FeatureCollection<G>["features"],
): FeatureCollection<G> => ({ type: "FeatureCollection", features });
