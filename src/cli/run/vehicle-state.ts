import type { SchedulerLike } from "rxjs";
import type { Outcome } from "../../gate/record.ts";
import type { Reason } from "../../gate/verdict.ts";
import type { PipelineStatus } from "../../audit/pipeline-status.ts";
import type { FeedState } from "../../sources/cameras/supervise.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { ReceiverHealth } from "../../sources/live/receiver.ts";
import type { UpdateStatus } from "../../zones/update/update-status.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import type { ZoneReading } from "./zone-folder.ts";

/** How one camera is. */
export interface CameraState {
  readonly feed: FeedState;
  readonly restarts: number;
  readonly framesIn: number;
  /** Of frames that have no outcome yet: when each arrived, by the process's own clock, which nobody sets. */
  readonly arrivalsMs: ReadonlyMap<number, number>;
  /** Arrival of the last frame; null before the first. */
  readonly lastFrameMs: number | null;
}

/** What metrics and health tell; names no place. */
export interface VehicleState {
  readonly cameras: ReadonlyMap<string, CameraState>;
  readonly receiver: ReceiverHealth;
  /** Time of validity of the newest fix; null before the first. */
  readonly fixMs: number | null;
  /** Of the newest judged frame; null while the reach is unknown. */
  readonly reachRadiusM: number | null;
  readonly zones: Pick<ZoneSet, "hash" | "issuedMs" | "expiresMs"> | null;
  /** Whether the last reading of the zone files was refused: an older set is in force. */
  readonly zonesRefused: boolean;
  /** null where zones are files. */
  readonly zoneUpdates: UpdateStatus | null;
  readonly pipeline: PipelineStatus;
}

/** Frames dropped for themselves, wherever the vehicle is: they say nothing about the reach. */
const UNJUDGED: readonly Reason[] = ["bad-frame", "late-frame", "overload"];

/** Follows the parts of a running vehicle. */
export function createVehicleState(cameraIds: readonly string[], scheduler: SchedulerLike) {
  const cameras = new Map(cameraIds.map((id) => [id, newCamera()]));
  let fixMs: number | null = null;
  let reachRadiusM: number | null = null;
  let newestIsJudged = false;
  let zones: VehicleState["zones"] = null;
  let zonesRefused = false;
  return {
    feed(id: string, feed: FeedState): void {
      const camera = cameras.get(id);
      if (camera === undefined) return;
      if (feed.kind === "down") camera.restarts++;
      camera.feed = feed;
    },
    frameIn(id: string, seq: number): void {
      const camera = cameras.get(id);
      if (camera === undefined) return;
      camera.framesIn++;
      camera.lastFrameMs = scheduler.now();
      camera.arrivalsMs.set(seq, performance.now());
    },
    /** Gives how long ago the frame arrived, milliseconds. */
    outcome({ record }: Outcome): number {
      newestIsJudged = record.radiusM !== null || !UNJUDGED.includes(record.reason);
      if (newestIsJudged) reachRadiusM = record.radiusM;
      const arrivalsMs = cameras.get(record.camera)?.arrivalsMs;
      const arrivalMs = arrivalsMs?.get(record.seq) ?? Number.NaN;
      arrivalsMs?.delete(record.seq);
      return performance.now() - arrivalMs;
    },
    report(report: GnssReport): void {
      if (report.quality !== "none") fixMs = report.timeMs;
    },
    /** Of the newest fix, while frames are judged by it; null while the reach is unknown. */
    trustedFixMs: (): number | null => (newestIsJudged && reachRadiusM !== null ? fixMs : null),
    zonesInForce(set: ZoneSet): void {
      zones = set;
    },
    zonesRead(reading: ZoneReading): void {
      zonesRefused = reading.kind === "refused";
    },
    read(receiver: ReceiverHealth, pipeline: PipelineStatus, zoneUpdates: UpdateStatus | null): VehicleState {
      return { cameras, receiver, fixMs, reachRadiusM, zones, zonesRefused, zoneUpdates, pipeline };
    },
  };
}
export type VehicleStateKeeper = ReturnType<typeof createVehicleState>;

function newCamera() {
  return {
    feed: { kind: "starting" } as FeedState,
    restarts: 0,
    framesIn: 0,
    arrivalsMs: new Map<number, number>(),
    lastFrameMs: null as number | null,
  };
}
