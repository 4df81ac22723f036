import { stat } from "node:fs/promises";
import type { Observable, SchedulerLike } from "rxjs";
import { debounceTime, distinctUntilChanged, exhaustMap, interval, map, merge, skip } from "rxjs";
import { messageOf } from "../../core/errors.ts";
import { watchPaths } from "../../sources/watch-paths.ts";
import { zoneFilesIn } from "../../zones/read/read-zone-file.ts";

export interface Patience {
  /** So long the files must have been left alone. */
  readonly settleMs: number;
  /** How often they are looked at, where the system tells nothing. */
  readonly pollMs: number;
}

/** Says that zone files, or what is in folders of them, may have changed. Never fails. */
export function zoneFilesTouched(
  paths: readonly string[],
  { settleMs, pollMs }: Patience,
  scheduler: SchedulerLike,
): Observable<void> {
  const looked = interval(pollMs, scheduler).pipe(
    exhaustMap(async () => signatureOf(paths)),
    distinctUntilChanged(),
    skip(1),
  );
  return merge(watchPaths(paths), looked).pipe(
    debounceTime(settleMs, scheduler),
    map(() => undefined),
  );
}

/** Changes when a file does. */
async function signatureOf(paths: readonly string[]): Promise<string> {
  try {
    const files = await zoneFilesIn(paths);
    const states = await Promise.all(files.map((file) => stat(file)));
    return states.map(({ mtimeMs, size, ino }, i) => `${files[i]} ${mtimeMs} ${size} ${ino}`).join("\n");
  } catch (thrown) {
    return messageOf(thrown);
  }
}
