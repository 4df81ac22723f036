declare module "osmtogeojson" {
  /** A GeoJSON FeatureCollection of Overpass JSON or of the document of an OSM XML file. */
  function osmtogeojson(data: unknown): { readonly features: readonly unknown[] };
  export = osmtogeojson;
}
