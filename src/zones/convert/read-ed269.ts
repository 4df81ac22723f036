import * as z from "zod";
import { checkObject } from "../check/check-object.ts";
import { isJsonObject, type JsonObject } from "../check/json-object.ts";
import type { Findings } from "../check/findings.ts";
import { under, type JsonPath } from "../check/mistake.ts";
import { IsoTime } from "../zone-file-fields.ts";
import type { Draft, DraftGeometry, Reader } from "./draft.ts";
import { edDrafts, type EdZone } from "./ed-drafts.ts";
import { DailyPeriod } from "./ed-schedule.ts";
import { labelOf } from "./naming.ts";
import { readJsonSource } from "./report-json.ts";

const one = (names: readonly [string, ...string[]]) => z.enum(names, names.join(", "));

const Applicability = z.strictObject({
  permanent: one(["YES", "NO"]),
  startDateTime: IsoTime.nullish(),
  endDateTime: IsoTime.nullish(),
  schedule: z.array(DailyPeriod).nullish(),
  dailyPeriod: z.array(DailyPeriod).nullish(),
});

const Position = z.array(z.number());
const Projection = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("Polygon"), coordinates: z.array(z.array(Position)).min(1) }),
    z.strictObject({ type: z.literal("Circle"), center: Position, radius: z.number("metres").positive() }),
  ],
  "a Polygon, or a Circle with center and radius",
);

/** Whatever the height: what is closed to aircraft is closed to cameras below. */
const Volume = z.strictObject({
  horizontalProjection: Projection,
  uomDimensions: z.unknown().optional(),
  lowerLimit: z.unknown().optional(),
  lowerVerticalReference: z.unknown().optional(),
  upperLimit: z.unknown().optional(),
  upperVerticalReference: z.unknown().optional(),
});

/** EUROCAE ED-269, UASZoneVersion; publishers write null for what they leave out. */
const Zone = z.strictObject({
  title: z.string().nullish(),
  identifier: z.string("an identifier of at most 7 characters").max(7),
  country: z.string("three letters").length(3),
  name: z.string().nullish(),
  type: z.string(),
  restriction: one(["PROHIBITED", "REQ_AUTHORISATION", "REQ_AUTHORIZATION", "CONDITIONAL", "NO_RESTRICTION"]),
  restrictionConditions: z.union([z.string(), z.array(z.string())]).nullish(),
  region: z.int().nullish(),
  reason: z.array(z.string()).max(9).nullish(),
  otherReasonInfo: z.string().nullish(),
  regulationExemption: one(["YES", "NO"]).nullish(),
  uSpaceClass: z.string().nullish(),
  message: z.string().nullish(),
  applicability: z.array(Applicability).nullish(),
  zoneAuthority: z.array(z.looseObject({})).nullish(),
  geometry: z.array(Volume).min(1, "a volume at least"),
  extendedProperties: z.unknown().optional(),
});
type Zone = z.infer<typeof Zone>;

/** UAS geographical zones of EUROCAE ED-269, as `features` or, as some publish it, `UASZoneList`. */
export const readEd269: Reader = async ({ name, bytes }, report) => {
  const source = readJsonSource(name, bytes);
  const list = zonesIn(source.value);
  const lines = source.linesOf(list.zones.map((_, index) => [list.member, index]));
  const drafts = list.zones.flatMap((value, index) => {
    const place = { file: name, line: lines[index] ?? 1 };
    const zone = zoneOf(value, under(null, list.member, index), index, place, source.findings);
    return zone ? edDrafts(zone, report) : [];
  });
  for (const mistake of source.mistakes()) report(mistake);
  return { drafts, wgs84By: "ED-269" };
};

export function zonesIn(value: unknown): { readonly member: string; readonly zones: readonly unknown[] } {
  for (const member of ["UASZoneList", "features"]) {
    const zones = isJsonObject(value) ? value[member] : undefined;
    if (Array.isArray(zones)) return { member, zones };
  }
  return { member: "features", zones: [] };
}

function zoneOf(
  value: unknown,
  at: JsonPath,
  index: number,
  place: Pick<Draft, "file" | "line">,
  findings: Findings,
): EdZone | null {
  const zone = checkObject(Zone, value, at, findings);
  if (zone === null) return null;
  const properties: JsonObject = isJsonObject(value) ? value : {};
  return {
    ...place,
    label: labelOf("zone", index, { name: zone.name ?? zone.identifier }),
    type: "GeometryCollection",
    key: `${zone.country}/${zone.identifier}`,
    name: zone.name ?? null,
    reasons: zone.reason ?? [],
    properties,
    geometries: geometriesOf(zone),
    periods: periodsOf(zone),
  };
}

function geometriesOf({ geometry }: Zone): readonly DraftGeometry[] {
  const projections = geometry.map(({ horizontalProjection }) => horizontalProjection);
  const polygons = projections.flatMap((each) => (each.type === "Polygon" ? [each.coordinates] : []));
  const circles = projections.flatMap((each): DraftGeometry[] =>
    each.type === "Circle" ? [{ type: "Point", coordinates: each.center, radiusM: each.radius }] : [],
  );
  return polygons.length > 0 ? [{ type: "MultiPolygon", coordinates: polygons }, ...circles] : circles;
}

/** One permanent period makes the zone permanent, whatever the others say. */
function periodsOf({ applicability }: Zone): EdZone["periods"] {
  const periods = applicability ?? [];
  const isPermanent = periods.some(
    ({ permanent, schedule, dailyPeriod }) =>
      permanent === "YES" && !hasTimes(schedule) && !hasTimes(dailyPeriod),
  );
  if (isPermanent) return [];
  return periods.map(({ permanent, startDateTime, endDateTime, schedule, dailyPeriod }) => ({
    ...(permanent === "YES" ? {} : { startDateTime, endDateTime }),
    daily: [...(schedule ?? []), ...(dailyPeriod ?? [])],
  }));
}

const hasTimes = (periods: readonly z.infer<typeof DailyPeriod>[] | null | undefined) =>
  (periods ?? []).some(({ day, startTime, endTime }) => day.length > 0 || startTime || endTime);
