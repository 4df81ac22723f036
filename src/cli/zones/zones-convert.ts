import { readFile } from "node:fs/promises";
import { basename, extname } from "node:path";
import { CamfenceError } from "../../core/errors.ts";
import { formatIso, parseIsoMs } from "../../core/time.ts";
import type { Conversion, ConvertOptions } from "../../zones/convert/convert.ts";
import { convert } from "../../zones/convert/convert.ts";
import type { SourceFile } from "../../zones/convert/draft.ts";
import { formatOf, isFormat, leavesDatumOpen, READERS, type Format } from "../../zones/convert/formats.ts";
import { asId } from "../../zones/convert/naming.ts";
import { NO_RULES, parseRules } from "../../zones/convert/rule-file.ts";
import { readZoneFile } from "../../zones/read/read-zone-file.ts";
import { Datum } from "../../zones/zone-file.ts";
import { CATEGORIES } from "../../zones/zone.ts";
import { parseOptions } from "../arguments.ts";
import type { ExitCode, Io } from "../io.ts";
import { readText } from "../read-text.ts";
import { writeWhole } from "../write-file.ts";
import { count, formatReports } from "./zones-report.ts";
import { withHelp } from "../with-help.ts";

const HELP = `camfence zones convert FILE…

Makes one zone file of files of other formats, on stdout or in --out. Whatever cannot become a zone is an
error with its feature and line, and then nothing is written.

  FILE              GeoJSON, KML, KMZ, GPX (closed tracks), Shapefile (.shp or .zip), ED-269, ED-318,
                    OSM XML, Overpass JSON, CSV of circles (lat, lon, radius_m)
  --datum NAME      wgs84, gcj02 or bd09: what the coordinates refer to. Required for GeoJSON, CSV and a
                    Shapefile without .prj; the other formats are WGS 84 by their standards, but a file that
                    was drawn on a Chinese web map is not, whatever its format
  --category NAME   of zones that have none: military, defence-industry, government, housing-compound, other
  --rules FILE      which features become what zones, YAML: see geofences/README.md
  --prefix TEXT     begins the ids made from the source's own      [the first file's name]
  --from FORMAT     where the ending does not say it: ${Object.keys(READERS).join(", ")}
  --fix             close open rings, leave repeated positions out, turn rings the way RFC 7946 has them
  --issuer TEXT     who answers for the file                        [the files' names]
  --issued ISO      when it was made                                [now]
  --expires ISO     when vehicles stop trusting it                  [what the source says, or a year after]
  --out FILE        write it there instead of stdout
  --json            one JSON document on stdout instead of text; needs --out
  --help            this text

Example: camfence zones convert sites.kml --category military --out geofences/sites.geojson

Exit code: 0 converted, 1 something cannot be converted, 2 wrong usage or a file that cannot be read.
`;

const OPTIONS = {
  datum: { type: "string" },
  category: { type: "string" },
  rules: { type: "string" },
  prefix: { type: "string" },
  from: { type: "string" },
  fix: { type: "boolean" },
  issuer: { type: "string" },
  issued: { type: "string" },
  expires: { type: "string" },
  out: { type: "string" },
  json: { type: "boolean" },
} as const;

export const run = withHelp(HELP, async (args: readonly string[], io: Io): Promise<ExitCode> => {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (positionals.length === 0)
    throw new CamfenceError("usage", "got no file, expected one or more; see --help");
  if (values.json === true && values.out === undefined)
    throw new CamfenceError("usage", "got --json without --out, expected a file for the zones; see --help");
  const files = await Promise.all(positionals.map((path) => openSource(path, values.from)));
  const conversion = await convert(files, await readOptions(values, files, io.nowMs()));
  const wrote = conversion.outcome === "converted" && values.out !== undefined ? values.out : null;
  if (wrote !== null) await writeWhole(wrote, conversion.text);
  if (values.json === true) io.stdout(jsonOf(conversion));
  else {
    io.stderr(formatReports(conversion.reports, false));
    if (conversion.outcome === "converted") {
      if (wrote === null) io.stdout(conversion.text);
      io.stderr(describe(conversion, wrote));
    }
  }
  return conversion.outcome === "converted" ? 0 : 1;
});

