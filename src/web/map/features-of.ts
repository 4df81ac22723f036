import type { ZoneFile } from "../../zones/check/check-zone-file.ts";
import type { JsonObject } from "../../zones/check/json-object.ts";
import { isJsonObject } from "../../zones/check/json-object.ts";
import { decodeText } from "../../zones/read/decode-text.ts";
import { isPositionTuple } from "../../zones/position-tuple.ts";
import type { AreaInFile } from "./area-on-map.ts";
import type { BrokenFeature } from "./map-state.ts";
import type { SourceFile } from "./read-zones.ts";

export interface FeaturesFound {
  readonly areas: readonly AreaInFile[];
  readonly broken: readonly BrokenFeature[];
}

/** Tells of each feature of a file which area it became; those that became none are broken. */
export function featuresOf({ bytes }: SourceFile, file: number, zoneFile: ZoneFile | null): FeaturesFound {
  const areas: AreaInFile[] = [];
  const broken: BrokenFeature[] = [];
  const made = zoneFile?.areas ?? [];
  for (const [feature, value] of featureList(bytes).entries()) {
    const properties = isJsonObject(value) && isJsonObject(value["properties"]) ? value["properties"] : {};
    // Areas come in the order of their features.
    const area = made[areas.length];
    if (area !== undefined && area.id === properties["id"]) areas.push({ area, file, feature, properties });
    else broken.push({ file, feature, id: textOr(properties["id"]), lines: linesOf(value) });
  }
  return { areas, broken };
}

function featureList(bytes: Buffer): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(decodeText(bytes) ?? "");
    return isJsonObject(value) && Array.isArray(value["features"]) ? value["features"] : [];
  } catch (error) {
    if (error instanceof SyntaxError) return []; // the findings say so
    throw error;
  }
}

const textOr = (value: unknown) => (typeof value === "string" ? value : null);

/** Whatever in a geometry can be drawn as it is written. */
function linesOf(feature: unknown): BrokenFeature["lines"] {
  const geometry: JsonObject =
    isJsonObject(feature) && isJsonObject(feature["geometry"]) ? feature["geometry"] : {};
  return ringsIn(geometry["coordinates"], 0);
}

const DEEPEST = 3;

function ringsIn(value: unknown, depth: number): BrokenFeature["lines"] {
  if (!Array.isArray(value) || depth > DEEPEST) return [];
  if (isPlace(value)) return [[[value[0], value[1]]]];
  const places = value.filter(isPlace).map(([lon, lat]) => [lon, lat] as const);
  return places.length > 0 ? [places] : value.flatMap((part: unknown) => ringsIn(part, depth + 1));
}

function isPlace(value: unknown): value is readonly [number, number] {
  return isPositionTuple(value);
}
