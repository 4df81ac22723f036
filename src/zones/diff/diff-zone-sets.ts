import type { ZoneSetContent } from "../zone.ts";
import { coverageChanges, regionChanges } from "./border-changes.ts";
import { zoneChanges, type Change, type ZoneDiffOptions } from "./zone-changes.ts";

/** What a change of zone sets does. */
export interface ZoneSetDiff {
  readonly changes: readonly Change[];
  /** Zones that are as they were. */
  readonly unchanged: number;
  readonly openedM2: number;
  readonly closedM2: number;
  /** Ids whose change weakens the protection. */
  readonly weaker: readonly string[];
  /** True where vehicles will not take the second set, since it is older. */
  readonly isOlder: boolean;
}

/** Compares two sets: by id, and where an id is gone, by what protects its area now. */
export function diffZoneSets(
  before: ZoneSetContent,
  after: ZoneSetContent,
  options: ZoneDiffOptions,
): ZoneSetDiff {
  const zones = zoneChanges(before.zones, after.zones, options);
  const changes = [
    ...zones,
    ...coverageChanges(before.coverage, after.coverage, options.toleranceM2),
    ...regionChanges(before.regions, after.regions),
  ];
  const touched = zones.filter(({ kind }) => kind !== "added").length;
  return {
    changes,
    unchanged: before.zones.length - touched,
    openedM2: changes.reduce((sum, { openedM2 }) => sum + openedM2, 0),
    closedM2: changes.reduce((sum, { closedM2 }) => sum + closedM2, 0),
    weaker: changes.filter(({ weaker }) => weaker.length > 0).map(({ id }) => id),
    isOlder: after.issuedMs < before.issuedMs,
  };
}
