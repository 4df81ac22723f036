import { distanceFrom, planeAt } from "../../core/plane.ts";
import type { VerdictRecord } from "../../gate/record.ts";
import type { Counts, Summary } from "../../gate/summary.ts";
import type { Action, Reason } from "../../gate/verdict.ts";
import { REASONS } from "../../gate/verdict.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { TimeLine } from "./time-lines.ts";

/** Counts records as they come. */
export interface Tally {
  add(record: VerdictRecord): void;
  counts(): Pick<Summary, "frames" | "byReason" | "byCamera" | "zonesTouched">;
}

export function createTally(): Tally {
  // Frames by camera and reason hold all the others; a few dozen entries whatever the drive.
  const cells = new Map<string, { camera: string; reason: Reason; action: Action; count: number }>();
  const zones = new Map<string, { dropped: number; blurred: number }>();
  return {
    add({ camera, reason, action, zones: ids }) {
      const key = `${camera} ${reason} ${action}`;
      const cell = cells.get(key);
      if (cell === undefined) cells.set(key, { camera, reason, action, count: 1 });
      else cell.count++;
      for (const id of ids) {
        const zone = zones.get(id) ?? { dropped: 0, blurred: 0 };
        zones.set(id, zone);
        if (action === "drop") zone.dropped++;
        else zone.blurred++;
      }
    },
    counts() {
      const all = [...cells.values()];
      const of = (which: (cell: { camera: string; reason: Reason }) => boolean) =>
        countsOf(all.filter(which));
      const reasons = REASONS.filter((reason) => all.some((cell) => cell.reason === reason));
      const cameras = [...new Set(all.map((cell) => cell.camera))];
      return {
        frames: of(() => true),
        byReason: Object.fromEntries(reasons.map((reason) => [reason, of((cell) => cell.reason === reason)])),
        byCamera: Object.fromEntries(cameras.map((camera) => [camera, of((cell) => cell.camera === camera)])),
        zonesTouched: [...zones]
          .map(([id, counts]) => ({ id, ...counts }))
          .toSorted((a, b) => b.dropped + b.blurred - a.dropped - a.blurred),
      };
    },
  };
}

function countsOf(cells: readonly { action: Action; count: number }[]): Counts {
  const sum = (action: Action) => cells.reduce((n, cell) => n + (cell.action === action ? cell.count : 0), 0);
  const [passed, blurred, dropped] = [sum("pass"), sum("blur"), sum("drop")];
  return { in: passed + blurred + dropped, passed, blurred, dropped };
}

/** Faster than this between two fixes is a jump of the receiver, not a way that was driven. */
const MAX_SPEED_MPS = 100;

/** Length of the way between the fixes, metres, without jumps. */
export function drivenM(lines: readonly TimeLine[]): number {
  let sumM = 0;
  for (const { arrivals } of lines) {
    let last: Exclude<GnssReport, { quality: "none" }> | null = null;
    for (const { report } of arrivals) {
      if (report.quality === "none") continue;
      const stepM = last === null ? 0 : distanceFrom(planeAt(last), report);
      const seconds = last === null ? 0 : (report.timeMs - last.timeMs) / 1000;
      if (stepM <= MAX_SPEED_MPS * seconds) sumM += stepM;
      last = report;
    }
  }
  return sumM;
}
