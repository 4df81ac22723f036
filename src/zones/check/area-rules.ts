import type { Area } from "../area.ts";
import type { AreaContext } from "./earlier-version.ts";
import type { Check } from "./rule.ts";
import { datumShift } from "./rules/datum-shift.ts";
import { hugeArea } from "./rules/huge-area.ts";
import { movedAway } from "./rules/moved-away.ts";
import { swappedAxes } from "./rules/swapped-axes.ts";
import { tinyArea } from "./rules/tiny-area.ts";
import { zoneOutsideCoverage } from "./rules/zone-outside-coverage.ts";

/** What is asked of each area of a set that loads: whether it is probably meant. */
export const AREA_RULES: readonly Check<[area: Area, context: AreaContext]>[] = [
  datumShift,
  swappedAxes,
  movedAway,
  zoneOutsideCoverage,
  tinyArea,
  hugeArea,
];
