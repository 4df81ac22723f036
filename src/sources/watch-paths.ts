import { statSync, watch } from "node:fs";
import type { FSWatcher } from "node:fs";
import { dirname } from "node:path";
import { Observable } from "rxjs";

/**
 * Something happened to one of these files or in one of these folders. Says nothing where the system cannot tell (some
 * network drives, too many watches): look for yourself now and then, too. Never fails.
 */
export function watchPaths(paths: readonly string[]): Observable<void> {
  return new Observable((subscriber) => {
    // A file's folder: a file that is replaced is another one.
    const folders = new Set(paths.map((path) => (isFolder(path) ? path : dirname(path))));
    const watchers = [...folders].flatMap((folder): FSWatcher[] => {
      try {
        const watcher = watch(folder, { persistent: false }, () => subscriber.next());
        watcher.on("error", () => watcher.close());
        return [watcher];
      } catch {
        return []; // such as a folder that is not there yet: see above
      }
    });
    return () => {
      for (const watcher of watchers) watcher.close();
    };
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
