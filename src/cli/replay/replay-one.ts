import type { SchedulerLike } from "rxjs";
import { formatIso } from "../../core/time.ts";
import type { Outcome } from "../../gate/record.ts";
import type { Summary } from "../../gate/summary.ts";
import type { Guard, GuardOptions } from "../../guard-interface.ts";
import type { Drive } from "../../sources/drive.ts";
import type { ZoneSet } from "../../zones/zone-set.ts";
import { readDriveExpectations } from "./drive-expectations.ts";
import type { Io } from "../io.ts";
import { loadZoneSet } from "../load-zone-set.ts";
import { createProgress } from "../progress.ts";
import { replayDrive } from "./replay-drive.ts";
import type { Job } from "./replay-job.ts";
import { openReplayOutput } from "./replay-output.ts";
import { openDriveSource } from "./replay-source.ts";
import { createTally, drivenM } from "./summary.ts";

/** What stands in the place of a bare guard. */
export interface Behind {
  readonly open: (options: GuardOptions, clock: SchedulerLike, zones: ZoneSet) => Promise<Guard>;
  /** Resolves when what was released so far is dealt with; time stands until then. */
  readonly idle: () => Promise<void>;
}

/** Plays one drive through the gate, and writes what the replay's files hold to `out`. */
export async function replayOne(
  path: string,
  job: Job,
  out: string | null,
  io: Io,
  behind?: Behind,
): Promise<Summary> {
  const warnings = new Set<string>();
  const source = await openDriveSource(path, job.source, (line) => warnings.add(line));
  const { drive, lines, cameras } = source;
  const [startMs, endMs] = [lines[0]?.startMs ?? 0, lines.at(-1)?.endMs ?? 0];
  const zones = await loadZoneSet(job.zonePaths, startMs, io, source.camerasAreNamed ? "as-stated" : "all");
  const output = out === null ? null : await openReplayOutput(out, { zones, cameras });
  const progress = createProgress(io, drive.name);
  const tally = createTally();
  const expectations = (await readDriveExpectations(path))?.start(startMs) ?? null;
  const revocations: Summary["revocations"][number][] = [];
  const beganMs = io.nowMs();
  const take = (outcome: Outcome): void | Promise<void> => {
    tally.add(outcome.record);
    expectations?.frame(outcome.record);
    if (outcome.record.detail !== undefined) warnings.add(outcome.record.detail);
    const written = output?.add(outcome);
    return behind === undefined || outcome.released === null ? written : both(written, behind.idle());
  };
  await replayDrive({
    lines,
    zones,
    cameras,
    framesOf: source.framesOf,
    policy: job.settings.policy,
    ...(behind !== undefined && { openGuard: (options, clock) => behind.open(options, clock, zones) }),
    onOutcome: take,
    onRevocation({ afterMs, untilMs }) {
      expectations?.revoked(afterMs, untilMs);
      revocations.push({ after: formatIso(afterMs), until: formatIso(untilMs) });
    },
    onProgress: (timeMs) => progress.update((timeMs - startMs) / (endMs - startMs || 1)),
  });
  progress.end();
  const durationMs = lines.reduce((sum, line) => sum + line.endMs - line.startMs, 0);
  const summary: Summary = {
    ...spanOf(drive, startMs, endMs),
    durationS: durationMs / 1000,
    distanceM: Math.round(drivenM(lines)),
    zoneSet: { hash: zones.hash, zones: zones.zones.length },
    ...tally.counts(),
    revocations,
    warnings: [...warnings],
    ...(expectations !== null && { expectations: expectations.results() }),
    speedFactor: Math.round(durationMs / Math.max(1, io.nowMs() - beganMs)),
  };
  await output?.close(summary);
  for (const warning of warnings) io.stderr(`camfence: warning: ${warning}\n`);
  return summary;
}

async function both(written: void | Promise<void>, idle: Promise<void>): Promise<void> {
  await written;
  await idle;
}

function spanOf(drive: Drive, startMs: number, endMs: number): Pick<Summary, "drive" | "from" | "to"> {
  return { drive: drive.name, from: formatIso(startMs), to: formatIso(endMs) };
}
