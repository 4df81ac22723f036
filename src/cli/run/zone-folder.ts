import type { Observable, SchedulerLike } from "rxjs";
import { concatMap, map, merge } from "rxjs";
import { messageOf } from "../../core/errors.ts";
import { loadZones } from "../../zones/load-zones.ts";
import type { FileReport } from "../../zones/load-zones.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { compileZoneSet } from "../../zones/zone-set.ts";
import type { Patience } from "./zone-files-touched.ts";
import { zoneFilesTouched } from "./zone-files-touched.ts";

export interface ZoneFolderOptions extends Patience {
  readonly paths: readonly string[];
  /** Somebody asks to have the files read again: then files that are gone may be gone. */
  readonly asked: Observable<unknown>;
}

/** What reading the zone files gave. */
export type ZoneReading =
  | { readonly kind: "read"; readonly set: ZoneSet; readonly files: number }
  | { readonly kind: "unchanged" }
  /** Rule 4: the last good set stays. */
  | { readonly kind: "refused"; readonly mistakes: readonly ZoneFileMistake[] };

/** Where to look; not what was got there, since that may be coordinates of a restricted place. */
export interface ZoneFileMistake {
  readonly file: string;
  readonly line: number;
  readonly what: string;
}

/** Reads zone files as one set, for the first time and again. */
export interface ZoneFolder {
  read(asked: boolean): Promise<ZoneReading>;
  /** A reading after every change of the files. Never fails. */
  readonly changes: Observable<ZoneReading>;
}

export function createZoneFolder(options: ZoneFolderOptions, scheduler: SchedulerLike): ZoneFolder {
  const { paths } = options;
  let hash = "";
  let known: readonly string[] = [];

  async function readNow(asked: boolean): Promise<ZoneReading> {
    const { outcome, reports, ...loaded } = await loadZones(paths, { nowMs: scheduler.now() });
    if (outcome === "refused" || !("content" in loaded))
      return { kind: "refused", mistakes: await mistakesIn(reports) };
    const files = reports.map(({ file }) => file);
    const gone = known.filter((file) => !files.includes(file));
    // Rule 4: a file that vanished is no update; editors and copying programs take one away before they write it.
    if (gone.length > 0 && !asked) return { kind: "refused", mistakes: gone.map(goneMistake) };
    known = files;
    if (loaded.content.hash === hash) return { kind: "unchanged" };
    const set = compileZoneSet(loaded.content);
    hash = set.hash;
    return { kind: "read", set, files: files.length };
  }

  async function read(asked: boolean): Promise<ZoneReading> {
    try {
      return await readNow(asked);
    } catch (thrown) {
      return { kind: "refused", mistakes: [{ file: paths.join(" "), line: 1, what: messageOf(thrown) }] };
    }
  }

  const touched = zoneFilesTouched(paths, options, scheduler).pipe(map(() => false));
  const asked = options.asked.pipe(map(() => true));
  // Two readings never overlap; a queue of them is as long as people are patient.
  return { read, changes: merge(touched, asked).pipe(concatMap((isAsked) => read(isAsked))) };
}

/** In the words of the rules: what was got and expected may be a place, and this is logged. */
async function mistakesIn(reports: readonly FileReport[]): Promise<readonly ZoneFileMistake[]> {
  const { brokenRules } = await import("../zones/broken-rules.ts");
  return brokenRules(reports).map(({ file, line, rule, asks }) => ({ file, line, what: `${rule}: ${asks}` }));
}

function goneMistake(file: string): ZoneFileMistake {
  return { file, line: 1, what: "the file is gone; if that is meant, reload (SIGHUP) or start again" };
}
