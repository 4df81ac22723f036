import { formatIso } from "../core/time.ts";
import { seamless } from "./index/seamless.ts";
import type { AreaIndex } from "./index/zone-index.ts";
import { indexAreas } from "./index/zone-index.ts";
import { ruleOf } from "./index/zone-rules.ts";
import type { SetSource } from "./update/stored-set.ts";
import type { Coverage, Region, Zone, ZoneSetContent } from "./zone.ts";

/** All zones, coverage and regions in force: one immutable value, checked and indexed. */
export interface ZoneSet {
  readonly zones: readonly Zone[];
  readonly zoneIndex: AreaIndex;
  /** The zones' ids. */
  readonly ids: readonly string[];
  readonly coverage: readonly Coverage[];
  /**
   * The coverage, and behind its areas one more that nobody drew, of what is covered across their seams (`seamless`). Null
   * where no file names a coverage: then everywhere is covered.
   */
  readonly coverageIndex: AreaIndex | null;
  readonly regions: readonly Region[];
  readonly regionIndex: AreaIndex;
  readonly issuedMs: number;
  readonly expiresMs: number;
  /** SHA-256 of the files, hex: what the set is called in records. */
  readonly hash: string;
  /** Of a set that came by a signed update; absent for zone files. */
  readonly source?: SetSource;
}

export { farthestM } from "./index/zone-rules.ts";

/** Builds the indexes of a checked set. About a microsecond an edge; done once per set, never per frame. */
export function compileZoneSet(content: ZoneSetContent): ZoneSet {
  const already = COMPILED.get(content);
  if (already !== undefined) return already;
  const { zones, coverage, regions } = content;
  return {
    ...content,
    zoneIndex: indexAreas(zones, zones.map(ruleOf)),
    ids: zones.map(({ id }) => id),
    coverageIndex: coverage.length === 0 ? null : indexAreas(withoutSeams(coverage), []),
    regionIndex: indexAreas(regions, []),
  };
}

function withoutSeams(coverage: readonly Coverage[]): readonly Pick<Coverage, "shapes">[] {
  return [...coverage, { shapes: seamless(coverage.flatMap(({ shapes }) => shapes)) }];
}

/** Sets that were compiled before they were loaded, so that they need not be again. */
const COMPILED = new WeakMap<ZoneSetContent, ZoneSet>();

/** Makes `compileZoneSet` give the set back as it is. */
export function compiledAlready(set: ZoneSet): ZoneSet {
  COMPILED.set(set, set);
  return set;
}

/** Why a set may not take the place of the one in force, or null when it may. */
export function refusalOf(next: ZoneSet, inForce: ZoneSet | null): string | null {
  if (next.zones.length === 0) return "refused a zone set without any zone; the one in force stays";
  if (!Number.isFinite(next.issuedMs)) return "refused a zone set of no time; the one in force stays";
  if (inForce !== null && next.issuedMs < inForce.issuedMs) {
    return `refused a zone set issued ${formatIso(next.issuedMs)}, older than the one in force; that stays`;
  }
  return null;
}
