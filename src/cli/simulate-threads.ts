import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";
import type { Scenario } from "../../simulator/index.ts";
import type { ErrorCode } from "../core/errors.ts";
import { CamfenceError, messageOf } from "../core/errors.ts";
import { simulateOne } from "./simulate/simulate-one.ts";
import type { RunResult } from "./simulate/simulate-one.ts";
import { pixelsFor } from "./simulate/simulate-pixels.ts";

export interface RunRequest {
  readonly scenario: Scenario;
  readonly seed: number;
}
export type RunAnswer =
  { readonly result: RunResult } | { readonly error: { readonly code: ErrorCode; readonly message: string } };

/** Makes runs, as many at a time as there are processors. */
export interface Runner {
  /** Waits for its turn. Throws what the run threw. */
  run(request: RunRequest): Promise<RunResult>;
  close(): Promise<void>;
}

/** Fewer runs are over before threads have begun. */
const FEW_RUNS = 4;

export function createRunner(runs: number): Runner {
  const worker = workerFile();
  const threads = Math.min(availableParallelism(), runs);
  if (worker === null || runs < FEW_RUNS || threads < 2) return here();
  return onThreads(worker, threads);
}

/** One after the other, in this thread. */
function here(): Runner {
  let last: Promise<unknown> = Promise.resolve();
  const make = async ({ scenario, seed }: RunRequest): Promise<RunResult> =>
    simulateOne(scenario, seed, { pixels: await pixelsFor(scenario) });
  return {
    async run(request) {
      const made = last.then(() => make(request));
      last = made.catch(() => undefined);
      return made;
    },
    close: () => Promise.resolve(),
  };
}

interface Waiting {
  readonly request: RunRequest;
  readonly resolve: (result: RunResult) => void;
  readonly reject: (error: Error) => void;
}

function onThreads(file: URL, size: number): Runner {
  const waiting: Waiting[] = [];
  let next = 0;
  const takeNext = (): Waiting | undefined => (next < waiting.length ? waiting[next++] : undefined);
  const threads = Array.from({ length: size }, () => startThread(file, takeNext));
  return {
    run: (request) =>
      new Promise((resolve, reject) => {
        waiting.push({ request, resolve, reject });
        for (const thread of threads) thread.wake();
      }),
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()));
    },
  };
}

/** A thread that takes what waits, one at a time, for as long as it lives. */
function startThread(file: URL, takeNext: () => Waiting | undefined) {
  const worker = new Worker(file);
  let current: Waiting | undefined;
  let dead: Error | null = null;
  function wake(): void {
    if (current !== undefined) return;
    current = takeNext();
    if (dead !== null) current?.reject(dead);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    else if (current !== undefined) worker.postMessage(current.request);
  }
  worker.on("message", (answer: RunAnswer) => {
    const done = current;
    current = undefined;
    if ("result" in answer) done?.resolve(answer.result);
    else done?.reject(new CamfenceError(answer.error.code, answer.error.message));
    wake();
  });
  worker.on("error", (error) => {
    dead = new CamfenceError("fault", `a thread died: ${messageOf(error)}`, { cause: error });
    current?.reject(dead);
  });
  return { worker, wake };
}

/** The built thread, beside the built command or a chunk of it; null where the sources run by themselves. */
function workerFile(): URL | null {
  const places = ["./simulate-worker.js", "../simulate-worker.js"].map(
    (place) => new URL(place, import.meta.url),
  );
  return places.find((url) => existsSync(url)) ?? null;
}
