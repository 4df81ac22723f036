import { Subject, Subscription, interval, tap } from "rxjs";
import type { SchedulerLike } from "rxjs";
import type { DaemonConfig } from "../../config.ts";
import type { GuardOptions } from "../../guard.ts";
import { openPipeline } from "../../pipeline.ts";
import type { Pipeline } from "../../pipeline.ts";
import type { CameraSource } from "../../sources/cameras/camera-source.ts";
import type { GnssReport } from "../../sources/fix.ts";
import { openReceiver } from "../../sources/live/open-receiver.ts";
import { healthOf } from "./health.ts";
import type { Health } from "./health.ts";
import { logEvents, logFeed } from "./log-events.ts";
import { createLog } from "./log.ts";
import type { Log } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import type { Metrics } from "./metrics.ts";
import type { OpenCameras } from "./open-cameras.ts";
import type { DaemonIo } from "./run.ts";
import { refuseIf, selfTest } from "./self-test.ts";
import type { BridgeParts } from "./serve-bridge.ts";
import { serveBridge } from "./serve-bridge.ts";
import { createServiceManager } from "./service-manager.ts";
import type { ServiceManager } from "./service-manager.ts";
import type { StatusServerOptions } from "./status-server.ts";
import { serveStatus } from "./status-server.ts";
import { createVehicleState } from "./vehicle-state.ts";
import type { VehicleStateKeeper } from "./vehicle-state.ts";
import type { ZoneFeed } from "./zone-feed.ts";
import { openZoneFeed } from "./zone-feed.ts";

export interface Vehicle {
  /** Closes the gate at once, then seals and signs; `too-late` when that took longer than `stop.withinMs`. */
  stop(): Promise<"in-time" | "too-late">;
}

export interface Started {
  readonly cameras: OpenCameras;
  readonly scheduler: SchedulerLike;
}

/**
 * Zones, self-test, keys and folder first, and the gate last: what fails before it never opens it. Throws CamfenceError
 * then.
 */
export async function guardVehicle(config: DaemonConfig, io: DaemonIo, started: Started): Promise<Vehicle> {
  const { scheduler, cameras } = started;
  const log = createLog(config.log.level, io.stdout, io.nowMs);
  const state = createVehicleState(
    config.cameras.map(({ id }) => id),
    scheduler,
  );
  cameras.feeds.subscribe(({ camera, feed }) => {
    state.feed(camera, feed);
    logFeed(camera, feed, log);
  });
  const zones = await openZoneFeed(config.zones, io.reload, scheduler);
  refuseIf(await selfTest(zones.first, io.nowMs()));
  return join(config, io, { scheduler, log, state, cameras: seenBy(state, cameras), zones });
}

interface Parts {
  readonly scheduler: SchedulerLike;
  readonly log: Log;
  readonly state: VehicleStateKeeper;
  readonly cameras: GuardOptions["cameras"];
  readonly zones: ZoneFeed;
}

function seenBy(state: VehicleStateKeeper, { cameras }: OpenCameras): GuardOptions["cameras"] {
  return cameras.map((camera) => ({
    ...camera,
    frames: camera.frames.pipe(tap(({ seq }) => state.frameIn(camera.id, seq))),
  }));
}

