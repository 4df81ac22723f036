import type { Outcome } from "../../gate/record.ts";
import type { Summary } from "../../gate/summary.ts";
import type { Camera } from "../../sources/camera.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { createDriveClock } from "./drive-clock.ts";
import { frameAround } from "../report/map-frame.ts";
import { zonesNear } from "../report/near-zones.ts";
import { page } from "./page.ts";
import type { ReportData } from "./report-data.ts";
import type { RunLog } from "./runs.ts";
import { createRunLog } from "./runs.ts";
import { createSampleKeeper } from "./samples.ts";
import { createTrackLog } from "./track.ts";
import { visitsOf } from "./visits.ts";
import { isDoubt, timeTextFrom } from "./wording.ts";

export interface ReportOptions {
  readonly zones: ZoneSet;
  /** In the order of the strips. */
  readonly cameras: readonly Pick<Camera, "id">[];
}

/** Collects a replay as it goes, in bounded memory, and shows it on one page that needs nothing else. */
export interface Report {
  /** Outcomes in the order in which they happened. */
  add(outcome: Outcome): void;
  /** The page, `report.markup`. The summary's counts are shown as they are. */
  html(summary: Summary): Promise<string>;
}

/** Bars and lines of all cameras together: 300 bytes each. */
const MAX_RUNS_SHOWN = 2000;
const MAX_RUNS_OF_CAMERA = 600;

export function createReport({ zones, cameras }: ReportOptions): Report {
  const logs = new Map<string, RunLog>(cameras.map(({ id }) => [id, createRunLog(id)]));
  const track = createTrackLog();
  const samples = createSampleKeeper();
  const clock = createDriveClock(() => {
    track.lose("silence");
    for (const log of logs.values()) log.cut();
  });
  const limit = Math.min(MAX_RUNS_OF_CAMERA, Math.ceil(MAX_RUNS_SHOWN / Math.max(1, cameras.length)));

  function dataFor(summary: Summary): ReportData {
    const runs = [...logs.values()].map((log) => log.runs(limit));
    const places = track.places();
    const touched = new Set(summary.zonesTouched.map(({ id }) => id));
    return {
      cameras: [...logs.keys()],
      runs,
      legs: clock.legs,
      frame: frameAround(places),
      places,
      visits: visitsOf([...logs.values()].map((log) => log.runs(Infinity))),
      near: zonesNear(zones, places, (id) => touched.has(id)),
      timeText: timeTextFrom(clock.legs[0]?.startMs ?? 0),
    };
  }

  return {
    add(outcome) {
      const { record } = outcome;
      const atMs = clock.at(record.timeMs);
      logs.get(record.camera)?.add(atMs, record);
      if (record.latDeg !== null && record.lonDeg !== null) track.add(atMs, record.latDeg, record.lonDeg);
      else if (isDoubt(record.reason)) track.lose("unknown");
      if (outcome.released !== null) samples.add(outcome);
    },
    async html(summary) {
      const data = dataFor(summary);
      return page(summary, data, zones.zones, await samples.section(data.timeText));
    },
  };
}
