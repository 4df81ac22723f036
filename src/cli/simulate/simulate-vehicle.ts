import { Subject } from "rxjs";
import type { VirtualTimeScheduler } from "rxjs";
import type { FrameArrival, SimulatedDrive } from "../../../simulator/index.ts";
import type { Guard } from "../../guard-interface.ts";
import { createGuard } from "../../guard.ts";
import type { Redactor } from "../../redaction/redactor.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { FrameIn } from "../../sources/frame.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { advance } from "../replay/virtual-time.ts";
import type { Happening } from "./simulate-happenings.ts";
import type { SimulationOptions } from "./simulate-run.ts";
import type { ZoneReader } from "./simulate-zones.ts";

/** One life of the guard: from its start until the end of the drive, or until it is killed. */
interface Life {
  readonly zones: Subject<ZoneSet>;
  readonly fixes: Subject<GnssReport>;
  readonly frames: Map<string, Subject<FrameIn>>;
  /** Frames without an outcome yet, by camera. */
  readonly pending: ReadonlyMap<string, FrameArrival[]>;
  readonly close: () => void;
}

/** What was killed and does not start again while the disk is full. */
const WAITS = "waits for space";
type State = Life | null | typeof WAITS;

export interface Stage extends Omit<SimulationOptions, "pixels"> {
  readonly drive: SimulatedDrive;
  readonly clock: VirtualTimeScheduler;
  readonly redactor: Redactor;
  readonly zoneReader: ZoneReader;
}

/** The guard, while it lives, and all that may happen to it. */
export function createVehicle(stage: Stage) {
  const { drive, clock } = stage;
  let state: State = null;
  return {
    happen(event: Happening): void | Promise<void> {
      // A step of the clock is no passing of time: it may go back.
      if (event.kind !== "clock-step") advance(clock, drive.clockAt(event.atMs));
      const next = after(event, state, stage);
      if (next instanceof Promise) return next.then((begun) => void (state = begun));
      state = next;
    },
    frame(arrival: FrameArrival): void {
      advance(clock, drive.clockAt(arrival.arrivedMs));
      const { camera } = arrival.frame;
      const life = lifeOf(state);
      const frames = life?.frames.get(camera);
      // A dead camera gives none, a dead guard takes none.
      if (frames === undefined) return;
      life?.pending.get(camera)?.push(arrival);
      frames.next(arrival.frame);
    },
    async end(): Promise<void> {
      lifeOf(state)?.close();
      state = null;
      await stage.storage?.close();
    },
  };
}

function lifeOf(state: State): Life | null {
  return state === WAITS ? null : state;
}

/** Lets something happen; the life that goes on after it. */
function after(event: Happening, state: State, stage: Stage): State | Promise<State> {
  const life = lifeOf(state);
  switch (event.kind) {
    case "report":
      life?.fixes.next(event.report);
      return state;
    case "zones": {
      const set = stage.zoneReader.arrived(event, stage.clock.now());
      return set instanceof Promise ? set.then((come) => takeZones(come, state)) : takeZones(set, state);
    }
    case "clock-step":
      stage.clock.frame = stage.drive.clockAt(event.atMs);
      return state;
    case "receiver-ends":
      finish(life?.fixes, event.how);
      return state;
    case "camera-ends":
      finish(life?.frames.get(event.camera), event.how);
      life?.frames.delete(event.camera);
      return state;
    case "kill":
      stage.storage?.kill();
      life?.close();
      return null;
    case "restart":
      return start(event.atMs, stage);
    case "disk-full":
      return fillDisk(true, state, stage);
    case "disk-free":
      return fillDisk(false, state, stage).then((same) => (same === WAITS ? start(event.atMs, stage) : same));
    default:
      return event satisfies never;
  }
}

/** Whatever starts processes tries again until there is room. */
async function start(atMs: number, stage: Stage): Promise<State> {
  try {
    return await beginLife(atMs, stage);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "ENOSPC") return WAITS;
    throw thrown;
  }
}

function takeZones(set: ZoneSet | null, state: State): State {
  if (set !== null) lifeOf(state)?.zones.next(set);
  return state;
}

/** What was released before is on the disk, or not: that does not depend on this machine's speed. */
async function fillDisk(isFull: boolean, state: State, { storage }: Stage): Promise<State> {
  await storage?.idle();
  storage?.fill(isFull);
  return state;
}

function finish(subject: Subject<FrameIn> | Subject<GnssReport> | undefined, how: "ends" | "fails"): void {
  if (how === "ends") subject?.complete();
  else subject?.error(new Error("it died"));
}

async function beginLife(
  atMs: number,
  {
    drive,
    clock,
    redactor,
    policy,
    storage,
    zoneReader,
    onOutcome,
    onRevocation,
    clearance = "bound",
  }: Stage,
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
  zones.next(await zoneReader.read(drive.zonesAt(atMs), drive.clockAt(atMs)));
  const frames = new Map(cameras.map((camera) => [camera.id, camera.frames]));
  return { zones, fixes, frames, pending, close: () => gate.unsubscribe() };
}
