import { isJsonObject } from "../check/json-object.ts";
import { decodeText } from "../read/decode-text.ts";
import type { Reader } from "./draft.ts";
import { readCsv } from "./read-csv.ts";
import { readEd269, zonesIn } from "./read-ed269.ts";
import { readEd318 } from "./read-ed318.ts";
import { readGeojson } from "./read-geojson.ts";
import { readGpx } from "./read-gpx.ts";
import { readKml, readKmz } from "./read-kml.ts";
import { readOsmXml, readOverpass } from "./read-osm.ts";
import { readShapefile, readZippedShapefile } from "./read-shapefile.ts";

/** The formats that can be read, by the name that `--from` takes. */
export const READERS = {
  geojson: readGeojson,
  kml: readKml,
  kmz: readKmz,
  gpx: readGpx,
  shapefile: readShapefile,
  "shapefile-zip": readZippedShapefile,
  ed269: readEd269,
  ed318: readEd318,
  osm: readOsmXml,
  overpass: readOverpass,
  csv: readCsv,
} as const satisfies Record<string, Reader>;
export type Format = keyof typeof READERS;

export const isFormat = (name: string): name is Format => Object.hasOwn(READERS, name);

const BY_ENDING: ReadonlyMap<string, Format> = new Map([
  ["kml", "kml"],
  ["kmz", "kmz"],
  ["gpx", "gpx"],
  ["shp", "shapefile"],
  ["zip", "shapefile-zip"],
  ["osm", "osm"],
  ["csv", "csv"],
]);

/** The format of a file, by its ending and, where several share it, by what is in it; null where it may be any. */
export function formatOf(name: string, bytes: Buffer): Format | null {
  const ending = /\.([^.]+)$/.exec(name.toLowerCase())?.[1] ?? "";
  const known = BY_ENDING.get(ending);
  if (known !== undefined) return known;
  if (ending === "json" || ending === "geojson") return jsonFormatOf(bytes);
  if (ending !== "xml") return null;
  const root = /<(?!\?|!)(?:\w+:)?(\w+)/.exec(bytes.toString("latin1", 0, 4096))?.[1] ?? "";
  return root === "osm" || root === "kml" || root === "gpx" ? root : null;
}

function jsonFormatOf(bytes: Buffer): Format {
  const value = parseQuietly(bytes);
  if (!isJsonObject(value)) return "geojson";
  if (Array.isArray(value["elements"])) return "overpass";
  const [first] = zonesIn(value).zones;
  if (isJsonObject(first) && "identifier" in first) return "ed269";
  const feature = value["type"] === "Feature" ? value : first;
  const properties = isJsonObject(feature) ? feature["properties"] : null;
  return isJsonObject(properties) && "identifier" in properties && "variant" in properties
    ? "ed318"
    : "geojson";
}

/** Whether a file leaves its datum open; one that is no GeoJSON at all is refused for that. */
export function leavesDatumOpen(format: Format, bytes: Buffer): boolean {
  if (format === "csv") return true;
  if (format !== "geojson") return false;
  const value = parseQuietly(bytes);
  return isJsonObject(value) && typeof value["type"] === "string";
}

/** undefined for what is no JSON: the reader says why. */
function parseQuietly(bytes: Buffer): unknown {
  try {
    return JSON.parse(decodeText(bytes) ?? "");
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
