import type { Position } from "../../core/position.ts";
import { containsPlace } from "../contains.ts";
import type { Coverage } from "../zone.ts";

/** Whether a place is in any of the areas. */
export const isCovered = (coverage: readonly Coverage[], at: Position): boolean =>
  coverage.some(({ shapes }) => containsPlace(shapes, at));
