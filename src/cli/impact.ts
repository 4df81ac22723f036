import { availableParallelism } from "node:os";
import { CamfenceError } from "../core/errors.ts";
import type { ImpactReport } from "../web/impact-report/impact-report.ts";
import { named } from "../web/impact-report/tables.ts";
import { numberOption, parseOptions } from "./arguments.ts";
import type { DriveRef } from "./impact/drive-ref.ts";
import { findDrives } from "./impact/find-drives.ts";
import type { ImpactJob } from "./impact/job.ts";
import type { JobResult } from "./impact/drive-impact.ts";
import { jobId } from "./impact/job.ts";
import type { Values } from "./impact/options.ts";
import { HELP, OPTIONS } from "./impact/options.ts";
import { drivesOf, loadBoth, taskOf } from "./impact/question.ts";
import { fleetPlaces } from "./impact/fleet-places.ts";
import { openImpactOutput } from "./impact/output.ts";
import { reportOf } from "./impact/report.ts";
import { runLocally } from "./impact/run-local.ts";
import { runQueued, serveQueue } from "./impact/run-queued.ts";
import { impactTable } from "./impact/table.ts";
import type { ExitCode, Io } from "./io.ts";
import { createProgress } from "./progress.ts";
import { withHelp } from "./with-help.ts";

const MAX_THREADS = 256;
const MAX_NAMED = 5;

export const impact = withHelp(
  HELP,
  async (args: readonly string[], io: Io, stopSignal: () => AbortSignal): Promise<ExitCode> => {
    const { values, positionals } = parseOptions(args, OPTIONS);
    if (positionals[0] === "work") return work(values, positionals.slice(1), stopSignal());
    const threads = threadsOf(values);
    const { before, after } = await loadBoth(values, io);
    const place = { endpoint: values.s3 ?? null, region: values["s3-region"] ?? "us-east-1" };
    const { drives, leftOut } = await findDrives(drivesOf(positionals), place);
    if (leftOut.length > 0) io.stderr(leftOutLine(leftOut));
    const task = await taskOf(values, before.hash, after.hash);
    const jobs = drives.map((drive) => ({ task, drive }));
    const results = await judgeAll(jobs, values, threads, io);
    const report = reportOf(before, after, drives, results.all);
    await results.output?.close(report, { before, after, places: fleetPlaces(results.all.values()) });
    io.stdout(
      values.json === true ? `${JSON.stringify(report, null, 2)}\n` : impactTable(report, values.out ?? null),
    );
    return exitCodeOf(report, values, io);
  },
);

async function work(values: Values, more: readonly string[], stop: AbortSignal): Promise<ExitCode> {
  if (values.redis === undefined || more.length > 0)
    throw new CamfenceError("usage", "impact work: expected --redis URL and no drives; see --help");
  await serveQueue(values.redis, threadsOf(values), stop);
  return 0;
}

/** What is no drive by its name is not read: nobody shall believe that it was. */
function leftOutLine(files: readonly string[]): string {
  const some = files.slice(0, MAX_NAMED).join(", ");
  const more = files.length > MAX_NAMED ? `, and ${files.length - MAX_NAMED} more` : "";
  return `camfence: warning: left out, no drives by their names: ${some}${more}\n`;
}

async function judgeAll(jobs: readonly ImpactJob[], values: Values, threads: number, io: Io) {
  const output = values.out === undefined ? null : await openImpactOutput(values.out);
  const all = new Map<DriveRef, JobResult>();
  for (const job of jobs) {
    const known = output?.known.get(jobId(job));
    if (known !== undefined) all.set(job.drive, known);
  }
  const open = jobs.filter(({ drive }) => !all.has(drive));
  const progress = createProgress(io, `${jobs.length} drives`);
  const take = (job: ImpactJob, result: JobResult): void => {
    output?.add(jobId(job), result);
    all.set(job.drive, result);
    progress.update(all.size / jobs.length);
  };
  if (values.redis !== undefined) await runQueued(open, values.redis, take);
  else await runLocally(open, threads, take);
  progress.end();
  return { all, output };
}

function threadsOf({ workers }: Values): number {
  return workers === undefined
    ? availableParallelism()
    : Math.floor(numberOption("workers", workers, 1, MAX_THREADS));
}

function exitCodeOf({ drives, failed, changes }: ImpactReport, values: Values, io: Io): ExitCode {
  for (const drive of drives) {
    if ("error" in drive) io.stderr(`camfence: was not judged: ${named(drive.drive, drive.error)}\n`);
  }
  return failed > 0 || (values["fail-on-released"] === true && changes.released > 0) ? 1 : 0;
}
