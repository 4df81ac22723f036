import type { DaemonConfig } from "../../config.ts";
import type { DaemonIo } from "./run.ts";
import { refuseIf, selfTest } from "./self-test.ts";
import { schedulerOf } from "./shared-clock.ts";
import { openZoneFeed } from "./zone-feed.ts";

/** The self-test alone: nothing is opened. Throws CamfenceError for what would keep the gate closed. */
export async function checkVehicle({ zones }: DaemonConfig, io: DaemonIo): Promise<void> {
  if (zones.updates === undefined) {
    const { first } = await openZoneFeed(zones, io.reload, schedulerOf(io));
    return refuseIf(await selfTest(first, io.nowMs()));
  }
  // The store may be a running daemon's.
  const { updateFiles } = await import("../../zones/update/open-updates.ts");
  await updateFiles(zones.updates);
  refuseIf(await selfTest(null, io.nowMs()));
}
