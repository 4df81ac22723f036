import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { CamfenceError } from "../../core/errors.ts";

const DRIVE = /\.(?:gpx|nmea|log|json|jsonl|ndjson|mcap|ya?ml)$/i;
const EXPECTED = /\.expect\.ya?ml$/i;

/**
 * The drives of a regression suite: a folder in which files say what must come of the drives beside them. Any other path
 * stands for itself. Throws `malformed` for expectations whose drive is not there: a suite must not shrink unseen.
 */
export function drivesOf(path: string): readonly string[] {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) return [path];
  const names = readdirSync(path).toSorted();
  const expected = names.filter((name) => EXPECTED.test(name));
  if (expected.length === 0) return [path];
  const drives = names.filter((name) => DRIVE.test(name) && !EXPECTED.test(name));
  const lonely = expected.find((name) => !drives.some((drive) => stem(drive) === name.replace(EXPECTED, "")));
  if (lonely !== undefined) {
    const file = join(path, lonely);
    throw new CamfenceError("malformed", `${file}: got no drive beside it, expected one of the same name`, {
      file,
    });
  }
  return drives.map((name) => join(path, name));
}

function stem(name: string): string {
  return name.replace(/\.[^.]+$/, "");
}