async function join(config: DaemonConfig, io: DaemonIo, parts: Parts): Promise<Vehicle> {
  const { scheduler, log, state, cameras, zones } = parts;
  const receiver = openReceiver(config.sources.position, io.stdin, scheduler);
  const fixes = new Subject<GnssReport>();
  const { readings, notices } = zones;
  const pipeline = await openPipeline(
    {
      fixes: receiver.reports.pipe(
        tap((report) => state.report(report)),
        tap(fixes),
      ),
      ...(receiver.wheelSpeeds !== undefined && { wheelSpeeds: receiver.wheelSpeeds }),
      zones: zones.sets,
      cameras,
      policy: config.policy,
      storage: config.storage,
      environment: io.environment,
    },
    scheduler,
  );
  const read = () => state.read(receiver.status(), pipeline.status(), zones.updateStatus());
  const metrics = createMetrics(read, io.nowMs);
  const { maxFixAgeMs } = config.policy.positioning;
  const health = (): Health => healthOf(read(), io.nowMs(), maxFixAgeMs);
  const shown = { metrics, health, pipeline, fixes, nowMs: io.nowMs, log };
  const { running, status, bridge } = await openServers(config, shown).catch(async (thrown: unknown) => {
    await pipeline.close();
    throw thrown;
  });
  const manager = createServiceManager(io.environment, log);
  running.add(keepState({ pipeline, zones, state, metrics, config, io }));
  running.add(logEvents({ pipeline, readings, notices, receiver, log }));
  if (manager.watchdogMs !== null) running.add(interval(manager.watchdogMs).subscribe(() => manager.alive()));
  pipeline.open();
  manager.ready("guarding");
  log.info("guarding", {
    status,
    bridge,
    zoneSet: zones.first?.hash ?? null,
    cameras: config.cameras.length,
  });
  return { stop: () => stop(config, { pipeline, running, log, manager }) };
}

/** What looks at the vehicle from outside: all servers, or none. */
async function openServers(
  config: DaemonConfig,
  { metrics, health, ...parts }: Pick<StatusServerOptions, "metrics" | "health"> & BridgeParts,
) {
  const status = await serveStatus({ ...config.metrics, metrics, health });
  const running = new Subscription(() => status.close());
  try {
    const bridge = await serveBridge(config, parts);
    if (bridge !== null) running.add(bridge.serving);
    return { running, status: status.url, bridge: bridge?.url ?? null };
  } catch (thrown) {
    running.unsubscribe();
    throw thrown;
  }
}

interface Kept {
  readonly pipeline: Pipeline;
  readonly zones: ZoneFeed;
  readonly state: VehicleStateKeeper;
  readonly metrics: Metrics;
  readonly config: DaemonConfig;
  readonly io: DaemonIo;
}

function keepState({ pipeline, zones, state, metrics, config, io }: Kept): Subscription {
  const latenciesMs = new Map(config.cameras.map(({ id, source }) => [id, latencyOf(source)]));
  const following = new Subscription();
  following.add(
    pipeline.outcomes.subscribe((outcome) => {
      const tookMs = state.outcome(outcome);
      zones.observeTime(state.trustedFixMs() ?? 0);
      const { camera, timeMs } = outcome.record;
      metrics.outcome(outcome, { tookMs, lateMs: io.nowMs() - timeMs - (latenciesMs.get(camera) ?? 0) });
    }),
  );
  following.add(pipeline.zonesInForce.subscribe((set) => state.zonesInForce(set)));
  following.add(zones.readings.subscribe((reading) => state.zonesRead(reading)));
  return following;
}

function latencyOf(source: CameraSource): number {
  return "latencyMs" in source ? source.latencyMs : 0;
}

interface Running {
  readonly pipeline: Pipeline;
  readonly running: Subscription;
  readonly log: Log;
  readonly manager: ServiceManager;
}

async function stop(
  { stop: { sendForMs, withinMs } }: DaemonConfig,
  { pipeline, running, log, manager }: Running,
): Promise<"in-time" | "too-late"> {
  manager.stopping();
  log.info("stopping: the gate is closed");
  const ledger = await Promise.race([pipeline.close({ sendForMs }), wait(sendForMs + withinMs)]);
  if (ledger === "written") log.info("stopped", { ledger });
  else log.error("stopped", { ledger: ledger ?? "not closed in time" });
  running.unsubscribe();
  return ledger === null ? "too-late" : "in-time";
}

function wait(ms: number): Promise<null> {
  return new Promise((resolve) => setTimeout(() => resolve(null), ms).unref());
}
