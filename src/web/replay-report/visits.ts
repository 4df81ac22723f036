import type { Reason } from "../../gate/verdict.ts";
import type { Run } from "./runs.ts";

/** Restricted by the same zone again within this time: still the same visit. */
const SAME_VISIT_MS = 5000;

/** A stretch in which one zone restricted at least one camera. */
export interface Visit {
  readonly zone: string;
  readonly atMs: number;
  readonly untilMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly blurred: number;
  readonly dropped: number;
  readonly reasons: readonly Reason[];
  readonly cameras: readonly string[];
}

/** All visits of all zones, in the order in which they began. */
export function visitsOf(runsOfCameras: readonly (readonly Run[])[]): readonly Visit[] {
  const runs = runsOfCameras.flat().toSorted((a, b) => a.atMs - b.atMs);
  const visits: Visit[] = [];
  const open = new Map<string, number>();
  for (const run of runs) {
    for (const zone of run.zones) {
      const number = open.get(zone);
      const before = number === undefined ? undefined : visits[number];
      if (number !== undefined && before !== undefined && run.atMs - before.untilMs <= SAME_VISIT_MS) {
        visits[number] = extended(before, run);
        continue;
      }
      open.set(zone, visits.length);
      visits.push(extended({ ...NOTHING, zone, ...run, blurred: 0, dropped: 0 }, run));
    }
  }
  return visits;
}

const NOTHING = { reasons: [], cameras: [] } as const;

function extended(visit: Visit, run: Run): Visit {
  return {
    zone: visit.zone,
    atMs: visit.atMs,
    fromMs: visit.fromMs,
    untilMs: Math.max(visit.untilMs, run.untilMs),
    toMs: Math.max(visit.toMs, run.toMs),
    blurred: visit.blurred + run.blurred,
    dropped: visit.dropped + run.dropped,
    reasons: [...new Set([...visit.reasons, run.reason])],
    cameras: [...new Set([...visit.cameras, run.camera])],
  };
}
