import { readFile } from "node:fs/promises";
import type { SchedulerLike } from "rxjs";
import { exhaustMap, interval } from "rxjs";
import type { Observable } from "rxjs";
import { messageOf } from "../../core/errors.ts";
import type { TimedPicture } from "./timed-pictures.ts";

/**
 * Image files one after the other, over and over, each at the moment it is due; a turn that comes while a file is still
 * being read is left out. A file that cannot be read is broken.
 */
export function folderPictures(
  files: readonly string[],
  fps: number,
  scheduler: SchedulerLike,
): Observable<TimedPicture> {
  return interval(1000 / fps, scheduler).pipe(
    exhaustMap(async (turn): Promise<TimedPicture> => {
      const arrivalMs = Math.round(scheduler.now());
      try {
        const data = new Uint8Array(await readFile(files[turn % files.length] ?? ""));
        return { kind: "picture", data, deviceMs: arrivalMs, arrivalMs };
      } catch (thrown) {
        return { kind: "broken", why: messageOf(thrown), arrivalMs };
      }
    }),
  );
}
