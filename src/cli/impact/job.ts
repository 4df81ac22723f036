import { createHash } from "node:crypto";
import type { GuardPolicyInput } from "../../config.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Camera } from "../../sources/camera.ts";
import { loadZones } from "../../zones/load-zones.ts";
import type { ZoneSetContent } from "../../zones/zone.ts";
import type { Folders } from "../replay/replay-frames.ts";
import { openDriveSource } from "../replay/replay-source.ts";
import type { DriveRef } from "./drive-ref.ts";
import { withLocalDrive } from "./drive-bucket.ts";
import type { DriveImpact, JobResult } from "./drive-impact.ts";
import type { TwoSets } from "./judge-both.ts";
import { judgeBoth, twoSets } from "./judge-both.ts";
import { createImpactTally } from "./tally.ts";

/** A zone set by its files, and what they held when the work was given out. */
export interface SetRef {
  readonly paths: readonly string[];
  readonly hash: string;
}

/** What is asked about every drive. Plain data: it travels to threads and other machines. */
export interface ImpactTask {
  readonly before: SetRef;
  readonly after: SetRef;
  /** null: those that each drive has. */
  readonly cameras: readonly Camera[] | null;
  /** Camera ids by topic of recordings. */
  readonly topics: Readonly<Record<string, string>>;
  /** Of frames that are made up, where a drive has none. */
  readonly fps: number;
  readonly accuracyM: number | null;
  readonly policy: GuardPolicyInput;
}

export interface ImpactJob {
  readonly task: ImpactTask;
  readonly drive: DriveRef;
}

/** Another number whenever the same job gives another result. */
const JOB_VERSION = 4;

/** The same for the same question about the same bytes, on any machine: results are kept under it. */
export function jobId({ task, drive }: ImpactJob): string {
  const { before, after, ...rest } = task;
  const asked = { version: JOB_VERSION, before: before.hash, after: after.hash, ...rest, drive };
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 40);
}

/** The one job function, whoever runs it. */
export async function runImpactJob({ task, drive }: ImpactJob, sets: TwoSets): Promise<JobResult> {
  try {
    return { outcome: "judged", impact: await withLocalDrive(drive, (path) => impactOf(path, task, sets)) };
  } catch (thrown) {
    if (thrown instanceof CamfenceError && thrown.code !== "unreadable" && thrown.code !== "fault")
      return { outcome: "failed", message: messageOf(thrown) };
    throw thrown;
  }
}

async function impactOf(path: string, task: ImpactTask, sets: TwoSets): Promise<DriveImpact> {
  const { cameras, fps, accuracyM } = task;
  const topics = new Map(Object.entries(task.topics));
  const accuracy = accuracyM === null ? {} : { accuracyM };
  const tally = createImpactTally();
  const source = await openDriveSource(
    path,
    { cameras, topics, folders: NO_FOLDERS, fps, ...accuracy },
    (line) => tally.warn(line),
  );
  await judgeBoth(source, sets, task.policy, (...frame) => tally.add(...frame));
  return tally.impact();
}

/** Images of a folder are one drive's: a fleet has none. */
const NO_FOLDERS: Folders = new Map();

/** Loads both sets. Throws `zones-invalid` where the files are not those that the work was given out for. */
export async function loadSets({ before, after }: ImpactTask): Promise<TwoSets> {
  return twoSets(await load(before), await load(after));
}

async function load({ paths, hash }: SetRef): Promise<ZoneSetContent> {
  const loaded = await loadZones(paths, { nowMs: 0, expired: "accept" });
  if (loaded.outcome === "loaded" && loaded.content.hash === hash) return loaded.content;
  const got = loaded.outcome === "loaded" ? `a set of hash ${loaded.content.hash}` : "files with mistakes";
  throw new CamfenceError(
    "zones-invalid",
    `${paths.join(" ")}: got ${got}, expected ${hash}, for which the work was given out; give every machine the same files`,
  );
}
