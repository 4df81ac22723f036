import type { DriveEvent, SimulatedDrive } from "../../../simulator/index.ts";
import type { GnssReport } from "../../sources/fix.ts";

/** What comes beside frames. */
export type Happening =
  | DriveEvent
  | { readonly kind: "restart"; readonly atMs: number }
  | { readonly kind: "disk-free"; readonly atMs: number }
  | { readonly kind: "report"; readonly atMs: number; readonly report: GnssReport };

/** Events and reports in the order of their times. */
export function createComing(drive: SimulatedDrive) {
  const all = drive.events.flatMap((event): Happening[] => {
    if (event.kind === "kill") return [event, { kind: "restart", atMs: event.untilMs }];
    if (event.kind === "disk-full") return [event, { kind: "disk-free", atMs: event.untilMs }];
    return [event];
  });
  for (const { arrivedMs, report } of drive.reports) all.push({ kind: "report", atMs: arrivedMs, report });
  // The sort is stable: events go before reports of the same time.
  all.sort((a, b) => a.atMs - b.atMs);
  let next = 0;
  return {
    until(timeMs: number): readonly Happening[] {
      const from = next;
      while (next < all.length && (all[next]?.atMs ?? 0) <= timeMs) next++;
      return from === next ? NOTHING : all.slice(from, next);
    },
  };
}

const NOTHING: readonly Happening[] = [];
