import { formatIso, parseIsoMs } from "../../core/time.ts";
import type { JsonObject } from "../check/json-object.ts";
import { extentOf } from "./daylight.ts";
import type { Draft, DraftGeometry, Report } from "./draft.ts";
import { toSchedule, type DailyPeriod } from "./ed-schedule.ts";
import type * as z from "zod";
import { sourceWidened } from "./rules/source-widened.ts";

/** When a zone of ED-269 or ED-318 applies: from, until and on which daily periods, each of which may be missing. */
export interface EdPeriod {
  readonly startDateTime?: string | null | undefined;
  readonly endDateTime?: string | null | undefined;
  readonly daily: readonly z.infer<typeof DailyPeriod>[];
}

export interface EdZone extends Pick<Draft, "file" | "label" | "line" | "type" | "properties"> {
  readonly key: string;
  readonly name: string | null;
  readonly reasons: readonly string[];
  readonly geometries: readonly DraftGeometry[];
  /** Empty: always. */
  readonly periods: readonly EdPeriod[];
}

/**
 * A draft for each geometry in each period, since a zone of ours has one validity and one schedule. Layers are ignored: what
 * is closed to aircraft at any height is closed to cameras below.
 */
export function edDrafts(zone: EdZone, report: Report): readonly Draft[] {
  const { file, label, line, type, properties } = zone;
  const common = { file, label, line, type, properties };
  if (zone.geometries.length === 0) return [{ ...common, geometry: null, key: zone.key, preset: {} }];
  const periods = zone.periods.length === 0 ? [ALWAYS] : zone.periods;
  return zone.geometries.flatMap((geometry, part) =>
    periods.map((period, index): Draft => {
      const partSuffix = zone.geometries.length > 1 ? `#${part + 1}` : "";
      const key = `${zone.key}${partSuffix}${periods.length > 1 ? `#p${index + 1}` : ""}`;
      const preset = {
        ...nameOf(zone),
        category: categoryOf(zone.reasons),
        ...presetOf(period, geometry, zone, report),
      };
      return { ...common, geometry, key, preset };
    }),
  );
}

const ALWAYS: EdPeriod = { daily: [] };

const nameOf = ({ name }: EdZone): JsonObject => (name === null ? {} : { name });

/** What a reason of aviation says about the site below; a rule file says it better. */
const categoryOf = (reasons: readonly string[]) => (reasons.includes("SENSITIVE") ? "government" : "other");

function presetOf(period: EdPeriod, geometry: DraftGeometry, zone: EdZone, report: Report): JsonObject {
  const { schedule, widened } = toSchedule(period.daily, extentOf(geometry));
  for (const note of widened)
    report({
      rule: sourceWidened,
      line: zone.line,
      path: zone.label,
      got: note,
      expected: "times of day",
    });
  return {
    ...(period.startDateTime ? { validFrom: period.startDateTime } : {}),
    ...(period.endDateTime ? { validUntil: afterEnd(period.endDateTime) } : {}),
    ...(schedule ? { schedule } : {}),
  };
}

/** The last second is one of the period; a zone file names the first moment after it. */
function afterEnd(endDateTime: string): string {
  const endMs = parseIsoMs(endDateTime);
  return Number.isFinite(endMs) ? formatIso(endMs + 1000) : endDateTime;
}
