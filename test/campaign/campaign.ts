import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";
import type { DriveResult } from "./run-drive.ts";
import type { Totals } from "./totals.ts";
import { add, noTotals } from "./totals.ts";

export interface CampaignOptions {
  readonly frames: number;
  readonly firstSeed: number;
  readonly threads: number;
  /** Where the state is kept that a campaign which was killed goes on from; null = nowhere. */
  readonly stateFile: string | null;
  readonly onProgress: (totals: Totals) => void;
}

interface State {
  readonly version: typeof STATE_VERSION;
  readonly firstSeed: number;
  readonly nextSeed: number;
  readonly totals: Totals;
}

const STATE_VERSION = 2;
const SEEDS_AT_ONCE = 4;
const SAVE_EVERY_MS = 5000;
/** A drive outlives a small nursery, and each of its frames would be copied twice. */
const YOUNG_MB = 64;

/**
 * Drives seed after seed until so many frames were judged. Results are added in the order of the seeds, so that the same
 * seeds give the same totals on any number of threads, and a state is a seed and the totals before it.
 */
export async function runCampaign(options: CampaignOptions): Promise<Totals> {
  const state = loadState(options);
  const { totals } = state;
  let nextSeed = state.nextSeed;
  let addedSeed = state.nextSeed;
  let savedMs = Date.now();
  const early = new Map<number, readonly DriveResult[]>();

  function take(fromSeed: number, results: readonly DriveResult[]): void {
    early.set(fromSeed, results);
    for (let next = early.get(addedSeed); next !== undefined; next = early.get(addedSeed)) {
      early.delete(addedSeed);
      addedSeed += SEEDS_AT_ONCE;
      if (totals.frames < options.frames) for (const result of next) add(totals, result);
    }
    options.onProgress(totals);
    if (Date.now() - savedMs < SAVE_EVERY_MS) return;
    savedMs = Date.now();
    save(options, { version: STATE_VERSION, firstSeed: options.firstSeed, nextSeed: addedSeed, totals });
  }

  const script = await workerScript();
  await Promise.all(
    Array.from({ length: options.threads }, () =>
      inThread(script, (ask) => {
        if (totals.frames >= options.frames) return false;
        const fromSeed = nextSeed;
        nextSeed += SEEDS_AT_ONCE;
        ask(
          Array.from({ length: SEEDS_AT_ONCE }, (_, i) => fromSeed + i),
          (results) => take(fromSeed, results),
        );
        return true;
      }),
    ),
  );
  save(options, { version: STATE_VERSION, firstSeed: options.firstSeed, nextSeed: addedSeed, totals });
  return totals;
}

type Ask = (seeds: readonly number[], done: (results: readonly DriveResult[]) => void) => void;

/** Lets one thread work until there is nothing more to ask. */
function inThread(script: string, next: (ask: Ask) => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(script, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    let waiting: (results: readonly DriveResult[]) => void = () => {};
    const ask: Ask = (seeds, done) => {
      waiting = done;
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(seeds);
    };
    const goOn = (): void => {
      if (next(ask)) return;
      void worker.terminate();
      resolve();
    };
    worker.on("error", reject);
    worker.on("message", (results: readonly DriveResult[]) => {
      waiting(results);
      goOn();
    });
    goOn();
  });
}

/** Bundled, as the product is: module by module, V8 takes twice the time. */
async function workerScript(): Promise<string> {
  const outfile = join(import.meta.dirname, `../../out/campaign-build/worker-${process.pid}.mjs`);
  await build({
    entryPoints: [join(import.meta.dirname, "../../test/campaign/worker.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    logLevel: "warning",
  });
  return outfile;
}

function loadState({ stateFile, firstSeed }: CampaignOptions): State {
  const fresh: State = { version: STATE_VERSION, firstSeed, nextSeed: firstSeed, totals: noTotals() };
  if (stateFile === null || !existsSync(stateFile)) return fresh;
  const state = JSON.parse(readFileSync(stateFile, "utf8")) as State;
  return state.version === STATE_VERSION && state.firstSeed === firstSeed ? state : fresh;
}

function save({ stateFile }: CampaignOptions, state: State): void {
  if (stateFile === null) return;
  mkdirSync(dirname(stateFile), { recursive: true });
  writeFileSync(`${stateFile}.new`, JSON.stringify(state));
  renameSync(`${stateFile}.new`, stateFile);
}
