import type { Observable, SchedulerLike } from "rxjs";
import { Subject, asyncScheduler, defer, from, mergeMap } from "rxjs";
import * as z from "zod";
import type { GnssReport } from "../fix.ts";
import { skipTally } from "../skipped.ts";
import { LIVE_OPTIONS } from "./live-options.ts";
import type { LiveLink } from "./live-receiver.ts";
import { liveReceiver } from "./live-receiver.ts";
import type { Receiver } from "./receiver.ts";
import { vssLocation } from "./vss-location.ts";
import type { VssLocation } from "./vss-location.ts";
import type { VssUpdate } from "./vss-update.ts";
import type { WheelSpeed } from "./wheel-speed.ts";

export const KuksaOptions = z.strictObject({
  host: z.string().min(1).default("127.0.0.1"),
  port: z.int().min(1).max(65_535).default(55_555),
  /** See `VssOptions`. */
  time: z.enum(["leaf", "stamp"]).default("leaf"),
  /** Whether to follow `Vehicle.Speed`, which the databroker must know then. */
  speed: z.boolean().default(true),
  caFile: z.string().min(1).optional(),
  tokenFile: z.string().min(1).optional(),
  ...LIVE_OPTIONS,
});
export type KuksaOptions = Readonly<z.infer<typeof KuksaOptions>>;

/** A receiver that also says what the wheels say. */
export interface VehicleReceiver extends Receiver {
  /** `Vehicle.Speed` as it comes, while `reports` is subscribed to, and with `clock: "utc"` only. Never fails. */
  readonly wheelSpeeds: Observable<WheelSpeed>;
}

/**
 * Follows `Vehicle.CurrentLocation.*` and `Vehicle.Speed` of the COVESA Vehicle Signal Specification in a KUKSA
 * databroker, over gRPC (`kuksa.val.v2`).
 *
 * Time: with `leaf`, the receiver's UTC in `Timestamp`, as precise as its provider writes it; see `clock` for how it
 * becomes that of the shared clock. With `stamp`, the databroker's clock when it got the position: too new by the
 * delay of receiver and provider, which must be added to `clockErrorMs`. Accuracy: `HorizontalAccuracy` taken as one
 * sigma, so 2.45 times it; none where there is none, and then the policy's `assumedAccuracyM` counts. Speed:
 * `Vehicle.Speed` (km/h) of within 50 ms. Course: `Heading`, but only faster than any vehicle reverses.
 */
export function kuksaReceiver(
  options: KuksaOptions,
  scheduler: SchedulerLike = asyncScheduler,
): VehicleReceiver {
  const wheelSpeeds = new Subject<WheelSpeed>();
  const link = (): LiveLink => {
    const skips = skipTally();
    const location = vssLocation(options, skips);
    const reports = updatesOf(options).pipe(
      mergeMap((update) => {
        const speed = location.speedIn(update);
        // Stamped by the databroker's clock, which is the shared one only where both are UTC.
        if (speed !== undefined && options.clock === "utc") wheelSpeeds.next(speed);
        return reportsIn(location, update);
      }),
    );
    return { reports, skipped: () => skips.list() };
  };
  const name = `KUKSA databroker at ${options.host}:${options.port}`;
  return {
    ...liveReceiver({ name, link }, options, scheduler),
    wheelSpeeds: wheelSpeeds.asObservable(),
  };
}

function reportsIn(location: VssLocation, update: VssUpdate): readonly GnssReport[] {
  const report = location.push(update);
  return report === undefined ? [] : [report];
}

/** gRPC is loaded when it is needed: no other receiver pays for it. */
function updatesOf(options: KuksaOptions): Observable<VssUpdate> {
  return defer(() => from(import("./kuksa-updates.ts"))).pipe(
    mergeMap(({ kuksaUpdates }) => kuksaUpdates(options)),
  );
}
