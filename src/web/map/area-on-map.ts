import type { Area } from "../../zones/area.ts";
import type { JsonObject } from "../../zones/check/json-object.ts";
import { isJsonObject } from "../../zones/check/json-object.ts";
import { areaM2 } from "../../zones/outline.ts";
import type { Zone } from "../../zones/zone.ts";
import type { EditProperties } from "./edit/edit-request.ts";
import { boxOf, cornersOf, geometryOf } from "./area-geometry.ts";
import type { AreaOnMap } from "./map-state.ts";

/** An area with the feature that it was made of. */
export interface AreaInFile {
  readonly area: Area;
  readonly file: number;
  readonly feature: number | null;
  /** As they are written. */
  readonly properties: JsonObject;
}

export function areaOnMap({ area, file, feature, properties }: AreaInFile): AreaOnMap {
  const geometry = geometryOf(area.shapes);
  const { name } = properties;
  const [only, ...more] = area.shapes;
  return {
    id: area.id,
    kind: area.kind,
    file,
    feature,
    name: typeof name === "string" ? name : null,
    ...rulesOf(area),
    limits: area.kind === "zone" ? limitsOf(properties) : [],
    areaM2: areaM2(area.shapes),
    radiusM: only?.kind === "circle" && more.length === 0 ? only.radiusM : null,
    vertices: cornersOf(area.shapes),
    box: boxOf(geometry),
    geometry,
    written: area.kind === "zone" && feature !== null ? writtenOf(area, properties) : null,
  };
}

function writtenOf({ id, category }: Zone, { name, action, standoffM, viewM }: JsonObject): EditProperties {
  return {
    id,
    name: typeof name === "string" ? name : null,
    category,
    action: action === "drop" || action === "blur" ? action : null,
    standoffM: typeof standoffM === "number" ? standoffM : null,
    viewM: typeof viewM === "number" ? viewM : null,
  };
}

type Rules = Pick<AreaOnMap, "category" | "action" | "standoffM" | "viewM" | "region">;

function rulesOf(area: Area): Rules {
  switch (area.kind) {
    case "zone": {
      const { category, action, standoffM, viewM } = area;
      return { category, action, standoffM, viewM, region: null };
    }
    case "region":
      return { ...NO_RULES, region: area.region };
    case "coverage":
      return NO_RULES;
    default:
      return area satisfies never;
  }
}

const NO_RULES: Rules = { category: null, action: null, standoffM: 0, viewM: 0, region: null };

/** Of checked properties: what makes the zone restrict less than always and all. */
function limitsOf({ cameras, schedule, validFrom, validUntil }: JsonObject): readonly string[] {
  return [
    ...(Array.isArray(cameras) ? [`only cameras ${cameras.join(", ")}`] : []),
    ...(isJsonObject(schedule) ? [scheduleText(schedule)] : []),
    ...(typeof validFrom === "string" ? [`from ${validFrom}`] : []),
    ...(typeof validUntil === "string" ? [`until ${validUntil}`] : []),
  ];
}

function scheduleText({ timeZone, windows }: JsonObject): string {
  const list: readonly unknown[] = Array.isArray(windows) ? windows : [];
  const texts = list.map((window) => {
    if (!isJsonObject(window)) return "";
    const { days, from, to } = window;
    return `${Array.isArray(days) ? days.join(" ") : "every day"} ${String(from)} to ${String(to)}`;
  });
  return `${texts.join("; ")} (${String(timeZone)})`;
}
