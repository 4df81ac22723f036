import type { VehicleState } from "./vehicle-state.ts";
import { updateTroubles, zoneUpdatesOf } from "./zone-updates.ts";
import type { ZoneUpdatesHealth } from "./zone-updates.ts";

export interface Health {
  /** `well`: everything works; frames pass where they may. `impaired`: `why` says what does not. */
  readonly status: "well" | "impaired";
  readonly why: readonly string[];
  readonly receiver: {
    readonly state: string;
    readonly what: string;
    readonly lagMs: number | null;
    readonly fixAgeMs: number | null;
  };
  readonly cameras: Readonly<
    Record<string, { readonly state: string; readonly why: string | null; readonly restarts: number }>
  >;
  readonly zones: {
    readonly hash: string;
    readonly expires: string;
    readonly lastReadingRefused: boolean;
  } | null;
  /** null where zones are files. */
  readonly zoneUpdates: ZoneUpdatesHealth | null;
  readonly ledger: string;
}

/**
 * What does not work, and for whom the gate is closed by it. A fix older than the policy's `maxFixAgeMs` closes it for all.
 * Names no place.
 */
export function healthOf(state: VehicleState, nowMs: number, maxFixAgeMs: number): Health {
  const { receiver, zones, pipeline, fixMs } = state;
  const fixAgeMs = fixMs === null ? null : nowMs - fixMs;
  const cameras = [...state.cameras].map(([id, { feed, restarts }]) => {
    const why = feed.kind === "down" ? feed.why : null;
    return [id, { state: feed.kind, why, restarts }] as const;
  });
  const why = [
    ...(receiver.state === "fix" ? [] : [`receiver: ${receiver.state}: ${receiver.what}`]),
    ...(fixAgeMs !== null && fixAgeMs <= maxFixAgeMs
      ? []
      : ["receiver: no fresh fix; every frame is dropped"]),
    ...cameras.flatMap(([id, camera]) =>
      camera.state === "running" ? [] : [`camera ${id}: ${camera.why ?? camera.state}`],
    ),
    ...zoneTroubles(state, nowMs),
    ...updateTroubles(state.zoneUpdates),
    ...(pipeline.ledger.state === "sound" ? [] : [`ledger: ${pipeline.ledger.what}`]),
    ...(pipeline.ledger.eventsLost > 0 ? [`ledger: ${pipeline.ledger.eventsLost} events were lost`] : []),
  ];
  return {
    status: why.length === 0 ? "well" : "impaired",
    why,
    receiver: { state: receiver.state, what: receiver.what, lagMs: receiver.lagMs, fixAgeMs },
    cameras: Object.fromEntries(cameras),
    zones: zones === null ? null : { ...zoneNames(zones), lastReadingRefused: state.zonesRefused },
    zoneUpdates: zoneUpdatesOf(state.zoneUpdates, nowMs),
    ledger: pipeline.ledger.state,
  };
}

function zoneNames({ hash, expiresMs }: NonNullable<VehicleState["zones"]>) {
  return { hash, expires: new Date(expiresMs).toISOString() };
}

function zoneTroubles({ zones, zonesRefused }: VehicleState, nowMs: number): readonly string[] {
  if (zones === null) return ["zones: none in force; every frame is dropped"];
  return [
    ...(nowMs < zones.expiresMs ? [] : ["zones: expired; every frame is dropped"]),
    ...(zonesRefused ? ["zones: the files were refused; the last good set is in force"] : []),
  ];
}
