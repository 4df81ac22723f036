import type { ImpactJob } from "./job.ts";
import type { JobResult } from "./drive-impact.ts";
import type { TwoSets } from "./judge-both.ts";
import { loadSets, runImpactJob } from "./job.ts";

/** Runs jobs one after the other and keeps the zone sets of the last: jobs of one task come together. */
export function createJobRunner(): (job: ImpactJob) => Promise<JobResult> {
  let key = "";
  let sets: Promise<TwoSets> | null = null;
  return async (job) => {
    const { before, after } = job.task;
    const wanted = JSON.stringify([before, after]);
    if (sets === null || wanted !== key) {
      key = wanted;
      sets = loadSets(job.task);
      // Another job may find the files mended.
      sets.catch(() => (sets = null));
    }
    return runImpactJob(job, await sets);
  };
}
