import { CamfenceError } from "../core/errors.ts";
import { formatIso, parseIsoMs } from "../core/time.ts";
import { loadZones, type ZoneLoad } from "../zones/load-zones.ts";
import { parseOptions } from "./arguments.ts";
import { formatReports } from "./zones-report.ts";
import { describeContent } from "./zones-summary.ts";
import type { ExitCode, Io } from "./io.ts";

const HELP = `camfence zones check PATH…

Checks zone files, and the .geojson files of folders, as the one set that a vehicle would load, and
reports every mistake of every file with its line and what to do.

  --at ISO   check as of another time, such as 2027-01-01T00:00:00Z
  --json     one JSON document on stdout
  --help     this text

Example: camfence zones check geofences/

Exit code: 0 the set is good, 1 it has mistakes, 2 wrong usage or a file that cannot be read.
`;

export async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const options = readOptions(args, io.nowMs());
  if (options.help) {
    io.stdout(HELP);
    return 0;
  }
  const load = await loadZones(options.paths, { nowMs: options.atMs });
  io.stdout(options.json ? jsonOf(load) : textOf(load, io.colour));
  return load.outcome === "loaded" ? 0 : 1;
}

const OPTIONS = {
  at: { type: "string" },
  json: { type: "boolean" },
  help: { type: "boolean", short: "h" },
} as const;

interface Options {
  readonly paths: readonly string[];
  readonly atMs: number;
  readonly json: boolean;
  readonly help: boolean;
}

function readOptions(args: readonly string[], nowMs: number): Options {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const at = values.at;
  const atMs = at === undefined ? nowMs : parseIsoMs(at);
  if (!Number.isFinite(atMs))
    throw new CamfenceError("usage", `got --at ${at}, expected a time such as 2027-01-01T00:00:00Z`);
  const { json = false, help = false } = values;
  if (positionals.length === 0 && !help)
    throw new CamfenceError("usage", "got no path, expected zone files or folders; see --help");
  return { paths: positionals, atMs, json, help };
}

function textOf(load: ZoneLoad, colour: boolean): string {
  const reports = formatReports(load.reports, colour);
  return load.outcome === "loaded" ? `${reports}${describeContent(load.content)}\n` : reports;
}

function jsonOf(load: ZoneLoad): string {
  const mistakes = load.reports.flatMap((report) => report.mistakes);
  const files = load.reports.map(({ file, errorCount, warningCount }) => ({
    file,
    errorCount,
    warningCount,
  }));
  const set = load.outcome === "loaded" ? setOf(load.content) : null;
  return `${JSON.stringify({ outcome: load.outcome, files, mistakes, set }, null, 2)}\n`;
}

type Content = Extract<ZoneLoad, { outcome: "loaded" }>["content"];

const setOf = (content: Content) => ({
  zones: content.zones.length,
  coverage: content.coverage.length,
  regions: [...new Set(content.regions.map(({ region }) => region))],
  issued: formatIso(content.issuedMs),
  expires: formatIso(content.expiresMs),
  hash: content.hash,
});
