import type { Area } from "../area.ts";
import { checkFeature } from "./check-feature.ts";
import { checkIds } from "./check-ids.ts";
import { checkHeader, type HeaderOptions } from "./check-header.ts";
import { checkNames, isJsonObject, type JsonObject } from "./check-properties.ts";
import type { Findings } from "./findings.ts";
import { under } from "./mistake.ts";
import { show } from "./show.ts";
import { Datum, type ZoneFileHeader } from "../zone-file.ts";

/** A checked file. */
export interface ZoneFile {
  readonly header: ZoneFileHeader;
  /** In WGS 84, in the order of the features; without those that have a mistake. */
  readonly areas: readonly Area[];
}

/** Checks everything that one file alone can get wrong; null when its header is wrong, so that nothing in it has a meaning. */
export function checkZoneFile(value: unknown, options: HeaderOptions, findings: Findings): ZoneFile | null {
  if (!isJsonObject(value) || value["type"] !== "FeatureCollection") {
    findings.add({
      rule: "structure",
      at: isJsonObject(value) ? under(null, "type") : null,
      got: show(isJsonObject(value) ? value["type"] : value),
      expected: 'a GeoJSON FeatureCollection (RFC 7946) with a member "camfence"',
      advice: "put the features into a FeatureCollection",
    });
    return null;
  }
  checkNames(value, FILE_NAMES, null, findings);
  const header = checkHeader(value, options, findings);
  const areas = checkFeatures(value, datumOf(value), options.nowMs, findings);
  return header ? { header, areas } : null;
}

const FILE_NAMES = new Set(["type", "camfence", "features", "bbox", "$schema"]);

/** Known even when the rest of the header is wrong, so that all mistakes show at once. */
function datumOf({ camfence }: JsonObject): Datum | null {
  return isJsonObject(camfence) ? (Datum.safeParse(camfence["datum"]).data ?? null) : null;
}

function checkFeatures(
  file: JsonObject,
  datum: Datum | null,
  nowMs: number,
  findings: Findings,
): readonly Area[] {
  const features = file["features"];
  const areas: Area[] = [];
  if (!Array.isArray(features) || features.length === 0) {
    findings.add({
      rule: "empty",
      at: under(null, "features"),
      got: Array.isArray(features) ? "no feature" : show(features),
      expected: "a list of features, with at least one",
      advice: "draw the areas, or delete the file: an empty fence protects nothing",
    });
    return areas;
  }
  const list = under(null, "features");
  checkIds(features, findings);
  for (let index = 0; index < features.length; index++) {
    const feature: unknown = features[index];
    const area = checkFeature(feature, under(list, index), { datum, nowMs }, findings);
    if (area) areas.push(area);
  }
  return areas;
}
