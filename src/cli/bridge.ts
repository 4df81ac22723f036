import { once } from "node:events";
import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { Subject, of } from "rxjs";
import { GuardPolicy } from "../config.ts";
import { CamfenceError } from "../core/errors.ts";
import type { Outcome } from "../gate/record.ts";
import type { GnssReport } from "../sources/fix.ts";
import { showGuard } from "../web/bridge/attach.ts";
import type { BridgeServer } from "../web/bridge/bridge-server.ts";
import { openBridgeServer } from "../web/bridge/bridge-server.ts";
import { numberOption, parseOptions } from "./arguments.ts";
import type { ExitCode, Io } from "./io.ts";
import { loadZoneSet } from "./load-zone-set.ts";
import { replayDrive } from "./replay/replay-drive.ts";
import { JOB_HELP, JOB_OPTIONS, replayJob } from "./replay/replay-job.ts";
import type { Job } from "./replay/replay-job.ts";
import { openDriveSource } from "./replay/replay-source.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence bridge DRIVE --zones PATH…

Plays a recorded drive through the gate in real time, and serves what is released over the Foxglove WebSocket
protocol: Foxglove and Lichtblick show it live (open connection, ws://localhost:8765). Released images, a verdict for
every frame, and positions outside zones; nothing else leaves.

${JOB_HELP}
  --port N           where to listen                                 [8765]
  --host NAME        on which address; others than this computer's can be reached by anybody [127.0.0.1]
  --speed X          times real time                                 [1]
  --wait             begin when the first viewer has come
  --help             this text

Example: camfence bridge drive.mcap --zones geofences/ --cameras front:0:100

A viewer that is too slow misses messages; nothing waits for it. Ends with the drive, or by SIGTERM.
Exit code: 0 played, 1 a drive or a zone file is wrong, 2 wrong usage or a port that is taken.
`;

const OPTIONS = {
  ...JOB_OPTIONS,
  port: { type: "string" },
  host: { type: "string" },
  speed: { type: "string" },
  wait: { type: "boolean" },
} as const;

export interface BridgeIo extends Io {
  /** Ends the command. */
  readonly stop: AbortSignal;
}

/** `camfence bridge`. Throws CamfenceError for wrong usage, and for a drive or zone files that cannot be used. */
export const run = withHelp(HELP, async (args: readonly string[], io: BridgeIo): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const job = await replayJob(values, positionals);
  const [path, ...more] = job.drives;
  if (path === undefined || more.length > 0)
    throw new CamfenceError("usage", "expected one drive; see --help");
  const speed = numberOption("speed", values.speed ?? "1", 0.001, 1000);
  const viewers = new EventTarget();
  const server = await openBridgeServer({
    port: numberOption("port", values.port ?? "8765", 0, 65_535),
    ...(values.host !== undefined && { host: values.host }),
    onClient: () => viewers.dispatchEvent(new Event("come")),
  });
  try {
    io.stderr(`camfence: serving ws://${values.host ?? "127.0.0.1"}:${server.port}\n`);
    const come = values.wait === true ? once(viewers, "come", { signal: io.stop }) : Promise.resolve();
    await play(path, job, { server, speed, come }, io);
  } catch (thrown) {
    if (!io.stop.aborted) throw thrown;
  } finally {
    await server.close();
  }
  if (server.missed() > 0) io.stderr(`camfence: viewers were too slow for ${server.missed()} messages\n`);
  return 0;
});

interface Stage {
  readonly server: BridgeServer;
  readonly speed: number;
  readonly come: Promise<unknown>;
}

async function play(path: string, job: Job, { server, speed, come }: Stage, io: BridgeIo): Promise<void> {
  const source = await openDriveSource(path, job.source, (line) => io.stderr(`camfence: warning: ${line}\n`));
  const { lines, cameras, framesOf } = source;
  const startMs = lines[0]?.startMs ?? 0;
  const zones = await loadZoneSet(job.zonePaths, startMs, io, source.camerasAreNamed ? "as-stated" : "all");
  const { policy } = job.settings;
  const [outcomes, fixes] = [new Subject<Outcome>(), new Subject<GnssReport>()];
  showGuard(server, { outcomes, fixes, zonesInForce: of(zones) }, GuardPolicy.parse(policy).positioning);
  await come;
  await replayDrive({
    lines,
    zones,
    cameras,
    framesOf,
    policy,
    onOutcome: (outcome) => outcomes.next(outcome),
    onReport: (report) => fixes.next(report),
    onRevocation: () => {},
    onProgress: () => {},
    pace: realTime(speed, server, io),
  });
}

/** A jump of the drive's clock is not waited for. */
const MAX_WAIT_MS = 10_000;

/** Waits until a time of the drive has come. */
function realTime(
  speed: number,
  server: BridgeServer,
  { nowMs, stop }: BridgeIo,
): (timeMs: number) => Promise<void> {
  let [driveMs, wallMs] = [Number.NaN, Number.NaN];
  return async (timeMs) => {
    const dueMs = wallMs + (timeMs - driveMs) / speed;
    const waitMs = dueMs - nowMs();
    // Also at the beginning, where nothing is known.
    if (!(Math.abs(waitMs) < MAX_WAIT_MS)) [driveMs, wallMs] = [timeMs, nowMs()];
    else if (waitMs > 0) await sleep(waitMs, undefined, { signal: stop });
    // Late already: viewers must be served all the same.
    else await setImmediate();
    stop.throwIfAborted();
    server.tellTime(timeMs);
  };
}
