import { VirtualTimeScheduler } from "rxjs";
import type { FrameArrival, PixelSource, SimulatedDrive } from "../../../simulator/index.ts";
import type { GuardPolicyInput } from "../../config.ts";
import { GuardPolicy } from "../../config.ts";
import type { ClearanceMode } from "../../gate/gatekeeper.ts";
import type { Outcome } from "../../gate/record.ts";
import type { Revocation } from "../../guard-interface.ts";
import { createRedactor } from "../../redaction/redactor.ts";
import type { SimulatedStorage } from "./simulate-storage.ts";
import type { ZoneReader } from "./simulate-zones.ts";
import { createZoneReader } from "./simulate-zones.ts";
import { createVehicle } from "./simulate-vehicle.ts";
import type { Happening } from "./simulate-happenings.ts";
import { createComing } from "./simulate-happenings.ts";
import { advance, createUnderWay } from "../replay/virtual-time.ts";

export interface SimulationOptions {
  readonly policy: GuardPolicyInput;
  readonly pixels?: PixelSource | undefined;
  /** @default "bound" */
  readonly clearance?: ClearanceMode | undefined;
  /** Where what is released is kept; null = nowhere. @default null */
  readonly storage?: SimulatedStorage | null;
  /** Called for every frame with an outcome, and the frame as it arrived. What it returns is awaited before time goes on. */
  readonly onOutcome: (outcome: Outcome, arrival: FrameArrival) => void | Promise<void>;
  readonly onRevocation: (revocation: Revocation) => void;
}

/**
 * Drives a simulated drive through the guard in virtual time. The clock shows what the drive's shared clock shows, steps
 * and all. At equal times events come first, then reports, then frames.
 */
export async function runDrive(drive: SimulatedDrive, options: SimulationOptions): Promise<void> {
  const zoneReader = createZoneReader(drive.scenario.zones.given);
  try {
    await driveThrough(drive, options, zoneReader);
  } finally {
    await zoneReader.close();
  }
}

async function driveThrough(
  drive: SimulatedDrive,
  options: SimulationOptions,
  zoneReader: ZoneReader,
): Promise<void> {
  const clock = new VirtualTimeScheduler();
  clock.frame = drive.clockAt(drive.startMs);
  const underWay = createUnderWay();
  const { redaction, gate } = GuardPolicy.parse(options.policy);
  const redactor = underWay.watch(createRedactor(redaction));
  const vehicle = createVehicle({
    ...options,
    drive,
    clock,
    redactor,
    zoneReader,
    onOutcome(outcome, arrival) {
      void underWay.add(options.onOutcome(outcome, arrival));
      if (options.storage != null) void underWay.add(options.storage.idle());
    },
  });
  const coming = createComing(drive);
  const happen = async (all: readonly Happening[]): Promise<void> => {
    for (const next of all) {
      // Reports are over at once: awaiting each would cost more than taking it.
      const goingOn = vehicle.happen(next);
      if (goingOn instanceof Promise) await goingOn;
    }
  };
  await happen([{ kind: "restart", atMs: drive.startMs }]);
  for (const arrival of drive.frames(options.pixels)) {
    const due = coming.until(arrival.arrivedMs);
    if (due.length > 0) await happen(due);
    vehicle.frame(arrival);
    if (underWay.any()) await underWay.done();
  }
  await happen(coming.until(Infinity));
  // Frames that still wait for a next fix have waited long enough.
  advance(clock, clock.frame + gate.holdMs + gate.maxRedactionMs);
  await underWay.done();
  await vehicle.end();
}
