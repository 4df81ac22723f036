import type { Area } from "../area.ts";
import { checkFeature } from "./check-feature.ts";
import { checkHeader, type HeaderOptions } from "./check-header.ts";
import { checkIds } from "./check-ids.ts";
import { checkNames } from "./check-names.ts";
import type { Findings } from "./findings.ts";
import { isJsonObject, type JsonObject } from "./json-object.ts";
import { under } from "./mistake.ts";
import { empty } from "./rules/empty.ts";
import { structure } from "./rules/structure.ts";
import { Datum, type ZoneFileHeader } from "../zone-file.ts";

/** A checked file. */
export interface ZoneFile {
  readonly header: ZoneFileHeader;
  /** In WGS 84, in the order of the features; without those that have a mistake. */
  readonly areas: readonly Area[];
}

/** Checks everything that one file alone can get wrong; null when its header is wrong, so that nothing in it has a meaning. */
export function checkZoneFile(value: unknown, options: HeaderOptions, findings: Findings): ZoneFile | null {
  if (!findings.passes(structure, structure.check(value, "file"), null) || !isJsonObject(value)) return null;
  checkNames(value, FILE_NAMES, null, findings);
  const header = checkHeader(value, options, findings);
  const areas = checkFeatures(value, datumOf(value), options.nowMs, findings);
  return header ? { header, areas } : null;
}

const FILE_NAMES = ["type", "camfence", "features", "bbox", "$schema"];

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
  if (!findings.passes(empty, empty.check(features), null) || !Array.isArray(features)) return areas;
  const list = under(null, "features");
  checkIds(features, findings);
  for (let index = 0; index < features.length; index++) {
    const feature: unknown = features[index];
    const area = checkFeature(feature, under(list, index), { datum, nowMs }, findings);
    if (area) areas.push(area);
  }
  return areas;
}
