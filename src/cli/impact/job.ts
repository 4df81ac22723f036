import { createHash } from "node:crypto";
import { GuardPolicy } from "../../config.ts";
import type { GuardPolicyInput } from "../../config.ts";
import { CamfenceError, messageOf } from "../../core/errors.ts";
import type { Camera } from "../../sources/camera.ts";
import { readDrive } from "../../sources/drive.ts";
import { loadZones } from "../../zones/load-zones.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { compileZoneSet } from "../../zones/zone-set.ts";
import { timeLines } from "../replay/time-lines.ts";
import type { DriveRef } from "./drive-ref.ts";
import { withLocalDrive } from "./drive-ref.ts";
import type { DriveImpact } from "./impact.ts";
import { createImpactTally } from "./impact.ts";
import { judgeDrive } from "./judge-drive.ts";

/** A zone set by its files, and what they held when the work was given out. */
export interface SetRef {
  readonly paths: readonly string[];
  readonly hash: string;
}

/** What is asked about every drive. Plain data: it travels to threads and other machines. */
export interface ImpactTask {
  readonly before: SetRef;
  readonly after: SetRef;
  readonly cameras: readonly Camera[];
  readonly fps: number;
  readonly accuracyM: number | null;
  readonly policy: GuardPolicyInput;
}

export interface ImpactJob {
  readonly task: ImpactTask;
  readonly drive: DriveRef;
}

/** A drive that is wrong in itself fails once and for all; anything else that goes wrong throws, and may be tried again. */
export type JobResult =
  | { readonly outcome: "judged"; readonly impact: DriveImpact }
  | { readonly outcome: "failed"; readonly message: string };

export interface SetPair {
  readonly before: ZoneSet;
  readonly after: ZoneSet;
}

/** Another number whenever the same job gives another result. */
const JOB_VERSION = 1;

/** The same for the same question about the same bytes, on any machine: results are kept under it. */
export function jobId({ task, drive }: ImpactJob): string {
  const { before, after, ...rest } = task;
  const asked = { version: JOB_VERSION, before: before.hash, after: after.hash, ...rest, drive };
  return createHash("sha256").update(JSON.stringify(asked)).digest("hex").slice(0, 40);
}

/** The one job function, whoever runs it. */
export async function runImpactJob({ task, drive }: ImpactJob, sets: SetPair): Promise<JobResult> {
  try {
    const options = task.accuracyM === null ? {} : { accuracyM: task.accuracyM };
    const { reports } = await withLocalDrive(drive, (path) => readDrive(path, options));
    const tally = createImpactTally();
    const { cameras, fps } = task;
    const policy = GuardPolicy.parse(task.policy);
    judgeDrive({ lines: timeLines(reports), ...sets, cameras, fps, policy }, ({ id }, timeMs, was, becomes) =>
      tally.add(id, timeMs, was, becomes),
    );
    return { outcome: "judged", impact: tally.impact() };
  } catch (thrown) {
    if (thrown instanceof CamfenceError && thrown.code !== "unreadable" && thrown.code !== "fault")
      return { outcome: "failed", message: messageOf(thrown) };
    throw thrown;
  }
}

/** Loads both sets. Throws `zones-invalid` where the files are not those that the work was given out for. */
export async function loadSets({ before, after }: ImpactTask): Promise<SetPair> {
  return { before: await load(before), after: await load(after) };
}

async function load({ paths, hash }: SetRef): Promise<ZoneSet> {
  const loaded = await loadZones(paths, { nowMs: 0, expired: "accept" });
  if (loaded.outcome === "loaded" && loaded.content.hash === hash) return compileZoneSet(loaded.content);
  const got = loaded.outcome === "loaded" ? `a set of hash ${loaded.content.hash}` : "files with mistakes";
  throw new CamfenceError(
    "zones-invalid",
    `${paths.join(" ")}: got ${got}, expected ${hash}, for which the work was given out; give every machine the same files`,
  );
}
