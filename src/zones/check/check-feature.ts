import { toArea, type Area, type AreaProperties } from "../area.ts";
import { checkGeometry } from "./check-geometry.ts";
import { checkNames } from "./check-names.ts";
import { checkObject } from "./check-object.ts";
import { convertShape, DATUM_MARGIN_M } from "../datum.ts";
import type { Findings } from "./findings.ts";
import { isJsonObject } from "./json-object.ts";
import { under, type JsonPath } from "./mistake.ts";
import { datumOutsideChina } from "./rules/datum-outside-china.ts";
import { structure } from "./rules/structure.ts";
import { validity } from "./rules/validity.ts";
import { zoneOver } from "./rules/zone-over.ts";
import { CoverageProperties, RegionProperties, ZoneProperties, type Datum } from "../zone-file.ts";

/** What the checks of a feature need to know of its file. */
export interface FeatureContext {
  /** Null when the file does not say: its features are checked, and refused with it. */
  readonly datum: Datum | null;
  readonly nowMs: number;
}

/** Checks one feature completely and makes an area in WGS 84 of it; null when there was a mistake. */
export function checkFeature(
  feature: unknown,
  path: JsonPath,
  { datum, nowMs }: FeatureContext,
  findings: Findings,
): Area | null {
  if (!findings.passes(structure, structure.check(feature, "feature"), path) || !isJsonObject(feature))
    return null;
  checkNames(feature, FEATURE_NAMES, path, findings);
  const properties = checkProperties(feature["properties"], under(path, "properties"), findings);
  const radiusM = properties ? properties.radiusM : looseRadiusM(feature["properties"]);
  const shapes = checkGeometry(feature, radiusM, path, findings);
  if (!properties || !shapes) return null;
  if (properties.kind === "zone") checkTimes(properties, under(path, "properties"), nowMs, findings);
  if (datum === null || datum === "wgs84") return toArea(properties, shapes, 0);
  if (!findings.passes(datumOutsideChina, datumOutsideChina.check(shapes, datum), path)) return null;
  return toArea(
    properties,
    shapes.map((shape) => convertShape(shape, datum)),
    DATUM_MARGIN_M,
  );
}

const FEATURE_NAMES = ["type", "id", "bbox", "geometry", "properties"];

function checkProperties(value: unknown, path: JsonPath, findings: Findings): AreaProperties | null {
  switch (isJsonObject(value) ? value["kind"] : undefined) {
    case "coverage":
      return checkObject(CoverageProperties, value, path, findings);
    case "region":
      return checkObject(RegionProperties, value, path, findings);
    default:
      return checkObject(ZoneProperties, value, path, findings);
  }
}

/** For a feature whose properties have a mistake of their own, so that its geometry is judged fairly. */
function looseRadiusM(properties: unknown): number | undefined {
  return isJsonObject(properties) && "radiusM" in properties ? 1 : undefined;
}

type ZoneTimes = Pick<Extract<AreaProperties, { kind: "zone" }>, "validFrom" | "validUntil">;

function checkTimes(
  { validFrom, validUntil }: ZoneTimes,
  path: JsonPath,
  nowMs: number,
  findings: Findings,
): void {
  if (validUntil === undefined) return;
  const times = {
    from: { name: "validFrom", iso: validFrom },
    until: { name: "validUntil", iso: validUntil },
  };
  if (findings.passes(validity, validity.check(times), path))
    findings.passes(zoneOver, zoneOver.check(times, nowMs), path);
}
