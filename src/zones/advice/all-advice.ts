import type { AdviceRule } from "./advice.ts";
import { hugeArea } from "./huge-area.ts";
import { movedAway } from "./moved-away.ts";
import { zoneOutsideCoverage } from "./outside-coverage.ts";
import { shiftedDatum } from "./shifted-datum.ts";
import { swappedAxes } from "./swapped-axes.ts";
import { tinyArea } from "./tiny-area.ts";

/** All advice, in the order in which it is given. */
export const ADVICE: readonly AdviceRule[] = [
  shiftedDatum,
  swappedAxes,
  movedAway,
  zoneOutsideCoverage,
  tinyArea,
  hugeArea,
];
