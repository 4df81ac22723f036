import { one, seconds } from "./state-gauge.ts";
import type { StateGauge } from "./state-gauge.ts";
import { ageMs, inForceSinceMs, versionsOf } from "./zone-updates.ts";

/** Of signed updates; all absent where zones are files. */
export const ZONE_UPDATE_GAUGES: readonly StateGauge[] = [
  [
    "camfence_zone_updates_state",
    "1 for how far the zone set in force is relied on: fresh, widened, closed or none",
    ["state"],
    ({ zoneUpdates: updates }) => (updates === null ? [] : [[{ state: updates.phase }, 1]]),
  ],
  [
    "camfence_zone_updates_version",
    "Versions of the signed metadata that the zone set in force came by",
    ["role"],
    ({ zoneUpdates }) => versionsOf(zoneUpdates).map(([role, version]) => [{ role }, version] as const),
  ],
  [
    "camfence_zone_updates_age_seconds",
    "Since the repository last vouched for the zone set in force",
    [],
    ({ zoneUpdates }, nowMs) => one(seconds(ageMs(zoneUpdates, nowMs))),
  ],
  [
    "camfence_zone_updates_in_force_since_seconds",
    "When the zone set came into force, seconds since the Unix epoch",
    [],
    ({ zoneUpdates }) => one(seconds(inForceSinceMs(zoneUpdates))),
  ],
  [
    "camfence_zone_updates_last_success_seconds",
    "When the repository last answered well, seconds since the Unix epoch",
    [],
    ({ zoneUpdates }) => one(seconds(zoneUpdates?.lastSuccessMs ?? null)),
  ],
  [
    "camfence_zone_updates_failures",
    "Attempts to update that failed since the last that did not",
    [],
    ({ zoneUpdates }) => one(zoneUpdates?.failures ?? null),
  ],
  [
    "camfence_zone_updates_problem",
    "1 for why the last attempt to update failed",
    ["problem"],
    ({ zoneUpdates }) =>
      zoneUpdates?.lastProblem ? [[{ problem: zoneUpdates.lastProblem.problem }, 1]] : [],
  ],
  [
    "camfence_zone_updates_paused",
    "1 while updates are switched off",
    [],
    ({ zoneUpdates }) => one(zoneUpdates === null ? null : Number(zoneUpdates.paused)),
  ],
];
