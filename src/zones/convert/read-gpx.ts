import { gpx } from "@tmcw/togeojson";
import type { Document, Element } from "@xmldom/xmldom";
import { isJsonObject, type JsonObject } from "../check/json-object.ts";
import { show } from "../check/show.ts";
import type { Draft, DraftGeometry, Reader, Report } from "./draft.ts";
import { geometryTypeOf } from "./geojson-geometry.ts";
import { keyOf, labelOf } from "./naming.ts";
import { elementsOf, lineOf, parseXml } from "./xml.ts";
import { sourceIncomplete } from "./rules/source-incomplete.ts";

/**
 * GPX has no areas: a track or a route that comes back to its beginning is the outline of one, each segment its own. A
 * waypoint is a place, and needs a radius from a rule.
 */
export const readGpx: Reader = async ({ name, bytes }, report) => {
  const document = parseXml(bytes, report);
  if (document === null) return { drafts: [], wgs84By: "GPX" };
  // togeojson's order.
  const elements = ["trk", "rte", "wpt"].flatMap((tag) => elementsOf(document, tag));
  const wrong = POINTS.flatMap((tag) => elementsOf(document, tag)).filter((point) => !isPlaced(point));
  for (const point of wrong) reportPoint(point, report);
  if (wrong.length > 0) return { drafts: [], wgs84By: "GPX" };
  const features: readonly unknown[] = readable(document, elements, report);
  const drafts = features.map((feature, index) => draftOf(name, elements[index], feature, index));
  return { drafts, wgs84By: "GPX" };
};

const POINTS = ["trkpt", "rtept", "wpt"];

/** The library reads the number that an attribute begins with: 48 of `48,1`. */
const isPlaced = (point: Element) =>
  ["lat", "lon"].every((name) => DECIMAL.test((point.getAttribute(name) ?? "").trim()));

const DECIMAL = /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$/;

function reportPoint(point: Element, report: Report): void {
  const [lat, lon] = [point.getAttribute("lat"), point.getAttribute("lon")];
  report({
    rule: sourceIncomplete,
    line: lineOf(point),
    path: point.localName ?? "",
    got: `a point with lat ${show(lat ?? undefined)} and lon ${show(lon ?? undefined)}`,
    expected: "decimal degrees",
    advice: "mend it with a decimal point, or delete it",
  });
}

/** The library leaves out what it cannot read; here that would be a hole in the fence. */
function readable(document: Document, elements: readonly Element[], report: Report): readonly unknown[] {
  const features: readonly unknown[] = gpx(document).features;
  const written = POINTS.reduce((sum, tag) => sum + elementsOf(document, tag).length, 0);
  const read = features.reduce<number>((sum, feature) => sum + positionsOf(feature), 0);
  if (features.length === elements.length && read === written) return features;
  const empty = elements.find(
    (element) => elementsOf(element, "trkpt").length < 2 && element.localName === "trk",
  );
  report({
    rule: sourceIncomplete,
    line: empty ? lineOf(empty) : 1,
    path: empty ? "track" : "",
    got: `${written} points in ${elements.length} tracks, routes and waypoints, of which ${read} points in ${features.length} can be read`,
    expected: "that every point has lat and lon in degrees, and every segment two of them",
    advice: "mend or delete the broken ones",
  });
  return [];
}

function positionsOf(feature: unknown): number {
  const geometry = isJsonObject(feature) ? feature["geometry"] : null;
  const coordinates = isJsonObject(geometry) ? geometry["coordinates"] : null;
  if (!Array.isArray(coordinates)) return 0;
  const type = geometryTypeOf(geometry);
  if (type === "Point") return 1;
  return type === "LineString"
    ? coordinates.length
    : coordinates.reduce<number>((sum, line) => sum + (Array.isArray(line) ? line.length : 0), 0);
}

const NOUNS: Readonly<Record<string, string>> = { trk: "track", rte: "route", wpt: "waypoint" };

function draftOf(file: string, element: Element | undefined, feature: unknown, index: number): Draft {
  const object = isJsonObject(feature) ? feature : {};
  const properties: JsonObject = isJsonObject(object["properties"]) ? object["properties"] : {};
  const geometry = object["geometry"];
  return {
    file,
    label: labelOf(NOUNS[element?.localName ?? ""] ?? "feature", index, properties),
    line: element ? lineOf(element) : 1,
    type: geometryTypeOf(geometry),
    geometry: isJsonObject(geometry) ? ringsOf(geometry) : null,
    key: keyOf(undefined, {}),
    properties,
    preset: {},
  };
}

/** A line as the outline of an area; whether it is closed is for the checks to say. */
function ringsOf({ type, coordinates }: JsonObject): DraftGeometry | null {
  if (type === "Point") return { type, coordinates };
  if (type === "LineString") return { type: "Polygon", coordinates: [coordinates] };
  if (type === "MultiLineString" && Array.isArray(coordinates))
    return { type: "MultiPolygon", coordinates: coordinates.map((line: unknown) => [line]) };
  return null;
}
