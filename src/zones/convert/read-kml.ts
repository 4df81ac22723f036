import { kml } from "@tmcw/togeojson";
import { unzipSync } from "fflate";
import type { Document, Element } from "@xmldom/xmldom";
import { messageOf } from "../../core/errors.ts";
import { isJsonObject, type JsonObject } from "../check/json-object.ts";
import { MAX_FILE_BYTES } from "../read/read-zone-file.ts";
import type { Draft, Reader, Report, Source, SourceFile } from "./draft.ts";
import { areaGeometry, geometryTypeOf } from "./geojson-geometry.ts";
import { keyOf, labelOf } from "./naming.ts";
import { elementsOf, lineOf, parseXml } from "./xml.ts";
import { ringOpen } from "../check/rules/ring-open.ts";
import { sourceFormat } from "./rules/source-format.ts";
import { sourceWidened } from "./rules/source-widened.ts";
import { sourceIncomplete } from "./rules/source-incomplete.ts";

export const readKml: Reader = async ({ name, bytes }, report, { fix }) =>
  readKmlBytes(name, bytes, report, fix);

/** A KMZ is a zip whose first `.kml` is the document; a second one would be areas that nobody reads. */
export const readKmz: Reader = async ({ name, bytes }: SourceFile, report, { fix }) => {
  try {
    const isDocument = (file: { readonly name: string; readonly originalSize: number }) =>
      /\.kml$/i.test(file.name) && file.originalSize <= MAX_FILE_BYTES;
    const documents = Object.values(unzipSync(bytes, { filter: isDocument }));
    const [document] = documents;
    if (document !== undefined && documents.length === 1)
      return readKmlBytes(name, Buffer.from(document), report, fix);
    reportFormat(report, `${documents.length} readable .kml files in the archive`, "one, of at most 100 MB");
  } catch (thrown) {
    reportFormat(report, messageOf(thrown), "a zip archive with a .kml file");
  }
  return NOTHING;
};

const NOTHING: Source = { drafts: [], wgs84By: "KML" };

function reportFormat(report: Report, got: string, expected: string): void {
  report({ rule: sourceFormat, line: 1, path: "", got, expected, advice: "export it as one .kml" });
}

function readKmlBytes(file: string, bytes: Buffer, report: Report, fix: boolean): Source {
  const document = parseXml(bytes, report);
  if (document === null) return NOTHING;
  const placemarks = elementsOf(document, "Placemark");
  // togeojson gives placemarks in their order, then overlays and links, each without a geometry.
  const features: readonly unknown[] = kml(document).features;
  if (placemarks.length !== document.getElementsByTagName("Placemark").length) {
    reportFormat(
      report,
      "elements with a prefix, such as kml:Placemark",
      "KML's own namespace as the default",
    );
    return NOTHING;
  }
  const drafts = placemarks.map((placemark, index) =>
    draftOf(file, placemark, features[index], index, report),
  );
  for (const time of TIMES.flatMap((name) => elementsOf(document, name))) reportTime(time, report);
  if (!fix) for (const [index, placemark] of placemarks.entries()) checkClosed(placemark, index, report);
  return { drafts: [...drafts, ...elsewhere(file, document)], wgs84By: "KML" };
}

const TIMES = ["TimeSpan", "TimeStamp"];

/** When a viewer shows a feature is not when it is to restrict: it always does. */
function reportTime(time: Element, report: Report): void {
  const [got, expected] = [`a ${time.localName}, which is ignored`, "zones that always restrict"];
  const advice = "nothing to do, or set validFrom and validUntil by a rule: it restricts at all times";
  report({ rule: sourceWidened, line: lineOf(time), path: time.localName ?? "", got, expected, advice });
}

function draftOf(file: string, placemark: Element, feature: unknown, index: number, report: Report): Draft {
  const { id, properties, geometry } = featureOf(feature);
  const label = labelOf("placemark", index, properties);
  const line = lineOf(placemark);
  const lost = lostIn(placemark, geometry);
  if (lost !== null)
    report({
      rule: sourceIncomplete,
      line,
      path: label,
      got: lost,
      expected: "polygons whose every position can be read",
      advice: "mend its coordinates: what cannot be read would be left open",
    });
  return {
    file,
    label,
    line,
    type: geometryTypeOf(geometry),
    geometry: areaGeometry(geometry).geometry,
    key: keyOf(id, properties),
    properties,
    preset: {},
  };
}

