import type { DaemonConfig } from "../../config.ts";
import type { Vehicle } from "./guard-vehicle.ts";
import { openCameras } from "./open-cameras.ts";
import type { DaemonIo } from "./run.ts";
import { schedulerOf } from "./shared-clock.ts";

/**
 * Starts the cameras first: an ffmpeg takes as long as all else, which is read and checked meanwhile. Throws CamfenceError
 * for what keeps the gate closed; the cameras are ended then.
 */
export async function startVehicle(config: DaemonConfig, io: DaemonIo): Promise<Vehicle> {
  const scheduler = schedulerOf(io);
  const cameras = openCameras(config, io.stdin, scheduler);
  try {
    const { guardVehicle } = await import("./guard-vehicle.ts");
    return await guardVehicle(config, io, { cameras, scheduler });
  } catch (thrown) {
    cameras.running.unsubscribe();
    throw thrown;
  }
}
