import { setTimeout as sleep } from "node:timers/promises";
import type { Job, Queue } from "bullmq";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { ImpactJob } from "./job.ts";
import { JobResult } from "./drive-impact.ts";
import { jobId } from "./job.ts";
import { ATTEMPTS } from "./run-local.ts";
import { createThreadPool } from "./thread-pool.ts";

const QUEUE = "camfence-impact";

/** Results stay so long for whoever asks the same again. */
const KEEP_S = 7 * 24 * 3600;

/** A worker that says nothing for this long is dead, and its job goes to another. */
const LOCK_MS = 6000;
const STALLED_EVERY_MS = 3000;
/** Workers may die of a job for other reasons than the job: a machine is switched off. */
const MAX_STALLED = 10;

const POLL_MS = 300;
const POLLS_PER_RENEWAL = 20;
const ADD_AT_ONCE = 500;

type ImpactQueue = Queue<ImpactJob, JobResult>;

/**
 * Gives jobs out on BullMQ, to workers on any machine, and waits for their results. A job is its question: what was
 * answered before, by this command or another, is not asked again, and a command that was killed goes on where it was.
 */
export async function runQueued(
  jobs: readonly ImpactJob[],
  url: string,
  onResult: (job: ImpactJob, result: JobResult) => void,
): Promise<void> {
  const { Queue: BullQueue } = await import("bullmq");
  const queue: ImpactQueue = new BullQueue(QUEUE, { connection: connectionTo(url) });
  const failure = firstError(queue);
  try {
    const waiting = new Map(jobs.map((job) => [jobId(job), job]));
    await Promise.race([failure, giveOut(queue, waiting)]);
    await Promise.race([failure, tryFailedAgain(queue, waiting)]);
    for (let polls = 1; waiting.size > 0; polls++) {
      await Promise.race([failure, collect(queue, waiting, onResult)]);
      if (waiting.size > 0) await sleep(POLL_MS);
      // A store that was restarted may have forgotten them; those that it knows are not given out twice.
      if (polls % POLLS_PER_RENEWAL === 0) await Promise.race([failure, giveOut(queue, waiting)]);
    }
  } finally {
    await queue.close();
  }
}

/** Takes jobs until the signal; those that are under way are finished. */
export async function serveQueue(url: string, threads: number, stop: AbortSignal): Promise<void> {
  const { Worker } = await import("bullmq");
  const pool = createThreadPool(threads);
  const worker = new Worker<ImpactJob, JobResult>(QUEUE, (job) => pool.run(job.data), {
    connection: { ...connectionTo(url), maxRetriesPerRequest: null },
    concurrency: threads,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_EVERY_MS,
    maxStalledCount: MAX_STALLED,
  });
  const failure = firstError(worker);
  try {
    const stopped = new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      stop.addEventListener("abort", () => resolve());
    });
    await Promise.race([failure, stopped]);
  } finally {
    await worker.close();
    await pool.close();
  }
}

async function giveOut(queue: ImpactQueue, waiting: ReadonlyMap<string, ImpactJob>): Promise<void> {
  const entries = [...waiting];
  for (let i = 0; i < entries.length; i += ADD_AT_ONCE) {
    await queue.addBulk(
      entries.slice(i, i + ADD_AT_ONCE).map(([id, data]) => ({
        name: "drive",
        data,
        opts: {
          jobId: id,
          attempts: ATTEMPTS,
          backoff: { type: "exponential", delay: 500 },
          removeOnComplete: { age: KEEP_S },
          removeOnFail: { age: KEEP_S },
        },
      })),
    );
  }
}

/** What failed for an earlier command may succeed now: the disk may have been mended. */
async function tryFailedAgain(queue: ImpactQueue, waiting: ReadonlyMap<string, ImpactJob>): Promise<void> {
  for (const job of await queue.getFailed()) {
    if (job.id !== undefined && waiting.has(job.id)) await job.retry();
  }
}

async function collect(
  queue: ImpactQueue,
  waiting: Map<string, ImpactJob>,
  onResult: (job: ImpactJob, result: JobResult) => void,
): Promise<void> {
  for (const job of [
    ...(await finished(queue, waiting, "completed")),
    ...(await finished(queue, waiting, "failed")),
  ]) {
    const asked = waiting.get(job.id ?? "");
    if (asked === undefined) continue;
    waiting.delete(job.id ?? "");
    onResult(asked, resultOf(job));
  }
}

function resultOf({ failedReason, returnvalue }: Job<ImpactJob, JobResult>): JobResult {
  if (failedReason) return { outcome: "failed", message: failedReason };
  const result = JobResult.safeParse(returnvalue);
  return result.success ? result.data : { outcome: "failed", message: "its result in the queue is none" };
}

/** The newest first; enough of them that none of ours is missed. */
async function finished(
  queue: ImpactQueue,
  waiting: ReadonlyMap<string, ImpactJob>,
  state: "completed" | "failed",
): Promise<readonly Job<ImpactJob, JobResult>[]> {
  const ids = await queue.getRanges([state], 0, -1, false);
  const ours = ids.filter((id) => waiting.has(id));
  const jobs = await Promise.all(ours.map((id) => queue.getJob(id)));
  return jobs.filter((job) => job !== undefined);
}

function connectionTo(url: string) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^rediss?:$/.test(parsed.protocol))
    throw new CamfenceError("usage", `--redis: got "${url}", expected redis://HOST:PORT or rediss://…`);
  const { hostname, port, username, password, pathname } = parsed;
  return {
    host: hostname,
    port: port === "" ? 6379 : Number(port),
    db: Number(pathname.slice(1) || 0),
    ...(username === "" ? {} : { username: decodeURIComponent(username) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
    ...(parsed.protocol === "rediss:" ? { tls: {} } : {}),
  };
}

/** Rejects when the store is lost for long; short losses are mended by the client. */
function firstError(source: {
  on(event: "error", listener: (error: Error) => void): unknown;
}): Promise<never> {
  const LOST_AFTER_MS = 10_000;
  let sinceMs: number | null = null;
  let lastMs = 0;
  return new Promise((_, reject) => {
    source.on("error", (error) => {
      const nowMs = Date.now();
      if (sinceMs === null || nowMs - lastMs > LOST_AFTER_MS / 2) sinceMs = nowMs;
      lastMs = nowMs;
      if (nowMs - sinceMs < LOST_AFTER_MS) return;
      reject(
        new CamfenceError("unreadable", `the queue cannot be reached: ${messageOf(error)}`, { cause: error }),
      );
    });
  });
}
