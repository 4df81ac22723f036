import { formatIso, parseIsoMs } from "../../src/core/time.ts";
import type { DriveEvent, ZoneSetKind, ZoneSetTruth } from "../drive.ts";
import type { Ground } from "../route/ground.ts";
import type { Scenario } from "../scenario/scenario.ts";
import { zoneOf } from "./shapes.ts";

type ZonesEvent = Extract<DriveEvent, { kind: "zones" }>;

const DAY_MS = 86_400_000;

/** The zone sets that come in the course of the drive: each changes the one that is rightly in force by then. */
export function zoneEvents(
  { attacks, faults }: Scenario,
  first: ZoneSetTruth,
  startMs: number,
  ground: Ground,
): readonly ZonesEvent[] {
  const events: ZonesEvent[] = [];
  const coming = [...attacks, ...faults].filter(
    (each) => each.kind === "zone-rollback" || each.kind === "zones-replaced",
  );
  for (const each of coming.toSorted((a, b) => a.atS - b.atS)) {
    const atMs = startMs + 1000 * each.atS;
    const current = zonesInForce(first, events, atMs);
    if (each.kind === "zone-rollback") {
      const issuedMs = current.issuedMs - each.daysOlder * DAY_MS;
      events.push({ kind: "zones", atMs, is: "older", set: changed(current, each.without, issuedMs) });
      continue;
    }
    const is: ZoneSetKind = each.content;
    const next = changed(current, each.without, current.issuedMs + 1000);
    const added = each.with.map((zone) => zoneOf(zone, ground));
    const set = { ...next, zones: [...next.zones, ...added] };
    events.push({ kind: "zones", atMs, is, set: is === "empty" ? { ...set, zones: [], files: [] } : set });
  }
  return events;
}

/** Rule 4, told again: of the good sets that have come, the newest. */
export function zonesInForce(
  first: ZoneSetTruth,
  events: readonly DriveEvent[],
  timeMs: number,
): ZoneSetTruth {
  let inForce = first;
  for (const event of events) {
    if (event.kind !== "zones" || event.atMs > timeMs || event.is !== "good") continue;
    if (event.set.issuedMs >= inForce.issuedMs) inForce = event.set;
  }
  return inForce;
}

/** A set is as old as the newest of its files, and good until the first of them is no more. */
export function headerTimes(
  { zones }: Scenario,
  files: readonly Pick<ZoneSetTruth, "issuedMs" | "expiresMs">[],
): Pick<ZoneSetTruth, "issuedMs" | "expiresMs"> {
  const own = { issuedMs: parseIsoMs(zones.issued), expiresMs: parseIsoMs(zones.expires) };
  const hasOwn = zones.features.length > 0 || zones.generated !== undefined || zones.coverage !== undefined;
  const all = hasOwn ? [own, ...files] : files;
  return {
    issuedMs: Math.max(...all.map(({ issuedMs }) => issuedMs)),
    expiresMs: Math.min(...all.map(({ expiresMs }) => expiresMs)),
  };
}

/** The set as it is issued at another time, without some of its zones; its files say the same. */
function changed(set: ZoneSetTruth, without: readonly string[], issuedMs: number): ZoneSetTruth {
  const isKept = (id: string): boolean => !without.includes(id);
  return {
    ...set,
    issuedMs,
    zones: set.zones.filter(({ id }) => isKept(id)),
    files: set.files
      .map(({ file, text, ids }) => ({ file, text: edited(text, isKept, issuedMs), ids: ids.filter(isKept) }))
      // Of a file whose zones are all gone nothing is left.
      .filter(({ ids }) => ids.length > 0),
  };
}

/** The text was read before: it is a zone file. */
function edited(text: string, isKept: (id: string) => boolean, issuedMs: number): string {
  const file = JSON.parse(text) as { camfence: object; features: readonly { properties: { id: string } }[] };
  const features = file.features.filter(({ properties }) => isKept(properties.id));
  return JSON.stringify({ ...file, camfence: { ...file.camfence, issued: formatIso(issuedMs) }, features });
}
