import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Scenario } from "../../../simulator/index.ts";
import { loadScenario, simulateDrive } from "../../../simulator/index.ts";
import { GuardPolicy } from "../../config.ts";
import { CamfenceError } from "../../core/errors.ts";
import type { Io } from "../io.ts";
import { compiledZones } from "./simulate-zones.ts";

export interface Loaded {
  readonly file: string;
  readonly scenario: Scenario;
}

/** Scenarios are small: all are read, and all their mistakes told, before any is driven. */
export async function loadAll(files: readonly string[], io: Io): Promise<readonly Loaded[]> {
  const loaded: Loaded[] = [];
  const wrong: CamfenceError[] = [];
  for (const file of files) {
    try {
      const scenario = await loadScenario(file, { policy: GuardPolicy });
      checkDrive(file, scenario);
      loaded.push({ file, scenario });
    } catch (thrown) {
      if (!(thrown instanceof CamfenceError)) throw thrown;
      wrong.push(thrown);
    }
  }
  const [first] = wrong;
  if (first === undefined) return loaded;
  const mistakes = wrong.flatMap(({ message }) => message.split("\n"));
  if (mistakes.length === 1) throw first;
  io.stderr(`${mistakes.join("\n")}\n`);
  const place = { file: first.file ?? "", line: first.line ?? 1 };
  throw new CamfenceError(
    first.code,
    `${place.file}:${place.line}: the first of ${mistakes.length} mistakes`,
    place,
  );
}

/** A way that no vehicle can drive, and zones that none would take, are mistakes of the file. */
function checkDrive(file: string, scenario: Scenario): void {
  try {
    const drive = simulateDrive(scenario);
    compiledZones(drive.zones, drive.startMs);
  } catch (thrown) {
    if (!(thrown instanceof CamfenceError)) throw thrown;
    const message = thrown.message.replaceAll(/^/gm, `${file}: `);
    throw new CamfenceError("malformed", message, { file, line: 1, cause: thrown });
  }
}

/** The files themselves, and the scenarios of folders. */
export function scenarioFiles(paths: readonly string[]): readonly string[] {
  if (paths.length === 0)
    throw new CamfenceError("usage", "got no scenario, expected one or more; see --help");
  return paths.flatMap((path) => {
    if (!isFolder(path)) return [path];
    const found = readdirSync(path).filter(
      (name) => /\.ya?ml$/i.test(name) && !/\.expect\.ya?ml$/i.test(name),
    );
    if (found.length === 0)
      throw new CamfenceError("usage", `${path}: holds no .yaml file, expected scenarios`);
    return found.toSorted().map((name) => join(path, name));
  });
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
