import { basename, join } from "node:path";
import { CamfenceError } from "../core/errors.ts";
import { formatIso } from "../core/time.ts";
import type { Summary } from "../gate/summary.ts";
import { parseCameras } from "../sources/camera-option.ts";
import type { Drive } from "../sources/drive.ts";
import { isZonePath, numberOption, parseOptions } from "./arguments.ts";
import { parseTopics } from "./filter/camera-match.ts";
import type { ExitCode, Io } from "./io.ts";
import { loadZoneSet } from "./load-zone-set.ts";
import { createProgress } from "./progress.ts";
import { readReplayConfig } from "./replay-config.ts";
import type { ReplaySettings } from "./replay-config.ts";
import { replayDrive } from "./replay-drive.ts";
import { openFolders } from "./replay-frames.ts";
import { openReplayOutput } from "./replay-output.ts";
import type { SourceOptions } from "./replay-source.ts";
import { AHEAD, openDriveSource } from "./replay-source.ts";
import { createTally, drivenM } from "./summary.ts";
import { summaryTable } from "./summary-table.ts";

const HELP = `camfence replay DRIVE… --zones PATH…

Plays recorded drives through the gate as the vehicle would have judged them, and says what would have
become of every camera frame, and why.

  DRIVE              .gpx, .nmea, .log, gpsd's .json and .jsonl, .mcap, or a folder of KITTI raw
  --zones PATH…      zone files, or folders of .geojson files
  --cameras LIST     id:yaw:hfov of each camera, degrees             [the drive's own, or front:0:100]
  --topics ID=TOPIC  a recording's images of a camera; others are matched by /camera/ID and by frame id
  --frames ID=DIR    a camera's JPEG images, in name order; a timestamps.txt beside them gives their times
  --fps N            frames a second, where images have no times     [10]
  --accuracy M       95 % radius of fixes for which the drive states none
  --config FILE      policy and cameras, YAML or JSON
  --out DIR          verdicts.jsonl, summary.json, released.mcap and report.html
  --json             the summary as one JSON document on stdout
  --help             this text

Example: camfence replay drive.nmea --zones geofences/ --cameras front:0:100,rear:180:120 --out out/

Exit code: 0 replayed, 1 a drive or a zone file is wrong, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  zones: { type: "string", multiple: true },
  cameras: { type: "string" },
  topics: { type: "string", multiple: true },
  frames: { type: "string", multiple: true },
  fps: { type: "string" },
  accuracy: { type: "string" },
  config: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const MAX_FPS = 1000;

interface Job {
  readonly zonePaths: readonly string[];
  readonly source: SourceOptions;
  readonly settings: ReplaySettings;
}

export async function replay(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  const drives = positionals.filter((path) => !isZonePath(path));
  if (drives.length === 0) throw new CamfenceError("usage", "got no drive, expected one or more; see --help");
  const settings = await readReplayConfig(values.config);
  const job: Job = {
    zonePaths: [...(values.zones ?? []), ...positionals.filter(isZonePath)],
    source: await sourceOptions(values, settings),
    settings,
  };
  const summaries: Summary[] = [];
  for (const path of drives) {
    const out =
      values.out === undefined ? null : drives.length === 1 ? values.out : join(values.out, basename(path));
    const summary = await replayOne(path, job, out, io);
    summaries.push(summary);
    if (values.json !== true) io.stdout(summaryTable(summary, out, io.colour));
  }
  if (values.json === true)
    io.stdout(`${JSON.stringify(summaries.length === 1 ? summaries[0] : summaries, null, 2)}\n`);
  return 0;
}

type Options = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];

/** What drives and frames are read with; for every command that plays one. */
export async function sourceOptions(
  values: Pick<Options, "cameras" | "topics" | "frames" | "fps" | "accuracy">,
  settings: ReplaySettings,
): Promise<SourceOptions> {
  const cameras = values.cameras === undefined ? settings.cameras : parseCameras(values.cameras);
  const { accuracy } = values;
  return {
    cameras,
    topics: parseTopics(values.topics ?? []),
    folders: await openFolders(values.frames ?? [], cameras ?? [AHEAD]),
    fps: numberOption("fps", values.fps ?? "10", 0.001, MAX_FPS),
    ...(accuracy !== undefined && { accuracyM: numberOption("accuracy", accuracy, 0.001, 1e6) }),
  };
}

async function replayOne(path: string, job: Job, out: string | null, io: Io): Promise<Summary> {
  const warnings = new Set<string>();
  const source = await openDriveSource(path, job.source, (line) => warnings.add(line));
  const { drive, lines, cameras } = source;
  const [startMs, endMs] = [lines[0]?.startMs ?? 0, lines.at(-1)?.endMs ?? 0];
  const zones = await loadZoneSet(job.zonePaths, startMs, io, source.camerasAreNamed ? "as-stated" : "all");
  const output = out === null ? null : await openReplayOutput(out, { zones, cameras });
  const progress = createProgress(io, drive.name);
  const tally = createTally();
  const revocations: Summary["revocations"][number][] = [];
  const beganMs = io.nowMs();
  await replayDrive({
    lines,
    zones,
    cameras,
    framesOf: source.framesOf,
    policy: job.settings.policy,
    onOutcome(outcome) {
      tally.add(outcome.record);
      if (outcome.record.detail !== undefined) warnings.add(outcome.record.detail);
      return output?.add(outcome);
    },
    onRevocation: ({ afterMs, untilMs }) =>
      revocations.push({ after: formatIso(afterMs), until: formatIso(untilMs) }),
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
    speedFactor: Math.round(durationMs / Math.max(1, io.nowMs() - beganMs)),
  };
  await output?.close(summary);
  for (const warning of warnings) io.stderr(`camfence: warning: ${warning}\n`);
  return summary;
}

function spanOf(drive: Drive, startMs: number, endMs: number): Pick<Summary, "drive" | "from" | "to"> {
  return { drive: drive.name, from: formatIso(startMs), to: formatIso(endMs) };
}
