import type { ZoneSet } from "../../zones/zone-set.ts";
import type { ImpactReport, Row } from "../../web/impact-report/impact-report.ts";
import type { DriveRef } from "./drive-ref.ts";
import { describeDrive } from "./drive-ref.ts";
import type { ChangeCounts } from "./drive-impact.ts";
import { zero } from "./tally.ts";
import type { JobResult } from "./drive-impact.ts";

/** Everything at once, from the results of all drives. Drives come in the order in which they were given. */
export function reportOf(
  before: ZoneSet,
  after: ZoneSet,
  drives: readonly DriveRef[],
  results: ReadonlyMap<DriveRef, JobResult>,
): ImpactReport {
  const vehicles = new Map<string, Sum>();
  const zones = new Map<string, Sum>();
  const total = emptySum();
  const rows = drives.map((drive) => {
    const result = results.get(drive) ?? { outcome: "failed", message: "was not judged" };
    const named = { drive: describeDrive(drive), vehicle: drive.vehicle };
    if (result.outcome === "failed") return { ...named, error: result.message };
    const { places: _, ...impact } = result.impact;
    for (const sum of [total, at(vehicles, drive.vehicle)]) add(sum, impact.frames, impact.changes);
    for (const [id, changes] of Object.entries(impact.zones)) add(at(zones, id), null, changes);
    return { ...named, ...impact };
  });
  return {
    before: describe(before),
    after: describe(after),
    drives: rows,
    failed: rows.filter((row) => "error" in row).length,
    frames: total.frames,
    changes: total.changes,
    byVehicle: rowsOf(vehicles),
    byZone: rowsOf(zones).map(({ id, changes, drives: count }) => ({ id, changes, drives: count })),
  };
}

interface Sum {
  frames: number;
  drives: number;
  readonly changes: Record<keyof ChangeCounts, number>;
}

function emptySum(): Sum {
  return { frames: 0, drives: 0, changes: zero() };
}

function at(sums: Map<string, Sum>, id: string): Sum {
  const sum = sums.get(id) ?? emptySum();
  sums.set(id, sum);
  return sum;
}

function add(sum: Sum, frames: number | null, changes: ChangeCounts): void {
  sum.drives++;
  sum.frames += frames ?? 0;
  sum.changes.dropped += changes.dropped;
  sum.changes.blurred += changes.blurred;
  sum.changes.released += changes.released;
  sum.changes.weaker += changes.weaker;
}

/** Most changed frames first. */
function rowsOf(sums: ReadonlyMap<string, Sum>): readonly Row[] {
  const changed = ({ changes }: Row) => changes.dropped + changes.blurred + changes.released;
  return [...sums]
    .map(([id, sum]) => ({ id, ...sum }))
    .toSorted((a, b) => changed(b) - changed(a) || (a.id < b.id ? -1 : 1));
}

function describe({ hash, zones }: ZoneSet) {
  return { hash, zones: zones.length };
}
