import { isPosition } from "../core/position.ts";
import type { Fix, GnssReport } from "./fix.ts";
import { FIX_QUALITIES } from "./fix.ts";

/**
 * Whether a report is a position as the `Fix` schema has it, whatever its type says: a receiver's word that it has
 * none, and what an untyped caller got wrong, is none.
 */
export function isSoundFix(report: GnssReport): report is Fix {
  if (report.quality === "none" || !QUALITIES.has(report.quality)) return false;
  const { accuracyM, speedMps, courseDeg } = report;
  return (
    isPosition(report) &&
    isAmount(accuracyM, Number.MAX_VALUE) &&
    isAmount(speedMps, Number.MAX_VALUE) &&
    isAmount(courseDeg, 360)
  );
}

const QUALITIES: ReadonlySet<Fix["quality"]> = new Set(FIX_QUALITIES);

function isAmount(value: number | null, most: number): boolean {
  return value === null || (typeof value === "number" && value >= 0 && value <= most);
}
