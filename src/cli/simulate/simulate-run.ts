import { Subject, VirtualTimeScheduler } from "rxjs";
import type { DriveEvent, FrameArrival, PixelSource, SimulatedDrive } from "../../../simulator/index.ts";
import type { GuardPolicyInput } from "../../config.ts";
import { GuardPolicy } from "../../config.ts";
import type { ClearanceMode } from "../../gate/gatekeeper.ts";
import type { Outcome } from "../../gate/record.ts";
import { createGuard } from "../../guard.ts";
import type { Guard, Revocation } from "../../guard.ts";
import type { Redactor } from "../../redaction/redactor.ts";
import { createRedactor } from "../../redaction/redactor.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { FrameIn } from "../../sources/frame.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { SimulatedStorage } from "./simulate-storage.ts";
import { arrivedZones, compiledZones } from "./simulate-zones.ts";
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

/** What comes beside frames. */
type Happening =
  | DriveEvent
  | { readonly kind: "restart"; readonly atMs: number }
  | { readonly kind: "disk-free"; readonly atMs: number }
  | { readonly kind: "report"; readonly atMs: number; readonly report: GnssReport };

/** Events and reports in the order of their times. */
function createComing(drive: SimulatedDrive) {
  const all = drive.events.flatMap((event): Happening[] => {
    if (event.kind === "kill") return [event, { kind: "restart", atMs: event.untilMs }];
    if (event.kind === "disk-full") return [event, { kind: "disk-free", atMs: event.untilMs }];
    return [event];
  });
  for (const { arrivedMs, report } of drive.reports) all.push({ kind: "report", atMs: arrivedMs, report });
  // The sort is stable: events go before reports of the same time.
  all.sort((a, b) => a.atMs - b.atMs);
  let next = 0;
  return {
    until(timeMs: number): readonly Happening[] {
      const from = next;
      while (next < all.length && (all[next]?.atMs ?? 0) <= timeMs) next++;
      return from === next ? NOTHING : all.slice(from, next);
    },
  };
}

const NOTHING: readonly Happening[] = [];

/** One life of the guard: from its start until the end of the drive, or until it is killed. */
interface Life {
  readonly zones: Subject<ZoneSet>;
  readonly fixes: Subject<GnssReport>;
  readonly frames: Map<string, Subject<FrameIn>>;
  /** Frames without an outcome yet, by camera. */
  readonly pending: ReadonlyMap<string, FrameArrival[]>;
  readonly close: () => void;
}

interface Stage extends Omit<SimulationOptions, "pixels"> {
  readonly drive: SimulatedDrive;
  readonly clock: VirtualTimeScheduler;
  readonly redactor: Redactor;
}

/** The guard, while it lives, and all that may happen to it. */
function createVehicle(stage: Stage) {
  const { drive, clock } = stage;
  let life: Life | null = null;
  return {
    happen(event: Happening): void | Promise<void> {
      // A step of the clock is no passing of time: it may go back.
      if (event.kind !== "clock-step") advance(clock, drive.clockAt(event.atMs));
      const next = after(event, life, stage);
      if (next instanceof Promise) return next.then((begun) => void (life = begun));
      life = next;
    },
    frame(arrival: FrameArrival): void {
      advance(clock, drive.clockAt(arrival.arrivedMs));
      const { camera } = arrival.frame;
      const frames = life?.frames.get(camera);
      // A dead camera gives none, a dead guard takes none.
      if (frames === undefined) return;
      life?.pending.get(camera)?.push(arrival);
      frames.next(arrival.frame);
    },
    async end(): Promise<void> {
      life?.close();
      life = null;
      await stage.storage?.close();
    },
  };
}

/** Lets something happen; the life that goes on after it. */
function after(event: Happening, life: Life | null, stage: Stage): Life | null | Promise<Life | null> {
  switch (event.kind) {
    case "report":
      life?.fixes.next(event.report);
      return life;
    case "zones": {
      const set = arrivedZones(event, stage.clock.now());
      if (set !== null) life?.zones.next(set);
      return life;
    }
    case "clock-step":
      stage.clock.frame = stage.drive.clockAt(event.atMs);
      return life;
    case "receiver-ends":
      finish(life?.fixes, event.how);
      return life;
    case "camera-ends":
      finish(life?.frames.get(event.camera), event.how);
      life?.frames.delete(event.camera);
      return life;
    case "kill":
      stage.storage?.kill();
      life?.close();
      return null;
    case "restart":
      return beginLife(event.atMs, stage);
    case "disk-full":
    case "disk-free":
      return fillDisk(event.kind === "disk-full", life, stage);
    default:
      return event satisfies never;
  }
}

/** What was released before is on the disk, or not: that does not depend on this machine's speed. */
async function fillDisk(isFull: boolean, life: Life | null, { storage }: Stage): Promise<Life | null> {
  await storage?.idle();
  storage?.fill(isFull);
  return life;
}

function finish(subject: Subject<FrameIn> | Subject<GnssReport> | undefined, how: "ends" | "fails"): void {
  if (how === "ends") subject?.complete();
  else subject?.error(new Error("it died"));
}

async function beginLife(
  atMs: number,
  { drive, clock, redactor, policy, storage, onOutcome, onRevocation, clearance = "bound" }: Stage,
): Promise<Life> {
  const zones = new Subject<ZoneSet>();
  const fixes = new Subject<GnssReport>();
  const cameras = drive.cameras.map((camera) => ({ ...camera, frames: new Subject<FrameIn>() }));
  const pending = new Map(cameras.map(({ id }) => [id, [] as FrameArrival[]]));
  const given = { fixes, zones, cameras, policy, redactor, clearance };
  const guard: Guard = (await storage?.open(given, clock)) ?? createGuard(given, clock);
  guard.outcomes.subscribe((outcome) => {
    // Outcomes come in the order of the frames, camera by camera.
    const arrival = pending.get(outcome.record.camera)?.shift();
    if (arrival !== undefined) void onOutcome(outcome, arrival);
  });
  guard.revocations.subscribe(onRevocation);
  const gate = guard.open();
  zones.next(compiledZones(drive.zonesAt(atMs), drive.clockAt(atMs)));
  const frames = new Map(cameras.map((camera) => [camera.id, camera.frames]));
  return { zones, fixes, frames, pending, close: () => gate.unsubscribe() };
}
