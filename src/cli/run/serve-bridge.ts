import type { Observable } from "rxjs";
import { Subscription, interval } from "rxjs";
import type { DaemonConfig } from "../../config.ts";
import type { Pipeline } from "../../pipeline.ts";
import type { GnssReport } from "../../sources/fix.ts";
import type { Log } from "./log.ts";

export interface BridgeParts {
  readonly pipeline: Pick<Pipeline, "outcomes" | "zonesInForce">;
  /** What the receiver says. */
  readonly fixes: Observable<GnssReport>;
  readonly nowMs: () => number;
  readonly log: Log;
}

/** Where viewers connect to; the subscription ends it. */
export interface RunningBridge {
  readonly url: string;
  readonly serving: Subscription;
}

/** How often viewers are told the time. */
const CLOCK_MS = 100;

/**
 * Serves what the vehicle releases, live, where the configuration wants that; null where it does not. Rule 1: it is given
 * what the gate gave out, and has no way to the cameras. Throws CamfenceError `usage` for a port that is taken.
 */
export async function serveBridge(
  { bridge: { enabled, host, port }, policy }: DaemonConfig,
  { pipeline, fixes, nowMs, log }: BridgeParts,
): Promise<RunningBridge | null> {
  if (!enabled) return null;
  const { showGuard } = await import("../../web/bridge/attach.ts");
  const { openBridgeServer } = await import("../../web/bridge/bridge-server.ts");
  const onClient = (): void => log.info("bridge: a viewer has come");
  const server = await openBridgeServer({ host, port, onClient });
  const { outcomes, zonesInForce } = pipeline;
  const serving = showGuard(server, { outcomes, fixes, zonesInForce }, policy.positioning);
  serving.add(interval(CLOCK_MS).subscribe(() => server.tellTime(nowMs())));
  serving.add(() => {
    if (server.missed() > 0)
      log.warn("bridge: viewers were too slow for some messages", { missed: server.missed() });
    void server.close();
  });
  return { url: `ws://${host.includes(":") ? `[${host}]` : host}:${server.port}`, serving };
}
