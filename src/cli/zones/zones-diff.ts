import { CamfenceError } from "../../core/errors.ts";
import { diffZoneSets, type ZoneSetDiff } from "../../zones/diff/diff-zone-sets.ts";
import { metres2 } from "../../zones/diff/zone-changes.ts";
import { loadZones } from "../../zones/load-zones.ts";
import type { ZoneSetContent } from "../../zones/zone.ts";
import { numberOption, parseOptions } from "../arguments.ts";
import { compareDrive, type DriveChange } from "./diff-drives.ts";
import type { ExitCode, Io } from "../io.ts";
import { lineOf } from "./zones-change-line.ts";
import { count, formatReports } from "./zones-report.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones diff A B

What a change of zone files does, before it ships: zones added, removed, moved, grown or weakened, the area
that becomes open or closed, and, with drives, the frames that change. A is what is in force, B what is to
come; each a zone file or a folder of them.

  --allow-weaker ID…  changes that are meant to weaken the protection
  --drives DRIVE…     recorded drives, judged with both: GPX, NMEA 0183, gpsd JSON
  --cameras LIST      id:yaw:hfov of each camera on the drives, degrees   [front:0:100,rear:180:120]
  --fps N             frames a second on the drives                       [2]
  --tolerance M2      so much opened area of a zone is rounding, m²       [1]
  --json              one JSON document on stdout
  --help              this text

Weaker is: less standoff or view, drop → blur, fewer cameras, a narrower schedule or validity, area that is
protected less, a zone without an heir, a larger coverage, any change of regions.

Example: camfence zones diff released/ geofences/ --allow-weaker sample/gardens

Exit code: 0 nothing is weaker but what was allowed, 1 something is, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  "allow-weaker": { type: "string", multiple: true },
  drives: { type: "string", multiple: true },
  cameras: { type: "string" },
  fps: { type: "string" },
  tolerance: { type: "string" },
  json: { type: "boolean" },
} as const;

const LISTS = ["--allow-weaker", "--drives"];

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(withLists(args), OPTIONS);
  const [a, b, ...more] = positionals;
  if (a === undefined || b === undefined || more.length > 0)
    throw new CamfenceError(
      "usage",
      `got ${count(positionals.length, "path")}, expected two, A and B; see --help`,
    );
  const nowMs = io.nowMs();
  const [before, after] = [await content(a, nowMs, io), await content(b, nowMs, io)];
  const toleranceM2 = numberOption("tolerance", values.tolerance ?? "1", 0, 1e9);
  const diff = diffZoneSets(before, after, { nowMs, toleranceM2 });
  const allowed = new Set(values["allow-weaker"] ?? []);
  const drives = await drivesOf(values, [before, after]);
  const refused = notAllowed(diff, drives, allowed);
  for (const id of allowed)
    if (!diff.weaker.includes(id))
      io.stderr(`camfence: --allow-weaker ${id}: nothing of that id became weaker\n`);
  io.stdout(values.json === true ? jsonOf(diff, drives, refused) : textOf(diff, drives, allowed, refused));
  return refused.length === 0 ? 0 : 1;
});

/** Lets several values follow one `--allow-weaker` or `--drives`, up to the next option. */
function withLists(args: readonly string[]): readonly string[] {
  let list: string | null = null;
  let taken = 0;
  const paths = args.findIndex((arg) => arg.startsWith("-"));
  return args.flatMap((arg) => {
    if (arg.startsWith("-")) {
      list = LISTS.includes(arg) ? arg : null;
      taken = 0;
      return [arg];
    }
    // Where the two paths come last, an option before them takes one value only.
    if (list === null || taken++ === 0 || paths < 2) return [arg];
    return [list, arg];
  });
}

/** A set that is in force may have expired since; it is compared all the same. */
async function content(path: string, nowMs: number, io: Io): Promise<ZoneSetContent> {
  const load = await loadZones([path], { nowMs, expired: "accept" });
  if (load.outcome === "loaded") return load.content;
  io.stderr(formatReports(load.reports, false));
  throw new CamfenceError("zones-invalid", `${path} has mistakes; see camfence zones check ${path}`);
}

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];

async function drivesOf(values: Values, sets: readonly [ZoneSetContent, ZoneSetContent]) {
  const fps = numberOption("fps", values.fps ?? "2", 0.001, 1000);
  const cameras = values.cameras ?? "front:0:100,rear:180:120";
  const changes: DriveChange[] = [];
  for (const drive of values.drives ?? []) changes.push(await compareDrive(drive, sets, { cameras, fps }));
  return changes;
}

/**
 * Ids that weaken without leave. The frames of the drives are a second opinion: a changed zone that lost one, though the
 * comparison found nothing, counts as well.
 */
function notAllowed(
  diff: ZoneSetDiff,
  drives: readonly DriveChange[],
  allowed: ReadonlySet<string>,
): readonly string[] {
  const lost = drives.flatMap(({ zones }) => Object.keys(zones));
  const known = new Set(diff.changes.map(({ id }) => id));
  const unexplained = diff.weaker.length === 0 ? lost.filter((id) => known.has(id)) : [];
  return [...new Set([...diff.weaker, ...unexplained])].filter((id) => !allowed.has(id));
}

function textOf(
  diff: ZoneSetDiff,
  drives: readonly DriveChange[],
  allowed: ReadonlySet<string>,
  refused: readonly string[],
): string {
  const lines = [
    ...diff.changes.map((change) => lineOf(change, allowed)),
    `opened ${metres2(diff.openedM2)}, closed ${metres2(diff.closedM2)}; ${count(diff.unchanged, "zone")} unchanged`,
    ...drives.map(driveLine),
    ...(diff.isOlder ? ["B was issued before A: a vehicle that has A will not take it"] : []),
    ...(refused.length > 0
      ? [`${refused.length} weaker without leave; if that is meant: --allow-weaker ${refused.join(" ")}`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

function driveLine({ drive, frames, weaker, stricter, zones }: DriveChange): string {
  const by = Object.entries(zones).map(([id, number]) => `${id} ${number}`);
  return `${drive}: of ${count(frames, "frame")}, ${weaker} weaker${by.length > 0 ? ` (${by.join(", ")})` : ""}, ${stricter} stricter`;
}

function jsonOf(diff: ZoneSetDiff, drives: readonly DriveChange[], refused: readonly string[]): string {
  return `${JSON.stringify({ ...diff, drives, notAllowed: refused }, null, 2)}\n`;
}
