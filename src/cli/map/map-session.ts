import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Observable, SchedulerLike, Subscription } from "rxjs";
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
export async function openMapSession(options: SessionOptions, scheduler: SchedulerLike): Promise<MapSession> {
  const { paths, saveTo, nowMs } = options;
  const read = await readZones(withFile(paths, saveTo), nowMs());
  return new WatchedFiles(options, read, scheduler);
}

class WatchedFiles implements MapSession {
  readonly saveTo: string | null;
  readonly cameras: readonly Camera[];
  /** Who comes later is told the last of each kind. */
  readonly events = new ReplaySubject<MapEvent>(2);
  readonly #options: SessionOptions;
  #read: ZonesRead | null;
  #state: MapState;
  #drives: DrivesOnMap = { revision: 0, drives: [] };
  readonly #asked = new Subject<() => void>();
  readonly #toJudge = new Subject<number>();
  readonly #running: Subscription;

  constructor(options: SessionOptions, read: ZonesRead, scheduler: SchedulerLike) {
    this.saveTo = options.saveTo;
    this.cameras = options.cameras;
    this.#options = options;
    this.#read = read;
    this.#state = { ...read.state, ...this.#shown(), revision: 1 };
    this.#running = this.#toJudge.pipe(concatMap((revision) => this.#judgeFor(revision))).subscribe();
    this.#running.add(this.#watch(scheduler));
    this.#tell();
  }

  pathsNow(): readonly string[] {
    return withFile(this.#options.paths, this.saveTo);
  }

  state(): MapState {
    return this.#state;
  }

  zones(): ZonesRead | null {
    return this.#read;
  }

  drives(): DrivesOnMap {
    return this.#drives;
  }

  refresh(): Promise<void> {
    return new Promise((done) => this.#asked.next(done));
  }

  close(): void {
    this.#running.unsubscribe();
  }

  /** Reads again when asked, and when a file changes, one time after another. */
  #watch(scheduler: SchedulerLike): Subscription {
    const saved = this.saveTo === null ? EMPTY : zoneFilesTouched([this.saveTo], PATIENCE, scheduler);
    const given = zoneFilesTouched(this.#options.paths, PATIENCE, scheduler);
    const reading = async (done: (() => void) | void): Promise<void> => {
      await this.#readAgain();
      done?.();
    };
    return merge(given, saved, this.#asked).pipe(concatMap(reading)).subscribe();
  }

  async #readAgain(): Promise<void> {
    const before = this.#state;
    const now = { ...this.#shown(), revision: before.revision + 1 };
    try {
      this.#read = await readZones(this.pathsNow(), this.#options.nowMs());
      this.#state = { ...this.#read.state, ...now };
    } catch (thrown) {
      if (!(thrown instanceof CamfenceError)) throw thrown;
      this.#read = null;
      this.#state = { ...NOTHING, ...now, problem: messageOf(thrown) };
    }
    if (isSame(before, this.#state)) this.#state = { ...this.#state, revision: before.revision };
    else this.#tell();
  }

  #tell(): void {
    const { revision } = this.#state;
    this.events.next({ kind: "zones", revision });
    this.#toJudge.next(revision);
  }

  async #judgeFor(revision: number): Promise<void> {
    // Changed again meanwhile: the last reading counts.
    if (revision !== this.#state.revision) return;
    const zones = this.#read?.zones ?? null;
    this.#drives = { revision, drives: zones === null ? [] : await this.#options.judge(zones) };
    this.events.next({ kind: "drives", revision });
  }

  #shown() {
    return { cameras: this.cameras, saveTo: this.saveTo };
  }
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