type Values = ReturnType<typeof parseOptions<typeof OPTIONS>>["values"];
type Opened = SourceFile & { readonly format: Format };

async function openSource(name: string, from: string | undefined): Promise<Opened> {
  const bytes = await readZoneFile(name);
  const format = from ?? formatOf(name, bytes);
  if (format === null || !isFormat(format))
    throw new CamfenceError(
      "usage",
      `${name}: got ${from === undefined ? "no known ending" : `--from ${from}`}, expected --from ${Object.keys(READERS).join(", ")}`,
      { file: name },
    );
  return { name, bytes, format, sibling: (ending) => readSibling(name, ending) };
}

/** The part of a Shapefile beside it, in small or in capital letters. */
async function readSibling(name: string, ending: string): Promise<Buffer | null> {
  const stem = name.slice(0, name.length - extname(name).length);
  for (const path of [`${stem}.${ending}`, `${stem}.${ending.toUpperCase()}`]) {
    try {
      return await readFile(path);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    }
  }
  return null;
}

async function readOptions(values: Values, files: readonly Opened[], nowMs: number): Promise<ConvertOptions> {
  const [datum, category] = [readDatum(values.datum), readCategory(values.category)];
  await requireDatum(datum, files);
  const issued = values.issued ?? formatIso(nowMs);
  const names = files.map(({ name }) => basename(name));
  const stem = names[0]?.replace(/\.[^.]*$/, "") ?? "";
  const yearAfter = parseIsoMs(issued) + 365 * 24 * 60 * 60 * 1000;
  return {
    nowMs,
    datum,
    category,
    rules:
      values.rules === undefined
        ? NO_RULES
        : parseRules(values.rules, await readText("--rules", values.rules)),
    prefix: values.prefix ?? asId(stem),
    fix: values.fix === true,
    issuer: values.issuer ?? `converted from ${names.join(", ")}`.slice(0, 200),
    issued,
    expires: values.expires ?? null,
    defaultExpires: Number.isFinite(yearAfter) ? formatIso(yearAfter) : issued,
  };
}

function readDatum(text: string | undefined): Datum | null {
  if (text === undefined) return null;
  const datum = Datum.safeParse(text);
  if (datum.success) return datum.data;
  throw new CamfenceError("usage", `--datum: got ${text}, expected wgs84, gcj02 or bd09`);
}

function readCategory(text: string | undefined): string | null {
  if (text === undefined || CATEGORIES.some((known) => known === text)) return text ?? null;
  throw new CamfenceError("usage", `--category: got ${text}, expected one of ${CATEGORIES.join(", ")}`);
}

/** A wrong guess moves every site by several hundred metres. */
async function requireDatum(datum: Datum | null, files: readonly Opened[]): Promise<void> {
  if (datum !== null) return;
  for (const { name, format, bytes, sibling } of files) {
    const isBare = format === "shapefile" && (await sibling("prj")) === null;
    if (!isBare && !leavesDatumOpen(format, bytes)) continue;
    throw new CamfenceError(
      "usage",
      `${name}: got no --datum, expected wgs84 (GNSS, OpenStreetMap, most of the world), gcj02 (drawn on Amap or Tencent) or bd09 (on Baidu)`,
      { file: name },
    );
  }
}

function describe({ zones, skipped, leftOut, repairs }: Conversion, out: string | null): string {
  const repaired = repairs.closed + repairs.repeated + repairs.rewound;
  return `${[
    `${count(zones, "feature")}${out === null ? "" : ` written to ${out}`}`,
    ...(skipped > 0 ? [`${skipped} left out by rules`] : []),
    ...(leftOut > 0 ? [`${leftOut} other objects of the map left out`] : []),
    ...(repaired > 0
      ? [
          `repaired: ${repairs.closed} rings closed, ${repairs.repeated} repetitions left out, ${repairs.rewound} rings turned`,
        ]
      : []),
    `next: camfence zones check ${out ?? "FILE"}`,
  ].join("; ")}\n`;
}

function jsonOf({ outcome, zones, skipped, leftOut, repairs, reports }: Conversion): string {
  const mistakes = reports.flatMap((each) => each.mistakes);
  return `${JSON.stringify({ outcome, features: zones, skipped, leftOut, repairs, mistakes }, null, 2)}\n`;
}
