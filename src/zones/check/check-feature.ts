import { toArea, type Area, type AreaProperties } from "../area.ts";
import { checkGeometry } from "./check-geometry.ts";
import { checkNames, checkObject, isJsonObject } from "./check-properties.ts";
import { convertShape, DATUM_MARGIN_M, firstOutsideChina } from "../datum.ts";
import type { Findings } from "./findings.ts";
import { under, type JsonPath } from "./mistake.ts";
import { show } from "./show.ts";
import type { Shape } from "../zone.ts";
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
  if (!isJsonObject(feature) || feature["type"] !== "Feature")
    return reportNoFeature(feature, path, findings);
  checkNames(feature, FEATURE_NAMES, path, findings);
  const properties = checkProperties(feature["properties"], under(path, "properties"), findings);
  const radiusM = properties ? properties.radiusM : looseRadiusM(feature["properties"]);
  const shapes = checkGeometry(feature, radiusM, path, findings);
  if (!properties || !shapes) return null;
  if (properties.kind === "zone") checkValidity(properties, path, nowMs, findings);
  if (datum === null || datum === "wgs84") return toArea(properties, shapes, 0);
  if (!isInDatum(shapes, datum, path, findings)) return null;
  return toArea(
    properties,
    shapes.map((shape) => convertShape(shape, datum)),
    DATUM_MARGIN_M,
  );
}

const FEATURE_NAMES = new Set(["type", "id", "bbox", "geometry", "properties"]);

function reportNoFeature(feature: unknown, at: JsonPath, findings: Findings): null {
  const got = isJsonObject(feature) ? `type ${show(feature["type"])}` : show(feature);
  findings.add({
    rule: "structure",
    at,
    got,
    expected: 'type "Feature"',
    advice: "make it a feature, or delete it",
  });
  return null;
}

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

type Window = Pick<Extract<AreaProperties, { kind: "zone" }>, "validFrom" | "validUntil">;

function checkValidity(
  { validFrom, validUntil }: Window,
  path: JsonPath,
  nowMs: number,
  findings: Findings,
): void {
  if (validUntil === undefined) return;
  const at = under(path, "properties", "validUntil");
  const got = show(validUntil);
  if (validFrom !== undefined && Date.parse(validUntil) <= Date.parse(validFrom))
    findings.add({
      rule: "validity",
      at,
      got,
      expected: `a time after validFrom, ${validFrom}`,
      advice: "correct one",
    });
  else if (Date.parse(validUntil) <= nowMs)
    findings.add({
      severity: "warning",
      rule: "validity",
      at,
      got,
      expected: "a time to come",
      advice: "this zone restricts nothing any more: delete it, or give it a later end",
    });
}

function isInDatum(shapes: readonly Shape[], datum: Datum, path: JsonPath, findings: Findings): boolean {
  for (const shape of shapes) {
    const outside = firstOutsideChina(shape);
    if (!outside) continue;
    findings.add({
      rule: "datum-outside-china",
      at: under(path, "geometry"),
      got: `a place outside China, ${outside.lonDeg},${outside.latDeg}, in a file with datum ${datum}`,
      expected: "places in China, where maps use this datum",
      advice: "put it into a file with datum wgs84, or correct the coordinates",
    });
    return false;
  }
  return true;
}
