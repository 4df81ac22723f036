import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Subject, VirtualTimeScheduler, asyncScheduler } from "rxjs";
import type { NamedBytes } from "../../src/audit/ledger-entries.ts";
import { verifyLedger } from "../../src/audit/verify-ledger.ts";
import type { StoreEvent } from "../../src/buffer/segment-store.ts";
import { readLedgerFiles } from "../../src/cli/ledger/ledger-files.ts";
import { StorageConfig } from "../../src/config.ts";
import type { Outcome } from "../../src/gate/record.ts";
import { openPipeline } from "../../src/pipeline.ts";
import type { Pipeline, PipelineOptions } from "../../src/pipeline.ts";
import type { Camera } from "../../src/sources/camera.ts";
import type { GnssReport } from "../../src/sources/fix.ts";
import type { Frame, FrameIn } from "../../src/sources/frame.ts";
import type { UploadOutcome } from "../../src/upload/outcome.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import type { DataCentre } from "../upload/kit/data-centre.ts";
import { TOKEN } from "../upload/kit/data-centre.ts";
import { tempDir } from "./cli.ts";
import { T0_MS } from "./drives.ts";
import { PLAIN_REDACTOR, frameAt } from "./frames.ts";
import { fixAt } from "./place.ts";

/** A vehicle's keys and its configuration as a file has it; the folder is used by whoever opens it. */
export function vehicleInput(
  regions: readonly Record<string, unknown>[] = [],
  more: Record<string, unknown> = {},
) {
  const dir = tempDir();
  const file = (name: string, text: string): string => {
    writeFileSync(join(dir, name), text, { mode: 0o600 });
    return join(dir, name);
  };
  const { privateKey } = generateKeyPairSync("ed25519");
  return {
    vehicle: "test-vehicle",
    folder: join(dir, "data"),
    deviceKey: { file: file("device.key", randomBytes(32).toString("hex")) },
    ledgerKey: { file: file("ledger.key", privateKey.export({ format: "pem", type: "pkcs8" }).toString()) },
    regions,
    upload: { firstRetryMs: 20, maxRetryMs: 200, pollMs: 20 },
    ...more,
    buffer: { minFreeBytes: 0, ...(more["buffer"] as object | undefined) },
  };
}

export function vehicleConfig(...given: Parameters<typeof vehicleInput>): StorageConfig {
  return StorageConfig.parse(vehicleInput(...given));
}

/** The configuration of a region whose data centre listens at `endpoint`. */
export function regionOf({ region, recipient, receiptKey }: DataCentre, endpoint: string) {
  const tokenFile = join(tempDir(), "token");
  writeFileSync(tokenFile, `${TOKEN}\n`);
  return { id: region, endpoint, recipient, receiptKey, tokenFile };
}

export type Joined = Awaited<ReturnType<typeof joinedVehicle>>;

/** The whole vehicle with its inputs in the test's hands, and a clock that moves only when told; the link's is real. */
export async function joinedVehicle(
  config: StorageConfig,
  more: Partial<Omit<PipelineOptions, "storage" | "cameras">> & {
    readonly cameras?: readonly Partial<Camera>[];
  } = {},
  startMs = T0_MS,
) {
  const clock = new VirtualTimeScheduler();
  clock.frame = startMs;
  const { cameras: mounts = [{ id: "front" }], ...options } = more;
  const cameras = mounts.map((mount) => ({
    id: "front",
    yawDeg: 0,
    hfovDeg: 100,
    ...mount,
    frames: new Subject<FrameIn>(),
  }));
  const inputs = { fixes: new Subject<GnssReport>(), zones: new Subject<ZoneSet>() };
  const pipeline: Pipeline = await openPipeline(
    { ...inputs, redactor: PLAIN_REDACTOR, ...options, cameras, storage: config },
    clock,
    asyncScheduler,
  );
  const [outcomes, events, uploads]: [Outcome[], StoreEvent[], UploadOutcome[]] = [[], [], []];
  pipeline.outcomes.subscribe((outcome) => outcomes.push(outcome));
  pipeline.stored.subscribe((event) => events.push(event));
  pipeline.uploads.subscribe((outcome) => uploads.push(outcome));
  pipeline.open();
  let seq = 0;

  const vehicle = {
    pipeline,
    inputs,
    outcomes,
    events,
    uploads,
    nowMs: () => clock.now(),
    useZones: (set: ZoneSet) => inputs.zones.next(set),
    async pass(ms: number): Promise<void> {
      clock.maxFrames = clock.frame + ms;
      clock.flush();
      clock.frame = clock.maxFrames;
      await pipeline.idle();
    },
    setClock(toMs: number): void {
      clock.frame = toMs;
    },
    fix: (changes: Parameters<typeof fixAt>[1] = {}) => inputs.fixes.next(fixAt(clock.now(), changes)),
    frame(changes: Partial<Frame> = {}, camera = 0): void {
      const input = cameras[camera];
      input?.frames.next(frameAt(clock.now(), { camera: input.id, seq: seq++, ...changes }));
    },
    /** So many steps of 100 ms, each with a fix and a frame of every camera. */
    async drive(
      steps: number,
      fix: (step: number) => Parameters<typeof fixAt>[1] = () => ({}),
      frame: Partial<Frame> = {},
    ): Promise<void> {
      for (let step = 0; step < steps; step++) {
        await vehicle.pass(100);
        vehicle.fix(fix(step));
        for (const camera of cameras.keys()) vehicle.frame(frame, camera);
      }
      await pipeline.idle();
    },
    kinds: () => events.map((event) => ("why" in event ? `${event.kind} ${event.why}` : event.kind)),
    reasons: () => outcomes.map(({ record }) => record.reason),
  };
  return vehicle;
}

/** The ledger of a vehicle's folder as `camfence ledger verify` sees it, its lines by event among it. */
export async function ledgerOf({ folder }: Pick<StorageConfig, "folder">) {
  const { files, heads } = await readLedgerFiles([join(folder, "ledger")]);
  const verification = verifyLedger(files, { heads });
  return { ...verification, lines: files.flatMap(linesOf) };
}

function linesOf({ bytes }: NamedBytes): Record<string, unknown>[] {
  const lines = Buffer.from(bytes).toString().trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
