import type { Camera } from "../src/sources/camera.ts";
import type { DriveEvent } from "./drive.ts";
import type { Fault } from "./scenario/trouble.ts";
import type { Clocks } from "./clock.ts";

/** What happens to the vehicle beside reports and frames; zone sets come from elsewhere. */
export function otherEvents(
  faults: readonly Fault[],
  { steps }: Clocks,
  cameras: readonly Camera[],
  startMs: number,
): readonly DriveEvent[] {
  const clockSteps = steps
    .filter(({ of }) => of === "all")
    .map(({ atS, byMs }): DriveEvent => ({ kind: "clock-step", atMs: startMs + 1000 * atS, byMs }));
  return [...clockSteps, ...faults.flatMap((fault) => eventsOf(fault, cameras, startMs + 1000 * fault.atS))];
}

function eventsOf(fault: Fault, cameras: readonly Camera[], atMs: number): readonly DriveEvent[] {
  switch (fault.kind) {
    case "receiver-dies":
      return fault.how === "silent" ? [] : [{ kind: "receiver-ends", atMs, how: fault.how }];
    case "camera-dies":
      return cameras
        .filter(({ id }) => (fault.camera ?? id) === id)
        .map(({ id }) => ({ kind: "camera-ends", atMs, camera: id, how: fault.how }));
    case "disk-full":
      return [{ kind: "disk-full", atMs, untilMs: atMs + 1000 * fault.forS }];
    case "kill":
      return [{ kind: "kill", atMs, untilMs: atMs + 1000 * fault.downS }];
    case "zones-replaced":
    case "frame-burst":
    case "broken-frames":
    case "no-fix-elsewhere":
    case "wrong-places":
      return [];
    default:
      return fault satisfies never;
  }
}
