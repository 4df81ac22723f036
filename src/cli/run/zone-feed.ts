import { EMPTY, concatMap, merge, of, share } from "rxjs";
import type { Observable, SchedulerLike } from "rxjs";
import type { ZoneSources } from "../../config.ts";
import { CamfenceError } from "../../core/errors.ts";
import type { UpdateNotice, UpdateStatus } from "../../zones/update/update-status.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { ZoneReading } from "./zone-folder.ts";
import { createZoneFolder } from "./zone-folder.ts";

/** Where the daemon's zone sets come from. */
export interface ZoneFeed {
  /** The set to begin with; null = none yet, and every frame is dropped until there is one. */
  readonly first: ZoneSet | null;
  readonly sets: Observable<ZoneSet>;
  /** Of zone files only. */
  readonly readings: Observable<ZoneReading>;
  /** Of signed updates only. */
  readonly notices: Observable<UpdateNotice>;
  /** Of signed updates only, null for zone files. */
  readonly updateStatus: () => UpdateStatus | null;
  /** The time of a fix that frames are judged by: ages count from no earlier one, now and after a restart. */
  readonly observeTime: (gnssMs: number) => void;
}

/** Throws CamfenceError `self-test` for files that are no set: what is wrong at the start is mended before it. */
export async function openZoneFeed(
  zones: ZoneSources,
  asked: Observable<unknown>,
  scheduler: SchedulerLike,
): Promise<ZoneFeed> {
  if (zones.updates !== undefined) {
    // Read where they are wanted: what starts must be quick.
    const { openZoneUpdates } = await import("../../zones/update/open-updates.ts");
    const updates = await openZoneUpdates(zones.updates, {}, scheduler);
    return { ...updates, first: null, readings: EMPTY, updateStatus: () => updates.statusNow() };
  }
  const folder = createZoneFolder({ ...zones, asked }, scheduler);
  const first = firstOf(await folder.read(true));
  const readings = folder.changes.pipe(share());
  const sets = merge(of(first), readings.pipe(concatMap(setsOf)));
  return { first, sets, readings, notices: EMPTY, updateStatus: () => null, observeTime: () => {} };
}

function firstOf(reading: ZoneReading): ZoneSet {
  if (reading.kind === "read") return reading.set;
  const mistakes = reading.kind === "refused" ? reading.mistakes : [];
  const all = mistakes.map(({ file, line, what }) => `${file}:${line}: ${what}`);
  throw new CamfenceError("self-test", `the self-test keeps the gate closed: zones: ${all.join("; ")}`);
}

function setsOf(reading: ZoneReading): readonly ZoneSet[] {
  return reading.kind === "read" ? [reading.set] : [];
}
