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
  return new Threads(size);
}

class Threads implements ThreadPool {
  readonly #size: number;
  readonly #idle: Worker[] = [];
  readonly #waiting: ((worker: Worker) => void)[] = [];
  readonly #busy = new Map<Worker, (answer: Answer) => void>();
  readonly #all = new Set<Worker>();
  #closing = false;

  constructor(size: number) {
    this.#size = size;
  }

  async run(job: ImpactJob): Promise<JobResult> {
    return this.#ask(await this.#acquire(), job);
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #acquire(): Promise<Worker> {
    const worker = this.#idle.pop() ?? (this.#all.size < this.#size ? this.#start() : undefined);
    if (worker !== undefined) return Promise.resolve(worker);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #start(): Worker {
    const worker = new Worker(workerFile(), { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
    this.#all.add(worker);
    worker.on("message", (answer: Answer) => {
      this.#free(worker);
      this.#settle(worker, answer);
    });
    worker.on("error", (error) => this.#died(worker, messageOf(error)));
    worker.on("exit", (code) => this.#died(worker, `exit code ${code}`));
    return worker;
  }

  #ask(worker: Worker, job: ImpactJob): Promise<JobResult> {
    return new Promise((resolve, reject) => {
      this.#busy.set(worker, (answer) => {
        if ("result" in answer) resolve(answer.result);
        else reject(new CamfenceError("fault", answer.error));
      });
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
      worker.postMessage(job);
    });
  }

  #free(worker: Worker): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(worker);
    else next(worker);
  }

  #settle(worker: Worker, answer: Answer): void {
    const done = this.#busy.get(worker);
    this.#busy.delete(worker);
    done?.(answer);
  }

  /** Its job fails; whoever waits gets a new thread in its place. */
  #died(worker: Worker, why: string): void {
    if (!this.#all.delete(worker)) return;
    const at = this.#idle.indexOf(worker);
    if (at >= 0) this.#idle.splice(at, 1);
    this.#settle(worker, { error: `a worker thread died: ${why}` });
    if (this.#waiting.length > 0 && !this.#closing) this.#free(this.#start());
  }
}

/** The built thread, beside the built command. */
function workerFile(): URL {
  const places = ["../impact-worker.js", "./impact-worker.js", "../../../dist/impact-worker.js"];
  const found = places.map((place) => new URL(place, import.meta.url)).find((url) => existsSync(url));
  if (found === undefined)
    throw new CamfenceError("fault", "impact-worker.js is missing: build camfence again");
  return found;
}
