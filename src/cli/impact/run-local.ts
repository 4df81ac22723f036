import { messageOf } from "../../core/errors.ts";
import type { ImpactJob } from "./job.ts";
import type { JobResult } from "./drive-impact.ts";
import { createThreadPool } from "./thread-pool.ts";

/** How often a job is begun before its drive counts as failed: a full disk or a killed thread may pass. */
export const ATTEMPTS = 3;

/** Runs jobs on threads of this machine. `onResult` is called once for each job, in no order. */
export async function runLocally(
  jobs: readonly ImpactJob[],
  threads: number,
  onResult: (job: ImpactJob, result: JobResult) => void,
): Promise<void> {
  const pool = createThreadPool(Math.min(threads, jobs.length));
  const queue = jobs.values();
  const lane = async (): Promise<void> => {
    for (const job of queue) onResult(job, await attempt(() => pool.run(job)));
  };
  try {
    await Promise.all(Array.from({ length: threads }, lane));
  } finally {
    await pool.close();
  }
}

async function attempt(run: () => Promise<JobResult>): Promise<JobResult> {
  let message = "";
  for (let i = 0; i < ATTEMPTS; i++) {
    try {
      return await run();
    } catch (thrown) {
      message = messageOf(thrown);
    }
  }
  return { outcome: "failed", message };
}