function featureOf(feature: unknown) {
  if (!isJsonObject(feature)) return { id: undefined, properties: {}, geometry: null };
  const properties: JsonObject = isJsonObject(feature["properties"]) ? feature["properties"] : {};
  return { id: feature["id"], properties, geometry: feature["geometry"] };
}

/** The library closes rings without a word; here a person asks for it. */
function checkClosed(placemark: Element, index: number, report: Report): void {
  const open = elementsOf(placemark, "LinearRing").map(positionsIn).find(isOpen);
  if (open === undefined) return;
  report({
    rule: ringOpen,
    line: lineOf(placemark),
    path: `placemark ${index + 1}`,
    got: `a ring that ends at ${open.at(-1)}`,
    expected: `that it ends where it begins, at ${open[0]}`,
    advice: "repeat its first position at its end, or convert again with --fix",
  });
}

const isOpen = (ring: readonly string[]) => ring[0] !== ring.at(-1);

/** The library leaves out what it cannot read; here that would be a hole in the fence. */
function lostIn(placemark: Element, geometry: unknown): string | null {
  for (const name of ["Model", "Track", "MultiTrack"])
    if (elementsOf(placemark, name).length > 0) return `a ${name}, which is no area`;
  const written = elementsOf(placemark, "coordinates").flatMap(positionsIn);
  const wrong = written.find((position) => !POSITION.test(position));
  if (wrong !== undefined) return `the position ${wrong}`;
  if (elementsOf(placemark, "Polygon").some((polygon) => !hasOneOutline(polygon)))
    return "a Polygon without one outerBoundaryIs, with one ring, before all else";
  const rings = elementsOf(placemark, "LinearRing").map(positionsIn);
  const inRings = rings.reduce((sum, ring) => sum + ring.length + (isOpen(ring) ? 1 : 0), 0);
  const read = countPositions(geometry);
  if (elementsOf(placemark, "Polygon").length === 0 || read === inRings) return null;
  return `${inRings} positions in rings, of which ${read} can be read`;
}

/** The library takes the first ring for the outline and the others for holes, wherever they stand. */
function hasOneOutline(polygon: Element): boolean {
  const [first] = elementsOf(polygon, "LinearRing");
  const outer = elementsOf(polygon, "outerBoundaryIs");
  const rings = outer.flatMap((each) => elementsOf(each, "LinearRing"));
  return outer.length === 1 && rings.length === 1 && rings[0] === first;
}

/** Longitude, latitude and perhaps an altitude; of a position that is none the library keeps the numbers it finds. */
const POSITION = /^(-?\d+(\.\d*)?([eE][+-]?\d+)?,){1,2}-?\d+(\.\d*)?([eE][+-]?\d+)?$/;

const positionsIn = (element: Element) =>
  (element.textContent ?? "")
    .trim()
    .split(/\s+/)
    .filter((text) => text !== "");

/** Positions in the polygons of a geometry. */
function countPositions(value: unknown): number {
  if (!isJsonObject(value)) return 0;
  const { geometries, coordinates } = value;
  if (Array.isArray(geometries))
    return geometries.reduce<number>((sum, each) => sum + countPositions(each), 0);
  return value["type"] === "Polygon" && Array.isArray(coordinates)
    ? coordinates.reduce<number>((sum, ring) => sum + (Array.isArray(ring) ? ring.length : 0), 0)
    : 0;
}

/** What stands for areas that are not in this file, or are no areas: refused, unless a rule leaves it out. */
function elsewhere(file: string, document: Document): readonly Draft[] {
  const names = ["NetworkLink", "GroundOverlay", "PhotoOverlay"];
  return names.flatMap((type) =>
    elementsOf(document, type).map((element, index): Draft => {
      const place = { file, label: `${type} ${index + 1}`, line: lineOf(element) };
      return { ...place, type, geometry: null, key: null, properties: {}, preset: {} };
    }),
  );
}
