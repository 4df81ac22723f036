import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import { compiledAmong } from "../../zones/compiled/load-alone.ts";
import { stripCompiled } from "../../zones/compiled/strip-compiled.ts";
import { inspectZones } from "../../zones/check/inspect-zones.ts";
import type { InspectOptions } from "../../zones/check/inspect-zones.ts";
import { readZoneFile, zoneFilesIn } from "../../zones/read/read-zone-file.ts";
import { stripNames } from "../../zones/rollout/strip-names.ts";
import { packZoneFiles } from "../../zones/update/pack-format.ts";
import type { ZoneSetContent } from "../../zones/zone.ts";
import type { Io } from "../io.ts";
import { formatReports } from "./zones-report.ts";

/** A set as it travels, not encrypted. */
interface ReadSet {
  readonly bytes: Buffer;
  readonly content: ZoneSetContent;
}

export interface ReadOptions extends InspectOptions {
  /** Leave out names and categories; what is compared and checked still has them. */
  readonly strip: boolean;
}

/**
 * Zone files and folders, checked as `zones check --previous` does and packed, or one set that is compiled already, which travels as it is. Throws
 * `zones-invalid` after all mistakes were printed.
 */
export async function readSet(
  paths: readonly string[],
  { strip, ...options }: ReadOptions,
  io: Io,
): Promise<ReadSet> {
  const files = await zoneFilesIn(paths);
  const compiled = await compiledAmong(files);
  const load = await inspectZones(paths, options);
  io.stderr(formatReports(load.reports, false));
  if (load.outcome === "refused")
    throw new CamfenceError(
      "zones-invalid",
      `${paths.join(" ")}: the set has mistakes; nothing is published`,
    );
  const bytes = compiled === undefined ? await packed(files, strip) : await built(compiled, strip);
  return { bytes, content: load.content };
}

async function packed(files: readonly string[], strip: boolean): Promise<Buffer> {
  const read = await Promise.all(files.map(async (file) => ({ file, bytes: await readZoneFile(file) })));
  return packZoneFiles(
    read.map(({ file, bytes }, i) =>
      strip
        ? { name: `${String(i + 1).padStart(4, "0")}.geojson`, bytes: stripNames(bytes) }
        : { name: basename(file), bytes },
    ),
  );
}

async function built(file: string, strip: boolean): Promise<Buffer> {
  const bytes = await readFile(file);
  return strip ? Buffer.from(stripCompiled(bytes).buffer) : bytes;
}
