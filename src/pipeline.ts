import { Subscription, asyncScheduler, combineLatest, filter, firstValueFrom, interval, map, of } from "rxjs";
import { race, share, tap, timer } from "rxjs";
import type { Observable, SchedulerLike } from "rxjs";
import type { Ledger } from "./audit/ledger.ts";
import type { PipelineStatus } from "./audit/pipeline-status.ts";
import { createStatusNotes } from "./audit/pipeline-status.ts";
import { tellStored } from "./audit/tell-storage.ts";
import type { StoreEvent } from "./buffer/segment-store.ts";
import { GuardPolicy } from "./config.ts";
import type { StorageConfig } from "./config.ts";
import type { DataFolder } from "./data-folder.ts";
import { openDataFolder } from "./data-folder.ts";
import type { Guard, GuardOptions } from "./guard-interface.ts";
import { createGuard } from "./guard.ts";
import { checkCameras } from "./sources/camera.ts";
import type { UploadOutcome } from "./upload/outcome.ts";
import { routeOf } from "./upload/region-endpoint.ts";
import type { UploaderOptions } from "./upload/uploader.ts";
import { uploadSegments } from "./upload/uploader.ts";

export interface PipelineOptions extends GuardOptions {
  readonly storage: StorageConfig;
  /** Environment variables, where keys are to come from those or from systemd. @default none */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Whether the link may be used now, such as while it is not metered. @default always */
  readonly mayUpload?: Observable<boolean>;
  /** Opens what is kept. @default the folder that `storage` names */
  readonly openData?: typeof openDataFolder;
}

/** A guard whose released frames are stored, judged again, sent and accounted for. */
export interface Pipeline extends Guard {
  /** What the start put right of what a crash left. */
  readonly found: readonly StoreEvent[];
  readonly stored: Observable<StoreEvent>;
  readonly uploads: Observable<UploadOutcome>;
  status(): PipelineStatus;
  /** Resolves when all frames so far are written, or known to be lost. */
  idle(): Promise<void>;
  /**
   * Closes the gate, seals what is open, sends what may leave for at most `sendForMs` longer, signs the ledger and frees
   * the folder. What is left waits for the next start. Resolves with what became of the ledger.
   */
  close(options?: { readonly sendForMs?: number }): Promise<"written" | "unwritten">;
}

/** How often the buffer looks at the clock: a second is what a killed process loses at most, without frames. */
const TICK_MS = 1000;

/**
 * The product: fixes, frames and zone sets in; sealed segments out, to the data centre of the region they were taken in;
 * every frame accounted for. `linkClock` is the network's time, which differs from the shared clock in a replay.
 * Throws as `createGuard` and `openDataFolder`.
 */
export async function openPipeline(
  options: PipelineOptions,
  clock: SchedulerLike = asyncScheduler,
  linkClock: SchedulerLike = clock,
): Promise<Pipeline> {
  const { openData = openDataFolder } = options;
  const data = await openData(dataOptions(options), clock);
  const { ledger, storage } = data;
  const fixes = options.fixes.pipe(tap((report) => storage.locate(report)));
  const guard = createGuard({ ...options, fixes, cameras: countedBy(ledger, options.cameras) }, clock);
  const uploads = uploadSegments(sending(data, options), linkClock).pipe(share());
  const notes = createStatusNotes();

  // Rule 7: the ledger is told first.
  guard.zonesInForce.subscribe((set) => ledger.zoneSet(set));
  guard.outcomes.subscribe((outcome) => ledger.outcome(outcome));
  guard.revocations.subscribe((revocation) => ledger.revoked(revocation));
  guard.notices.subscribe((notice) => ledger.notice(notice));
  storage.happened.subscribe((event) => tellStored(ledger, event));
  storage.rechecks.subscribe((run) => ledger.rechecked(run));

  // Rule 5: what is released is sealed; every new set judges it again, and a revocation destroys it.
  guard.zonesInForce.subscribe((set) => storage.useZones(set));
  guard.outcomes.subscribe((outcome) => storage.write(outcome));
  guard.revocations.subscribe((revocation) => storage.revoke(revocation));
  const running = interval(TICK_MS, clock).subscribe(() => storage.tick(clock.now()));

  // Rule 6: it is sent to the data centre of its region, and to nothing else.
  running.add(uploads.subscribe((outcome) => notes.uploaded(outcome)));
  storage.happened.subscribe((event) => notes.happened(event));
  guard.zonesInForce.subscribe((set) => notes.zoneSet(set));

  const inputs = new Subscription();
  async function close({ sendForMs = 0 } = {}): Promise<"written" | "unwritten"> {
    inputs.unsubscribe();
    await storage.finish();
    if (sendForMs > 0) await allSent(data, sendForMs, linkClock);
    running.unsubscribe();
    await storage.close();
    const account = await ledger.close();
    await data.sole.release();
    return account;
  }

  return {
    ...guard,
    found: data.found,
    stored: storage.happened,
    uploads,
    status: () => ({ ...notes.read(storage.store), ledger: ledger.status() }),
    idle: () => storage.idle(),
    close: once(close),
    open() {
      inputs.add(guard.open());
      return inputs;
    },
  };
}

function dataOptions({ storage: config, policy, cameras, environment = {} }: PipelineOptions) {
  const { gate, positioning } = GuardPolicy.parse(policy ?? {});
  const keeping = { cabin: gate.cabin, clockErrorMs: positioning.clockErrorMs };
  return { config, keeping, cameras: checkCameras(cameras), environment };
}

/** Rule 7: what comes in is counted before anything can happen to it. */
function countedBy(ledger: Ledger, cameras: GuardOptions["cameras"]): GuardOptions["cameras"] {
  return cameras.map((camera) => ({
    ...camera,
    frames: camera.frames.pipe(tap(() => ledger.frameIn(camera.id))),
  }));
}

function sending({ storage, regions, resume, sole }: DataFolder, options: PipelineOptions): UploaderOptions {
  const { firstRetryMs, maxRetryMs, pollMs, silenceMs, maxBytesPerSecond } = options.storage.upload;
  const allowed = combineLatest([storage.mayLeave, options.mayUpload ?? of(true)]).pipe(
    map(([mayLeave, mayUpload]) => mayLeave && mayUpload),
  );
  const backOff = { firstMs: firstRetryMs, capMs: maxRetryMs };
  const pace = maxBytesPerSecond === undefined ? {} : { maxBytesPerSecond };
  return { store: storage.store, regions, resume, sole, allowed, backOff, pollMs, silenceMs, ...pace };
}

/** Resolves when nothing is left that has somewhere to go, or the time is up. */
async function allSent({ storage, regions }: DataFolder, forMs: number, clock: SchedulerLike): Promise<void> {
  const hasLeft = (): boolean =>
    storage.store.list().some(({ region }) => typeof routeOf(region, regions) !== "string");
  const sent = timer(0, LOOK_MS, clock).pipe(filter(() => !hasLeft()));
  await firstValueFrom(race(sent, timer(forMs, clock)));
}
const LOOK_MS = 20;

function once<T extends unknown[], R>(work: (...given: T) => R): (...given: T) => R {
  let done: { readonly result: R } | null = null;
  return (...given) => (done ??= { result: work(...given) }).result;
}
