import type { SimulatedDrive } from "../../../simulator/index.ts";
import { formatIso } from "../../core/time.ts";
import type { Summary } from "../../gate/summary.ts";
import type { RunResult } from "./simulate-one.ts";

/** A simulated run as the summary of a replay. */
export function runSummary(
  { scenario, seed, durationS, distanceM, frames, byReason, byCamera, zonesTouched, results }: RunResult,
  { startMs, endMs }: SimulatedDrive,
  rest: Pick<Summary, "zoneSet" | "revocations">,
  speedFactor = 0,
): Summary {
  return {
    drive: `${scenario}, seed ${seed}`,
    from: formatIso(startMs),
    to: formatIso(endMs),
    durationS,
    distanceM,
    frames,
    byReason,
    byCamera,
    zonesTouched,
    ...rest,
    warnings: results.filter(({ met }) => !met).map(({ name, got }) => `expected ${name}; got ${got}`),
    speedFactor,
    expectations: results.map(({ name, met, got }) => ({ name, met, got })),
  };
}
