import { Subject, VirtualTimeScheduler } from "rxjs";
import type { DriveEvent, FrameArrival, PixelSource, SimulatedDrive } from "../../simulator/index.ts";
import type { GuardPolicyInput } from "../config.ts";
import { GuardPolicy } from "../config.ts";
import type { ClearanceMode } from "../gate/gatekeeper.ts";
import type { Outcome } from "../gate/record.ts";
import { createGuard } from "../guard.ts";
import type { Revocation } from "../guard.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { createRedactor } from "../redaction/redactor.ts";
import type { GnssReport } from "../sources/fix.ts";
import type { FrameIn } from "../sources/frame.ts";
import type { ZoneSet } from "../zones/zone-set.ts";
import { arrivedZones, compiledZones } from "./simulate-zones.ts";
import { advance, createUnderWay } from "./virtual-time.ts";

export interface SimulationOptions {
  readonly policy: GuardPolicyInput;
  readonly pixels?: PixelSource | undefined;
  /** @default "bound" */
  readonly clearance?: ClearanceMode | undefined;
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
  const redactor = underWay.watch(createRedactor(GuardPolicy.parse(options.policy).redaction));
  const vehicle = createVehicle({
    ...options,
    drive,
    clock,
    redactor,
    onOutcome: (outcome, arrival) => underWay.add(options.onOutcome(outcome, arrival)),
  });
  const coming = createComing(drive);
  vehicle.happen({ kind: "restart", atMs: drive.startMs });
  for (const arrival of drive.frames(options.pixels)) {
    for (const next of coming.until(arrival.arrivedMs)) vehicle.happen(next);
    vehicle.frame(arrival);
    if (underWay.any()) await underWay.done();
  }
  for (const next of coming.until(Infinity)) vehicle.happen(next);
  // Frames that still wait for a next fix have waited long enough.
  advance(clock, Infinity);
  await underWay.done();
  vehicle.end();
}

/** What comes beside frames. */
type Happening =
  | DriveEvent
  | { readonly kind: "restart"; readonly atMs: number }
  | { readonly kind: "report"; readonly atMs: number; readonly report: GnssReport };

/** Events and reports in the order of their times. */
function createComing(drive: SimulatedDrive) {
  const all: Happening[] = drive.events.flatMap((event): Happening[] =>
    event.kind === "kill" ? [event, { kind: "restart", atMs: event.untilMs }] : [event],
  );
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
    happen(event: Happening): void {
      // A step of the clock is no passing of time: it may go back.
      if (event.kind !== "clock-step") advance(clock, drive.clockAt(event.atMs));
      life = after(event, life, stage);
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
    end(): void {
      life?.close();
      life = null;
    },
  };
}

/** Lets something happen; the life that goes on after it. */
function after(event: Happening, life: Life | null, stage: Stage): Life | null {
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
      life?.close();
      return null;
    case "restart":
      return beginLife(event.atMs, stage);
    case "disk-full":
      // Nothing is stored here.
      return life;
    default:
      return event satisfies never;
  }
}

function finish(subject: Subject<FrameIn> | Subject<GnssReport> | undefined, how: "ends" | "fails"): void {
  if (how === "ends") subject?.complete();
  else subject?.error(new Error("it died"));
}

function beginLife(
  atMs: number,
  { drive, clock, redactor, policy, onOutcome, onRevocation, clearance = "bound" }: Stage,
): Life {
  const zones = new Subject<ZoneSet>();
  const fixes = new Subject<GnssReport>();
  const cameras = drive.cameras.map((camera) => ({ ...camera, frames: new Subject<FrameIn>() }));
  const pending = new Map(cameras.map(({ id }) => [id, [] as FrameArrival[]]));
  const guard = createGuard({ fixes, zones, cameras, policy, redactor, clearance }, clock);
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
