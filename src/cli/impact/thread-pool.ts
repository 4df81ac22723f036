import { existsSync } from "node:fs";
import { Worker } from "node:worker_threads";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { ImpactJob } from "./job.ts";
import type { JobResult } from "./drive-impact.ts";

/** Worker threads, each with one job at a time. */
export interface ThreadPool {
  /** Waits for a free thread. Rejects where the job threw or its thread died: it may be tried again. */
  run(job: ImpactJob): Promise<JobResult>;
  close(): Promise<void>;
}

type Answer = { readonly result: JobResult } | { readonly error: string };

/** A drive's reports outlive a small nursery, and each would be copied twice. */
const YOUNG_MB = 96;

export function createThreadPool(size: number): ThreadPool {
  const idle: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  const busy = new Map<Worker, (answer: Answer) => void>();
  const all = new Set<Worker>();
  let closing = false;

  function free(worker: Worker): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(worker);
    else next(worker);
  }

  function start(): Worker {
    const worker = new Worker(workerFile(), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    all.add(worker);
    worker.on("message", (answer: Answer) => {
      free(worker);
      settle(worker, answer);
    });
    worker.on("error", (error) => died(worker, messageOf(error)));
    worker.on("exit", (code) => died(worker, `exit code ${code}`));
    return worker;
  }

  function settle(worker: Worker, answer: Answer): void {
    const done = busy.get(worker);
    busy.delete(worker);
    done?.(answer);
  }

  /** Its job fails; whoever waits gets a new thread in its place. */
  function died(worker: Worker, why: string): void {
    if (!all.delete(worker)) return;
    const at = idle.indexOf(worker);
    if (at >= 0) idle.splice(at, 1);
    settle(worker, { error: `a worker thread died: ${why}` });
    if (waiting.length > 0 && !closing) free(start());
  }

  function acquire(): Promise<Worker> {
    const worker = idle.pop() ?? (all.size < size ? start() : undefined);
    if (worker !== undefined) return Promise.resolve(worker);
    return new Promise((resolve) => waiting.push(resolve));
  }

  function ask(worker: Worker, job: ImpactJob): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      busy.set(worker, (answer) => {
        if ("result" in answer) resolve(answer.result);
        else reject(new CamfenceError("fault", answer.error));
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(job);
    });
  }

  return {
    run: async (job) => ask(await acquire(), job),
    async close() {
      closing = true;
      await Promise.all([...all].map((worker) => worker.terminate()));
    },
  };
}

/** The built thread, beside the built command. */
function workerFile(): URL {
  const places = ["../impact-worker.js", "./impact-worker.js", "../../../dist/impact-worker.js"];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined)
    throw new CamfenceError("fault", "impact-worker.js is missing: build camfence again");
  return found;
}
