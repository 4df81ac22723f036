import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Observable, SchedulerLike } from "rxjs";
import { EMPTY, ReplaySubject, Subject, concatMap, merge } from "rxjs";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Camera } from "../../sources/camera.ts";
import type { MapEvent } from "../../web/map/event-streams.ts";
import type { DriveOnMap, DrivesOnMap, MapState } from "../../web/map/map-state.ts";
import type { ZonesRead } from "../../web/map/read-zones.ts";
import { readZones } from "../../web/map/read-zones.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { zoneFilesTouched } from "../run/zone-files-touched.ts";

/** Zone files as they are now, and drives judged by them. */
export interface MapSession {
  /** The files of the map, with the one for new zones where it is there. */
  pathsNow(): readonly string[];
  /** Where new zones may go besides; null: nowhere. */
  readonly saveTo: string | null;
  readonly cameras: readonly Camera[];
  state(): MapState;
  /** null where the files cannot be read at all. */
  zones(): ZonesRead | null;
  drives(): DrivesOnMap;
  readonly events: Observable<MapEvent>;
  /** Reads the files again. */
  refresh(): Promise<void>;
  close(): void;
}

export interface SessionOptions {
  readonly paths: readonly string[];
  readonly saveTo: string | null;
  readonly cameras: readonly Camera[];
  readonly nowMs: () => number;
  /** The drives' ways, judged by the zones of now. */
  readonly judge: (zones: ZoneSet) => Promise<readonly DriveOnMap[]>;
}

const PATIENCE = { settleMs: 150, pollMs: 2000 };

/** Reads the files, and again whenever they change. Throws what `readZones` throws the first time. */
export async function openMapSession(
  { paths, saveTo, cameras, nowMs, judge }: SessionOptions,
  scheduler: SchedulerLike,
): Promise<MapSession> {
  const pathsNow = () => withFile(paths, saveTo);
  const shown = { cameras, saveTo };
  let read: ZonesRead | null = await readZones(pathsNow(), nowMs());
  let state: MapState = { ...read.state, ...shown, revision: 1 };
  let drives: DrivesOnMap = { revision: 0, drives: [] };
  const toJudge = new Subject<number>();
  // Who comes later is told the last of each kind.
  const events = new ReplaySubject<MapEvent>(2);
  const asked = new Subject<() => void>();

  async function readAgain(): Promise<void> {
    const revision = state.revision + 1;
    const before = state;
    try {
      read = await readZones(pathsNow(), nowMs());
      state = { ...read.state, ...shown, revision };
    } catch (thrown) {
      if (!(thrown instanceof CamfenceError)) throw thrown;
      read = null;
      state = { ...NOTHING, ...shown, revision, problem: messageOf(thrown) };
    }
    if (isSame(before, state)) state = { ...state, revision: before.revision };
    else tell();
  }

  function tell(): void {
    const { revision } = state;
    events.next({ kind: "zones", revision });
    toJudge.next(revision);
  }

  async function judgeFor(revision: number): Promise<void> {
    // Changed again meanwhile: the last reading counts.
    if (revision !== state.revision) return;
    const zones = read?.zones ?? null;
    drives = { revision, drives: zones === null ? [] : await judge(zones) };
    events.next({ kind: "drives", revision });
  }

  const judging = toJudge.pipe(concatMap(judgeFor)).subscribe();
  const reading = merge(
    zoneFilesTouched(paths, PATIENCE, scheduler),
    saveTo === null ? EMPTY : zoneFilesTouched([saveTo], PATIENCE, scheduler),
    asked,
  )
    .pipe(
      concatMap(async (done) => {
        await readAgain();
        done?.();
      }),
    )
    .subscribe();
  tell();
  return {
    pathsNow,
    saveTo,
    cameras,
    state: () => state,
    zones: () => read,
    drives: () => drives,
    events,
    refresh: () => new Promise((done) => asked.next(done)),
    close() {
      reading.unsubscribe();
      judging.unsubscribe();
    },
  };
}

const NOTHING = { set: null, files: [], areas: [], broken: [] } as const;

/** Unless it is one of them, or in a folder of them, already. */
function withFile(paths: readonly string[], file: string | null): readonly string[] {
  if (file === null || !existsSync(file)) return paths;
  const known = paths.map((path) => resolve(path));
  return known.includes(resolve(file)) ||
    (file.endsWith(".geojson") && known.includes(dirname(resolve(file))))
    ? paths
    : [...paths, file];
}

/** The same bytes, and the set as good as before. */
function isSame(a: MapState, b: MapState): boolean {
  const textOf = ({ problem, files, set }: MapState) => JSON.stringify([problem, files, set]);
  return textOf(a) === textOf(b);
}
