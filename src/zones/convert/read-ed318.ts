import * as z from "zod";
import { checkObject } from "../check/check-object.ts";
import { isJsonObject, type JsonObject } from "../check/json-object.ts";
import type { Findings } from "../check/findings.ts";
import { under, type JsonPath } from "../check/mistake.ts";
import { IsoTime } from "../zone-file-fields.ts";
import type { Draft, DraftGeometry, Reader } from "./draft.ts";
import { edDrafts, type EdZone } from "./ed-drafts.ts";
import { DailyPeriod } from "./ed-schedule.ts";
import { areaGeometry, geometryTypeOf } from "./geojson-geometry.ts";
import { labelOf } from "./naming.ts";
import { readJsonSource } from "./report-json.ts";
import { geometryType } from "../check/rules/geometry-type.ts";

const Text = z.strictObject({ text: z.string().optional(), lang: z.string() });
const TimePeriod = z.strictObject({
  startDateTime: IsoTime.optional(),
  endDateTime: IsoTime.optional(),
  schedule: z.array(DailyPeriod).optional(),
});

const one = (names: readonly [string, ...string[]]) => z.enum(names, names.join(", "));

/** EUROCAE ED-318, Schema_GeoZoneProperties: nothing else may stand here, so that nothing is overlooked. */
const Properties = z.strictObject({
  identifier: z.string("an identifier of at most 7 characters").max(7),
  country: z.string("three letters").length(3),
  name: z.array(Text).optional(),
  type: one(["USPACE", "PROHIBITED", "REQ_AUTHORIZATION", "CONDITIONAL", "NO_RESTRICTION"]),
  variant: one(["COMMON", "CUSTOMIZED"]),
  restrictionConditions: z.string().optional(),
  region: z.int().optional(),
  reason: z
    .array(
      one([
        "AIR_TRAFFIC",
        "SENSITIVE",
        "PRIVACY",
        "POPULATION",
        "NATURE",
        "NOISE",
        "EMERGENCY",
        "DAR",
        "OTHER",
      ]),
    )
    .max(9)
    .optional(),
  otherReasonInfo: z.array(Text).optional(),
  regulationExemption: one(["YES", "NO"]).optional(),
  message: z.array(Text).optional(),
  zoneAuthority: z.array(z.looseObject({})).min(1, "an authority at least"),
  limitedApplicability: z.array(TimePeriod).optional(),
  dataSource: z.looseObject({}).optional(),
  extendedProperties: z.looseObject({}).optional(),
});
type Properties = z.infer<typeof Properties>;

const Metadata = z.looseObject({
  validFrom: IsoTime.optional(),
  validTo: IsoTime.optional(),
  issued: IsoTime.optional(),
});

/** UAS geographical zones of EUROCAE ED-318: a collection, or a single feature. */
export const readEd318: Reader = async ({ name, bytes }, report) => {
  const source = readJsonSource(name, bytes);
  const { value, findings } = source;
  const list = featuresOf(value);
  const metadata = isJsonObject(value) ? value["metadata"] : undefined;
  const checked =
    metadata === undefined ? {} : checkObject(Metadata, metadata, under(null, "metadata"), findings);
  const lines = source.linesOf(list.map(({ steps }) => steps));
  const drafts = list.flatMap(({ feature, steps }, index) => {
    const place = { file: name, line: lines[index] ?? 1 };
    const zone = zoneOf(feature, under(null, ...steps), index, place, findings);
    return zone ? edDrafts(zone, report) : [];
  });
  for (const mistake of source.mistakes()) report(mistake);
  const validTo = checked?.validTo;
  return { drafts, wgs84By: "ED-318", ...(validTo === undefined ? {} : { validTo }) };
};

function featuresOf(value: unknown) {
  if (!isJsonObject(value)) return [];
  const features = value["features"];
  if (value["type"] === "Feature") return [{ feature: value as unknown, steps: [] }];
  return Array.isArray(features)
    ? features.map((feature: unknown, index) => ({ feature, steps: ["features", index] }))
    : [];
}

function zoneOf(
  feature: unknown,
  at: JsonPath,
  index: number,
  place: Pick<Draft, "file" | "line">,
  findings: Findings,
): EdZone | null {
  const object: JsonObject = isJsonObject(feature) ? feature : {};
  const properties = checkObject(Properties, object["properties"], under(at, "properties"), findings);
  const geometry = object["geometry"];
  const geometries = geometriesOf(geometry, under(at, "geometry"), findings);
  if (properties === null || geometries === null) return null;
  const name = nameIn(properties);
  return {
    ...place,
    label: labelOf("zone", index, { name: name ?? properties.identifier }),
    type: geometryTypeOf(geometry),
    key: `${properties.country}/${properties.identifier}`,
    name,
    reasons: properties.reason ?? [],
    properties: isJsonObject(object["properties"]) ? object["properties"] : {},
    geometries,
    periods: (properties.limitedApplicability ?? []).map(({ schedule, ...period }) => ({
      ...period,
      daily: schedule ?? [],
    })),
  };
}

const nameIn = ({ name = [] }: Properties) =>
  (name.find(({ lang }) => lang.startsWith("en")) ?? name[0])?.text ?? null;

/** Polygons together, circles one by one; null after anything else was reported. */
function geometriesOf(geometry: unknown, at: JsonPath, findings: Findings): readonly DraftGeometry[] | null {
  const parts: readonly unknown[] =
    isJsonObject(geometry) && Array.isArray(geometry["geometries"]) ? geometry["geometries"] : [geometry];
  const circles = parts.filter((part) => geometryTypeOf(part) === "Point").map(circleOf);
  const polygons = parts.filter((part) => geometryTypeOf(part) !== "Point");
  const joined =
    polygons.length === 0 ? [] : [areaGeometry({ type: "GeometryCollection", geometries: polygons })];
  const read = [...joined.map((area) => area.geometry), ...circles];
  const isGrown = polygons.some((part) => isJsonObject(part) && "extent" in part);
  if (read.length > 0 && !isGrown && read.every((each) => each !== null)) return read;
  findings.add({
    rule: geometryType,
    at,
    got: gotIn(geometry),
    expected: "polygons, and points with an extent of subType Circle and a radius in metres",
    advice: "draw it as an area, or leave the zone out of the file",
  });
  return null;
}

const gotIn = (geometry: unknown) => {
  if (!isJsonObject(geometry)) return "no geometry";
  const { type, extent } = geometry;
  return extent === undefined
    ? `a ${String(type)} that is no area`
    : `a ${String(type)} with the extent ${JSON.stringify(extent)}`;
};

function circleOf(point: unknown): DraftGeometry | null {
  const [extent, coordinates] = isJsonObject(point) ? [point["extent"], point["coordinates"]] : [];
  const isCircle = isJsonObject(extent) && extent["subType"] === "Circle" && Object.keys(extent).length === 2;
  const radiusM = isCircle ? extent["radius"] : null;
  return typeof radiusM === "number" ? { type: "Point", coordinates, radiusM } : null;
}
