import { isJsonObject, type JsonObject } from "../check/json-object.ts";
import { pathText, under, type Step } from "../check/mistake.ts";
import { show } from "../check/show.ts";
import type { Draft, Reader, Report } from "./draft.ts";
import { areaGeometry, geometryTypeOf } from "./geojson-geometry.ts";
import { keyOf, labelOf } from "./naming.ts";
import { readJsonSource, type JsonSource } from "./report-json.ts";
import { sourceCrs } from "./rules/source-crs.ts";
import { sourceFormat } from "./rules/source-format.ts";

/** GeoJSON of any tool: a FeatureCollection, a Feature or a bare geometry. */
export const readGeojson: Reader = async ({ name, bytes }, report) => {
  const source = readJsonSource(name, bytes);
  for (const mistake of source.mistakes()) report(mistake);
  if (source.value === undefined) return { drafts: [], wgs84By: null };
  checkCrs(source.value, [], source, report);
  const features = featuresOf(source.value);
  if (features === null) {
    const got = isJsonObject(source.value) ? `type ${show(source.value["type"])}` : show(source.value);
    report({ ...NO_FEATURES, got });
    return { drafts: [], wgs84By: null };
  }
  const isList = isJsonObject(source.value) && source.value["type"] === "FeatureCollection";
  const lines = source.linesOf(features.map((_, index) => (isList ? ["features", index] : [])));
  const drafts = features.map((feature, index) => draftOf(name, feature, index, lines[index] ?? 1, report));
  return { drafts: drafts.filter((draft) => draft !== null), wgs84By: null };
};

const NO_FEATURES = {
  rule: sourceFormat,
  line: 1,
  path: "",
  expected: "a FeatureCollection, a Feature or a geometry (RFC 7946)",
  advice: "name the format with --from, or export it as GeoJSON",
} as const;

const GEOMETRIES = new Set([
  "Point",
  "MultiPoint",
  "LineString",
  "MultiLineString",
  "Polygon",
  "MultiPolygon",
  "GeometryCollection",
]);

function featuresOf(value: unknown): readonly unknown[] | null {
  if (!isJsonObject(value)) return null;
  if (value["type"] === "FeatureCollection")
    return Array.isArray(value["features"]) ? value["features"] : null;
  if (value["type"] === "Feature") return [value];
  return GEOMETRIES.has(String(value["type"]))
    ? [{ type: "Feature", properties: {}, geometry: value }]
    : null;
}

function draftOf(file: string, feature: unknown, index: number, line: number, report: Report): Draft | null {
  if (!isJsonObject(feature) || feature["type"] !== "Feature") {
    const path = `feature ${index + 1}`;
    report({ ...NO_FEATURES, line, path, got: show(feature), expected: 'type "Feature"', advice: "mend it" });
    return null;
  }
  const properties: JsonObject = isJsonObject(feature["properties"]) ? feature["properties"] : {};
  const label = labelOf("feature", index, properties);
  const area = areaGeometry(feature["geometry"]);
  const type = geometryTypeOf(feature["geometry"]);
  const key = keyOf(feature["id"], properties);
  const common = { file, label, line, type, key, properties, preset: {} };
  return area.geometry === null
    ? { ...common, geometry: null, why: area.why }
    : { ...common, geometry: area.geometry };
}

/** The names under which tools write longitude and latitude in degrees, to within a metre or two of WGS 84. */
const DEGREES = /(CRS:?84|EPSG:(.*:)?(4326|4979|4258|4490))$/i;

/** GeoJSON has had no `crs` since 2016; before, the file, a feature or a geometry could name another system. */
function checkCrs(value: unknown, at: readonly Step[], source: JsonSource, report: Report): void {
  if (Array.isArray(value))
    for (const [index, each] of value.entries()) checkCrs(each, [...at, index], source, report);
  if (!isJsonObject(value)) return;
  for (const name of ["features", "geometry", "geometries"])
    if (at.length < MAX_DEPTH) checkCrs(value[name], [...at, name], source, report);
  if (value["crs"] !== undefined && value["crs"] !== null) reportCrs(value["crs"], at, source, report);
}

/** features, a feature, its geometry, geometries and one of them, and some more within that */
const MAX_DEPTH = 12;

function reportCrs(crs: unknown, at: readonly Step[], source: JsonSource, report: Report): void {
  const properties = isJsonObject(crs) ? crs["properties"] : null;
  const name = isJsonObject(properties) ? properties["name"] : null;
  if (typeof name === "string" && DEGREES.test(name)) return;
  const path = [...at, "crs"];
  report({
    rule: sourceCrs,
    line: source.linesOf([path])[0] ?? 1,
    path: pathText(under(null, ...path)),
    got: `coordinates in ${show(name ?? crs)}`,
    expected: "longitude and latitude in degrees (EPSG:4326)",
    advice: "reproject it: ogr2ogr -t_srs EPSG:4326 degrees.geojson FILE",
  });
}
