import { createHash } from "node:crypto";
import { CamfenceError } from "../../core/errors.ts";
import { formatIso } from "../../core/time.ts";
import type { ZoneFile } from "../../zones/check/check-zone-file.ts";
import { inspectZoneBytes } from "../../zones/check/inspect-zones.ts";
import { isCompiled } from "../../zones/compiled/layout.ts";
import type { FileReport, ZoneLoad } from "../../zones/load-zones.ts";
import { loadZoneBytes, loadZones } from "../../zones/load-zones.ts";
import { readZoneFile, zoneFilesIn } from "../../zones/read/read-zone-file.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { compileZoneSet } from "../../zones/zone-set.ts";
import type { Zone, ZoneSetContent } from "../../zones/zone.ts";
import type { AreaInFile } from "./area-on-map.ts";
import { areaOnMap } from "./area-on-map.ts";
import { featuresOf } from "./features-of.ts";
import type { BrokenFeature, FileOnMap, MapState, SetFacts } from "./map-state.ts";

/** The zone files at one moment. */
export interface ZonesRead {
  readonly state: Omit<MapState, "revision" | "cameras" | "saveTo">;
  /** What a place is judged by; null where a vehicle would refuse the files. */
  readonly zones: ZoneSet | null;
  /** By the number of the area; null where that is no zone. */
  readonly zoneOf: (area: number) => Zone | null;
  /** The very bytes. */
  readonly files: readonly SourceFile[];
}

export interface SourceFile {
  readonly file: string;
  readonly bytes: Buffer;
}

/** A browser holds more, but not quickly. */
const MAX_CORNERS = 2_000_000;

/**
 * Reads zone files for the map: what is good in them, what is wrong with them, and the set that a vehicle would make of
 * them. Throws CamfenceError for files that cannot be read, and `too-large` for more than a page can show.
 */
export async function readZones(paths: readonly string[], nowMs: number): Promise<ZonesRead> {
  const names = await zoneFilesIn(paths);
  const files = await Promise.all(names.map(async (file) => ({ file, bytes: await readZoneFile(file) })));
  if (files.some(({ bytes }) => isCompiled(bytes))) return readBuilt(files, names, nowMs);
  const seen = new Map<string, ZoneFile>();
  const load = inspectZoneBytes(files, {
    nowMs,
    earlier: null,
    allowShift: [],
    onFile: (name, _, file) => seen.set(name, file),
  });
  const found = files.map((source, file) => featuresOf(source, file, seen.get(source.file) ?? null));
  return joined(files, load, contentOf(files, load, nowMs), {
    areas: found.flatMap(({ areas }) => areas),
    broken: found.flatMap(({ broken }) => broken),
    datumOf: (name) => seen.get(name)?.header.datum ?? null,
    isBuilt: false,
    nowMs,
  });
}

/** An expired set judges all the same: it drops everything. */
function contentOf(files: readonly SourceFile[], load: ZoneLoad, nowMs: number): ZoneSetContent | null {
  if (load.outcome === "loaded") return load.content;
  const expired = loadZoneBytes(files, { nowMs, expired: "accept" });
  return expired.outcome === "loaded" ? expired.content : null;
}

async function readBuilt(
  files: readonly SourceFile[],
  names: readonly string[],
  nowMs: number,
): Promise<ZonesRead> {
  const load = await loadZones(names, { nowMs, expired: "accept", thorough: true });
  const content = load.outcome === "loaded" ? load.content : null;
  const all = content === null ? [] : [...content.zones, ...content.coverage, ...content.regions];
  const areas = all.map((area) => ({ area, file: 0, feature: null, properties: {} }));
  return joined(files, load, content, { areas, broken: [], datumOf: () => null, isBuilt: true, nowMs });
}

interface Found {
  readonly areas: readonly AreaInFile[];
  readonly broken: readonly BrokenFeature[];
  readonly datumOf: (file: string) => FileOnMap["datum"];
  readonly isBuilt: boolean;
  readonly nowMs: number;
}

function joined(
  files: readonly SourceFile[],
  { outcome, reports }: ZoneLoad,
  content: ZoneSetContent | null,
  found: Found,
): ZonesRead {
  const areas = found.areas.map(areaOnMap);
  const corners = areas.reduce((sum, { vertices }) => sum + vertices, 0);
  if (corners > MAX_CORNERS)
    throw new CamfenceError(
      "too-large",
      `got ${corners} vertices in ${areas.length} areas, expected at most ${MAX_CORNERS} on one map; name fewer files`,
    );
  const set = content === null ? null : factsOf(content, found.nowMs);
  return {
    state: {
      set: outcome === "loaded" || set?.isExpired === true ? set : null,
      problem: null,
      files: files.map((file, i) => fileOnMap(file, reports[i], found)),
      areas,
      broken: found.broken,
    },
    zones: content === null ? null : compileZoneSet(content),
    zoneOf(number) {
      const area = found.areas[number]?.area;
      return area?.kind === "zone" ? area : null;
    },
    files,
  };
}

function factsOf({ zones, hash, issuedMs, expiresMs }: ZoneSetContent, nowMs: number): SetFacts {
  return {
    zones: zones.length,
    hash,
    issued: formatIso(issuedMs),
    expires: formatIso(expiresMs),
    isExpired: expiresMs <= nowMs,
  };
}

function fileOnMap({ file, bytes }: SourceFile, report: FileReport | undefined, found: Found): FileOnMap {
  const datum = found.datumOf(file);
  return {
    file,
    hash: hashOf(bytes),
    datum,
    readOnly: found.isBuilt
      ? "a compiled set has no text to change: edit the files it was built from"
      : readOnly(datum),
    errorCount: report?.errorCount ?? 0,
    warningCount: report?.warningCount ?? 0,
    mistakes: report?.mistakes ?? [],
  };
}

export const hashOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

function readOnly(datum: FileOnMap["datum"]): string | null {
  switch (datum) {
    case "wgs84":
      return null;
    case "gcj02":
    case "bd09":
      return `its coordinates are ${datum}: what is drawn on this map is WGS 84, and going back is not exact`;
    case null:
      return "its header has mistakes: mend them first, see the findings";
    default:
      return datum satisfies never;
  }
}
