import { basename, join } from "node:path";
import { CamfenceError } from "../core/errors.ts";
import { formatIso } from "../core/time.ts";
import type { Summary } from "../gate/summary.ts";
import { parseCameras } from "../sources/camera-option.ts";
import type { Camera } from "../sources/camera.ts";
import type { Drive } from "../sources/drive.ts";
import { readDrive } from "../sources/drive.ts";
import { describeSkip } from "../sources/skipped.ts";
import { isZonePath, numberOption, parseOptions } from "./arguments.ts";
import { readDriveExpectations } from "./drive-expectations.ts";
import type { ExitCode, Io } from "./io.ts";
import type { JunitSuite } from "./junit.ts";
import { junitXml } from "./junit.ts";
import { loadZoneSet } from "./load-zone-set.ts";
import { createProgress } from "./progress.ts";
import { readReplayConfig } from "./replay-config.ts";
import type { ReplaySettings } from "./replay-config.ts";
import { replayDrive } from "./replay-drive.ts";
import type { Folders } from "./replay-frames.ts";
import { framesOf, openFolders } from "./replay-frames.ts";
import { openReplayOutput } from "./replay-output.ts";
import { isScenario, replayScenario } from "./replay-scenario.ts";
import { drivesOf } from "./replay-suite.ts";
import { writeOut } from "./simulate-report.ts";
import { createTally, drivenM } from "./summary.ts";
import { summaryTable } from "./summary-table.ts";
import { timeLines } from "./time-lines.ts";

const HELP = `camfence replay DRIVE… --zones PATH…

Plays recorded drives through the gate as the vehicle would have judged them, and says what would have
become of every camera frame, and why.

  DRIVE              .gpx, .nmea, .log, gpsd's .json and .jsonl, or a scenario's .yaml with zones of its own;
                     a folder of drives with expectations is a suite
  --zones PATH…      zone files, or folders of .geojson files
  --cameras LIST     id:yaw:hfov of each camera, degrees             [front:0:100]
  --frames ID=DIR    a camera's JPEG images, in name order; a timestamps.txt beside them gives their times
  --fps N            frames a second, where images have no times     [10]
  --accuracy M       95 % radius of fixes for which the drive states none
  --config FILE      policy and cameras, YAML or JSON
  --out DIR          verdicts.jsonl, summary.json, released.mcap and report.html
  --json             the summary as one JSON document on stdout
  --help             this text

What must come of drive.nmea may be stated beside it, in drive.expect.yaml; --out DIR then has junit.xml.

Example: camfence replay drive.nmea --zones geofences/ --cameras front:0:100,rear:180:120 --out out/

Exit code: 0 replayed, 1 an expectation is not met, or a drive or a zone file is wrong, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  zones: { type: "string", multiple: true },
  cameras: { type: "string" },
  frames: { type: "string", multiple: true },
  fps: { type: "string" },
  accuracy: { type: "string" },
  config: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

const DEFAULT_CAMERAS = "front:0:100";
const MAX_FPS = 1000;

interface Job {
  readonly zonePaths: readonly string[];
  readonly cameras: readonly Camera[];
  readonly folders: Folders;
  readonly settings: ReplaySettings;
  readonly fps: number;
  readonly accuracyM: number | null;
}

export async function replay(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help === true) {
    io.stdout(HELP);
    return 0;
  }
  const drives = positionals.filter((path) => !isZonePath(path)).flatMap(drivesOf);
  if (drives.length === 0) throw new CamfenceError("usage", "got no drive, expected one or more; see --help");
  const settings = await readReplayConfig(values.config);
  const cameras =
    values.cameras === undefined && settings.cameras !== null
      ? settings.cameras
      : parseCameras(values.cameras ?? DEFAULT_CAMERAS);
  const job: Job = {
    zonePaths: [...(values.zones ?? []), ...positionals.filter(isZonePath)],
    cameras,
    folders: await openFolders(values.frames ?? [], cameras),
    settings,
    fps: numberOption("fps", values.fps ?? "10", 0.001, MAX_FPS),
    accuracyM: values.accuracy === undefined ? null : numberOption("accuracy", values.accuracy, 0.001, 1e6),
  };
  const summaries: Summary[] = [];
  const suites: JunitSuite[] = [];
  for (const path of drives) {
    const out =
      values.out === undefined ? null : drives.length === 1 ? values.out : join(values.out, basename(path));
    const summary = await (isScenario(path) ? replayScenario(path, out, io) : replayOne(path, job, out, io));
    summaries.push(summary);
    if (summary.expectations !== undefined) suites.push(suiteOf(path, summary, summary.expectations));
    if (values.json !== true) io.stdout(summaryTable(summary, out, io.colour));
  }
  if (values.out !== undefined && suites.length > 0)
    writeOut(join(values.out, "junit.xml"), junitXml(suites));
  if (values.json === true)
    io.stdout(`${JSON.stringify(summaries.length === 1 ? summaries[0] : summaries, null, 2)}\n`);
  return suites.every(({ cases }) => cases.every(({ met }) => met)) ? 0 : 1;
}

function suiteOf(file: string, { drive, durationS }: Summary, cases: JunitSuite["cases"]): JunitSuite {
  return { name: drive, file, seconds: durationS, cases };
}

async function replayOne(path: string, job: Job, out: string | null, io: Io): Promise<Summary> {
  const drive = await readDrive(path, job.accuracyM === null ? {} : { accuracyM: job.accuracyM });
  const lines = timeLines(drive.reports);
  const [startMs, endMs] = [lines[0]?.startMs ?? 0, lines.at(-1)?.endMs ?? 0];
  const zones = await loadZoneSet(job.zonePaths, startMs, io);
  const warnings = new Set(drive.skipped.map((skip) => `${path}: ${describeSkip(skip)}`));
  const output = out === null ? null : await openReplayOutput(out, { zones, cameras: job.cameras });
  const progress = createProgress(io, drive.name);
  const tally = createTally();
  const expectations = (await readDriveExpectations(path))?.start(startMs) ?? null;
  const revocations: Summary["revocations"][number][] = [];
  const beganMs = io.nowMs();
  await replayDrive({
    lines,
    zones,
    cameras: job.cameras,
    framesOf: (line) => framesOf(line, lines, job.cameras, job.folders, job.fps),
    policy: job.settings.policy,
    onOutcome(outcome) {
      tally.add(outcome.record);
      expectations?.frame(outcome.record);
      if (outcome.record.detail !== undefined) warnings.add(outcome.record.detail);
      return output?.add(outcome);
    },
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
    ...(expectations !== null && {
      expectations: expectations.results().map(({ name, met, got }) => ({ name, met, got })),
    }),
    speedFactor: Math.round(durationMs / Math.max(1, io.nowMs() - beganMs)),
  };
  await output?.close(summary);
  for (const warning of warnings) io.stderr(`camfence: warning: ${warning}\n`);
  return summary;
}

function spanOf(drive: Drive, startMs: number, endMs: number): Pick<Summary, "drive" | "from" | "to"> {
  return { drive: drive.name, from: formatIso(startMs), to: formatIso(endMs) };
}
