import { parseIsoMs } from "../core/time.ts";
import { DAYS } from "./schedule-member.ts";
import type { Coverage, Region, Schedule, Shape, Zone } from "./zone.ts";
import {
  DEFAULT_VIEW_M,
  type CoverageProperties,
  type RegionProperties,
  type ZoneProperties,
} from "./zone-file.ts";

/** What one feature of a zone file becomes. */
export type Area = Zone | Coverage | Region;

export type AreaProperties = ZoneProperties | CoverageProperties | RegionProperties;

/** The area of a feature that was checked. `marginM` makes up for the conversion of its datum. */
export function toArea(properties: AreaProperties, shapes: readonly Shape[], marginM: number): Area {
  switch (properties.kind) {
    case "zone":
      return toZone(properties, shapes, marginM);
    case "coverage":
      return { kind: "coverage", id: properties.id, shapes };
    case "region":
      return { kind: "region", id: properties.id, shapes, region: properties.region };
    default:
      return properties satisfies never;
  }
}

function toZone(properties: ZoneProperties, shapes: readonly Shape[], marginM: number): Zone {
  const viewM = properties.viewM ?? DEFAULT_VIEW_M[properties.category];
  return {
    kind: "zone",
    id: properties.id,
    shapes,
    category: properties.category,
    action: properties.action,
    standoffM: properties.standoffM + marginM,
    viewM: viewM > 0 ? viewM + marginM : 0,
    cameras: properties.cameras ?? null,
    schedule: properties.schedule ? toSchedule(properties.schedule) : null,
    validFromMs: properties.validFrom === undefined ? -Infinity : parseIsoMs(properties.validFrom),
    validUntilMs: properties.validUntil === undefined ? Infinity : parseIsoMs(properties.validUntil),
  };
}

function toSchedule({ timeZone, windows }: NonNullable<ZoneProperties["schedule"]>): Schedule {
  return {
    timeZone,
    windows: windows.map(({ days = DAYS, from, to }) => ({
      days: days.map((day) => DAYS.indexOf(day)),
      fromMin: minutesOf(from),
      toMin: minutesOf(to),
    })),
  };
}

function minutesOf(clock: string): number {
  const [hours = 0, minutes = 0] = clock.split(":").map(Number);
  return 60 * hours + minutes;
}
