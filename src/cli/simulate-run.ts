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
  const vehicle = createVehicle(drive, clock, redactor, {
    ...options,
    onOutcome: (outcome, arrival) => underWay.add(options.onOutcome(outcome, arrival)),
  });
  const coming = createComing(drive);
  vehicle.begin(drive.startMs);
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

/** The guard, and all that may happen to it. */
function createVehicle(
  drive: SimulatedDrive,
  clock: VirtualTimeScheduler,
  redactor: Redactor,
  options: Omit<SimulationOptions, "pixels">,
) {
  let life: Life | null = null;

  function happen(event: Happening): void {
    if (event.kind !== "clock-step") advance(clock, drive.clockAt(event.atMs));
    switch (event.kind) {
      case "report":
        life?.fixes.next(event.report);
        return;
      case "zones": {
        const set = arrivedZones(event, clock.now());
        if (set !== null) life?.zones.next(set);
        return;
      }
      case "clock-step":
        // Not by `advance`: it may go back.
        clock.frame = drive.clockAt(event.atMs);
        return;
      case "receiver-ends":
        if (life !== null) finish(life.fixes, event.how);
        return;
      case "camera-ends":
        finish(life?.frames.get(event.camera), event.how);
        life?.frames.delete(event.camera);
        return;
      case "kill":
        life?.close();
        life = null;
        return;
      case "restart":
        life = beginLife(drive, event.atMs, clock, redactor, options);
        return;
      case "disk-full":
        // Nothing is stored here.
        return;
      default:
        return event satisfies never;
    }
  }

  return {
    begin: (atMs: number) => happen({ kind: "restart", atMs }),
    happen,
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

function finish(
  subject: Subject<never> | Subject<FrameIn> | Subject<GnssReport> | undefined,
  how: "ends" | "fails",
): void {
  if (how === "ends") subject?.complete();
  else subject?.error(new Error("it died"));
}

function beginLife(
  drive: SimulatedDrive,
  atMs: number,
  clock: VirtualTimeScheduler,
  redactor: Redactor,
  { policy, onOutcome, onRevocation, clearance = "bound" }: Omit<SimulationOptions, "pixels">,
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
