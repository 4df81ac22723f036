import type { DriveEvent, ZoneSetTruth } from "../../../simulator/index.ts";
import { zoneFileText } from "../../../simulator/index.ts";
import { CamfenceError } from "../../core/errors.ts";
import { loadZoneBytes } from "../../zones/load-zones.ts";
import type { ZoneLoad } from "../../zones/load-zones.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { compileZoneSet } from "../../zones/zone-set.ts";

/** The compiled set of the drive's zones, by way of their zone file. Throws `zones-invalid` for one that is none. */
export function compiledZones(set: ZoneSetTruth, nowMs: number): ZoneSet {
  const load = loadedFrom(zoneFileText(set), nowMs);
  if (load.outcome === "loaded") return compileZoneSet(load.content);
  const mistake = load.reports[0]?.mistakes[0];
  const what =
    mistake === undefined ? "no zone" : `${mistake.path}: got ${mistake.got}, expected ${mistake.expected}`;
  throw new CamfenceError("zones-invalid", `the scenario's zones: ${what}`);
}

/** What a vehicle gets out of a file that arrives in mid-drive; null where it is refused as a file. */
export function arrivedZones(
  { set, is }: Extract<DriveEvent, { kind: "zones" }>,
  nowMs: number,
): ZoneSet | null {
  const text = zoneFileText(set);
  // A broken one was cut off on its way.
  const load = loadedFrom(is === "broken" ? text.slice(0, Math.floor(text.length * 0.7)) : text, nowMs);
  return load.outcome === "loaded" ? compileZoneSet(load.content) : null;
}

function loadedFrom(text: string, nowMs: number): ZoneLoad {
  return loadZoneBytes([{ file: "scenario", bytes: Buffer.from(text) }], { nowMs, expired: "accept" });
}
