import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Recordings and suites of others beside the project; tests that need them skip, loudly, where they are absent. */
export const SHARED_DATA = "../shared/data";
export const hasSharedData = existsSync(SHARED_DATA);
if (!hasSharedData)
  process.stderr.write(`tests: ${SHARED_DATA} is absent, tests with the data of others are skipped\n`);

/** All files below a folder of the shared data. */
export function sharedFiles(folder: string): string[] {
  if (!hasSharedData) return [];
  return readdirSync(join(SHARED_DATA, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(SHARED_DATA, folder, name))
    .filter((path) => statSync(path).isFile())
    .toSorted();
}
