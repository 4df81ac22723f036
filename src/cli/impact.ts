import { availableParallelism } from "node:os";
import { CamfenceError } from "../core/errors.ts";
import { parseCameras } from "../sources/camera-option.ts";
import type { ImpactReport } from "../web/impact-report/page.ts";
import { isZonePath, numberOption, parseOptions } from "./arguments.ts";
import type { DriveRef } from "./impact/drive-ref.ts";
import { findDrives } from "./impact/drive-ref.ts";
import type { ImpactJob, ImpactTask, JobResult } from "./impact/job.ts";
import { jobId } from "./impact/job.ts";
import { openImpactOutput } from "./impact/output.ts";
import { reportOf } from "./impact/report.ts";
import { runLocally } from "./impact/run-local.ts";
import { runQueued, serveQueue } from "./impact/run-queued.ts";
import { impactTable } from "./impact/table.ts";
import type { ExitCode, Io } from "./io.ts";
import { loadZoneSet } from "./load-zone-set.ts";
import { createProgress } from "./progress.ts";
import { readReplayConfig } from "./replay/replay-config.ts";
import { withHelp } from "./with-help.ts";

const HELP = `camfence impact --before ZONES… --after ZONES… DRIVES…
camfence impact work --redis URL

Which frames of recorded drives a new zone set would drop, blur or release, by zone and by vehicle. A drive's
vehicle is the folder that it lies in.

  DRIVES             drives, folders of them, or s3://BUCKET/PREFIX
  --before ZONES     zone files or folders of the set in force; may be given more than once
  --after ZONES      those of the set that is to take its place
  --cameras LIST     id:yaw:hfov of each camera, degrees             [front:0:100]
  --fps N            frames a second                                 [10]
  --accuracy M       95 % radius of fixes for which a drive states none
  --config FILE      policy and cameras, YAML or JSON
  --workers N        threads                                         [one per processor]
  --redis URL        give the drives out to workers on any machine, through BullMQ, and wait for them
  --s3 URL           endpoint of the S3 service; keys come from the environment
  --s3-region NAME   its region                                      [us-east-1]
  --out DIR          impact.json, junit.xml, impact.html and results.jsonl; what that has already is not judged again
  --fail-on-released exit code 1 where frames would be released that are held back now
  --json             the report as one JSON document on stdout
  --help             this text

work takes drives from the queue until SIGTERM. It needs the same zone files at the same paths, and the drives.

Example: camfence impact --before geofences/ --after geofences-next/ drives/ --out out/impact

Exit code: 0 judged, 1 a drive or a zone file is wrong, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  before: { type: "string", multiple: true },
  after: { type: "string", multiple: true },
  cameras: { type: "string" },
  fps: { type: "string" },
  accuracy: { type: "string" },
  config: { type: "string" },
  workers: { type: "string" },
  redis: { type: "string" },
  s3: { type: "string" },
  "s3-region": { type: "string" },
  out: { type: "string" },
  "fail-on-released": { type: "boolean" },
  json: { type: "boolean" },
} as const;

const DEFAULT_CAMERAS = "front:0:100";
const MAX_THREADS = 256;

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];

export const impact = withHelp(
  HELP,
  async (args: readonly string[], io: Io, stopSignal: () => AbortSignal): Promise<ExitCode> => {
    const { values, positionals } = parseOptions(args, OPTIONS);
    if (positionals[0] === "work") return work(values, positionals.slice(1), stopSignal());
    const threads = threadsOf(values);
    const { before, after } = await loadBoth(values, io);
    const place = { endpoint: values.s3 ?? null, region: values["s3-region"] ?? "us-east-1" };
    const drives = await findDrives(drivesOf(positionals), place);
    const task = await taskOf(values, before.hash, after.hash);
    const results = await judgeAll(
      drives.map((drive) => ({ task, drive })),
      values,
      threads,
      io,
    );
    const report = reportOf(before, after, drives, results.all);
    await results.output?.close(report);
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

async function loadBoth({ before, after }: Values, io: Io) {
  if (before === undefined || after === undefined)
    throw new CamfenceError("usage", "expected --before ZONES and --after ZONES; see --help");
  return {
    before: await loadZoneSet(before, io.nowMs(), io),
    after: await loadZoneSet(after, io.nowMs(), io),
  };
}

function drivesOf(positionals: readonly string[]): readonly string[] {
  if (positionals.length === 0)
    throw new CamfenceError("usage", "got no drive, expected one or more; see --help");
  const zones = positionals.find(isZonePath);
  if (zones === undefined) return positionals;
  throw new CamfenceError(
    "usage",
    `${zones}: is a zone file, expected drives; give --before or --after for each`,
  );
}

async function taskOf(values: Values, beforeHash: string, afterHash: string): Promise<ImpactTask> {
  const settings = await readReplayConfig(values.config);
  const given = values.cameras === undefined ? settings.cameras : null;
  return {
    before: { paths: values.before ?? [], hash: beforeHash },
    after: { paths: values.after ?? [], hash: afterHash },
    cameras: given ?? parseCameras(values.cameras ?? DEFAULT_CAMERAS),
    fps: numberOption("fps", values.fps ?? "10", 0.001, 1000),
    accuracyM: values.accuracy === undefined ? null : numberOption("accuracy", values.accuracy, 0.001, 1e6),
    policy: settings.policy,
  };
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
    if ("error" in drive) io.stderr(`camfence: ${drive.drive}: was not judged: ${drive.error}\n`);
  }
  return failed > 0 || (values["fail-on-released"] === true && changes.released > 0) ? 1 : 0;
}
