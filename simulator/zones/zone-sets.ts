import { parseIsoMs } from "../../src/core/time.ts";
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
    const kept = current.zones.filter(({ id }) => !each.without.includes(id));
    if (each.kind === "zone-rollback") {
      const issuedMs = current.issuedMs - each.daysOlder * DAY_MS;
      events.push({ kind: "zones", atMs, is: "older", set: { ...current, zones: kept, issuedMs } });
      continue;
    }
    const added = each.with.map((zone) => zoneOf(zone, ground));
    const zones = each.content === "empty" ? [] : [...kept, ...added];
    const is: ZoneSetKind = each.content;
    events.push({ kind: "zones", atMs, is, set: { ...current, zones, issuedMs: current.issuedMs + 1000 } });
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

export function headerTimes({ zones }: Scenario): { readonly issuedMs: number; readonly expiresMs: number } {
  return { issuedMs: parseIsoMs(zones.issued), expiresMs: parseIsoMs(zones.expires) };
}
