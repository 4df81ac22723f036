import { resolve } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import { formatIso, parseIsoMs } from "../../core/time.ts";
import { inspectZones } from "../../zones/check/inspect-zones.ts";
import { loadZones, type ZoneLoad } from "../../zones/load-zones.ts";
import type { ZoneSetContent } from "../../zones/zone.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { fixFiles } from "./zones-fix.ts";
import { formatReports } from "./zones-report.ts";
import { sarifOf } from "./zones-sarif.ts";
import { describeContent } from "./zones-summary.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones check PATH…

Checks zone files, and the .geojson files of folders, as the one set that a vehicle would load, and
reports every mistake of every file with its line and what to do. Warns of what loads but is probably not
meant: areas too small or too large, swapped coordinates, zones outside the coverage.
What each rule asks for, and what to do: camfence zones rules.

  --previous PATH   the version in force (may be repeated): a zone that moved as a wrong datum moves it is
                    an error, one that has nothing in common with its earlier place a warning
  --allow-shift ID  the zone did move like that, since the earlier version was wrong (may be repeated)
  --fix             first repair in the files what leaves no doubt: close rings, leave repeated positions out,
                    turn rings as RFC 7946 has them; nothing else in a file changes
  --format NAME     text, json, or sarif for editors and code hosts   [text]
  --at ISO          check as of another time, such as 2027-01-01T00:00:00Z
  --json            the same as --format json
  --help            this text

Example: camfence zones check geofences/ --previous released/

Exit code: 0 the set is good, 1 it has mistakes, 2 wrong usage or a file that cannot be read.
`;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const options = readOptions(args, io.nowMs());
  const { atMs: nowMs, allowShift, paths } = options;
  const earlier = options.previous.length === 0 ? null : await earlierContent(options.previous, nowMs, io);
  if (options.fix) await fixFiles(paths, io);
  const load = await inspectZones(paths, { nowMs, earlier, allowShift });
  io.stdout(printed(load, options.format, io.colour));
  return load.outcome === "loaded" ? 0 : 1;
});

/** The version to compare with; an expired one will do. Throws where it is no zone set at all. */
async function earlierContent(paths: readonly string[], nowMs: number, io: Io): Promise<ZoneSetContent> {
  const load = await loadZones(paths, { nowMs, expired: "accept" });
  if (load.outcome === "loaded") return load.content;
  io.stderr(formatReports(load.reports, false));
  throw new CamfenceError(
    "zones-invalid",
    `--previous: ${paths.join(" ")} has mistakes of its own; name the set in force`,
  );
}

const FORMATS = ["text", "json", "sarif"] as const;
type Format = (typeof FORMATS)[number];

function printed(load: ZoneLoad, format: Format, colour: boolean): string {
  switch (format) {
    case "text":
      return textOf(load, colour);
    case "json":
      return jsonOf(load);
    case "sarif":
      return sarifOf(load.reports, resolve("."));
    default:
      return format satisfies never;
  }
}

const OPTIONS = {
  at: { type: "string" },
  previous: { type: "string", multiple: true },
  "allow-shift": { type: "string", multiple: true },
  fix: { type: "boolean" },
  format: { type: "string" },
  json: { type: "boolean" },
} as const;

interface Options {
  readonly paths: readonly string[];
  readonly previous: readonly string[];
  readonly allowShift: readonly string[];
  readonly atMs: number;
  readonly fix: boolean;
  readonly format: Format;
}

function readOptions(args: readonly string[], nowMs: number): Options {
  const { values, positionals } = parseOptions(args, OPTIONS);
  const at = values.at;
  const atMs = at === undefined ? nowMs : parseIsoMs(at);
  if (!Number.isFinite(atMs))
    throw new CamfenceError("usage", `got --at ${at}, expected a time such as 2027-01-01T00:00:00Z`);
  const { json = false, fix = false, previous = [] } = values;
  const format = readFormat(values.format ?? (json ? "json" : "text"));
  if (positionals.length === 0)
    throw new CamfenceError("usage", "got no path, expected zone files or folders; see --help");
  return { paths: positionals, previous, allowShift: values["allow-shift"] ?? [], atMs, fix, format };
}

function readFormat(text: string): Format {
  const format = FORMATS.find((name) => name === text);
  if (format === undefined)
    throw new CamfenceError("usage", `got --format ${text}, expected one of ${FORMATS.join(", ")}`);
  return format;
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
