import { basename } from "node:path";
import { CamfenceError } from "../core/errors.ts";
import { loadZones } from "../zones/load-zones.ts";
import { readZoneFile, zoneFilesIn } from "../zones/read-zone-file.ts";
import { stripNames } from "../zones/rollout/strip-names.ts";
import { packZoneFiles } from "../zones/update/pack-format.ts";
import { FORMATS } from "../zones/update/zone-format.ts";
import type { Io } from "./io.ts";
import { formatReports } from "./zones-report.ts";

/** A set as it travels, not encrypted. */
interface ReadSet {
  readonly bytes: Buffer;
  readonly issuedMs: number;
}

/**
 * Zone files and folders, checked and packed, or one set that is built already. Throws `zones-invalid` after all mistakes
 * were printed.
 */
export async function readSet(
  paths: readonly string[],
  { nowMs, strip }: { readonly nowMs: number; readonly strip: boolean },
  io: Io,
): Promise<ReadSet> {
  const built = await readBuilt(paths, nowMs);
  if (built !== null && strip)
    throw new CamfenceError("usage", "a built set cannot be stripped; strip it when it is built");
  if (built !== null) return built;
  const load = await loadZones(paths, { nowMs });
  io.stderr(formatReports(load.reports, false));
  if (load.outcome === "refused")
    throw new CamfenceError(
      "zones-invalid",
      `${paths.join(" ")}: the set has mistakes; nothing is published`,
    );
  const files = await Promise.all(
    (await zoneFilesIn(paths)).map(async (file) => ({ file, bytes: await readZoneFile(file) })),
  );
  const packed = files.map(({ file, bytes }, i) =>
    strip
      ? { name: `${String(i + 1).padStart(4, "0")}.geojson`, bytes: stripNames(bytes) }
      : { name: basename(file), bytes },
  );
  return { bytes: packZoneFiles(packed), issuedMs: load.content.issuedMs };
}

async function readBuilt(paths: readonly string[], nowMs: number): Promise<ReadSet | null> {
  const [path, ...more] = await zoneFilesIn(paths);
  if (path === undefined || more.length > 0) return null;
  const bytes = await readZoneFile(path);
  const format = FORMATS.find(({ claims }) => claims(bytes));
  return format === undefined ? null : { bytes, issuedMs: format.load(bytes, { nowMs }).issuedMs };
}
