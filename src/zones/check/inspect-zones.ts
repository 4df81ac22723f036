import type { Area } from "../area.ts";
import { AREA_RULES } from "./area-rules.ts";
import { type AreaContext, earlierVersion } from "./earlier-version.ts";
import type { ZoneFile } from "./check-zone-file.ts";
import type { HeaderOptions } from "./check-header.ts";
import { createFindings } from "./findings.ts";
import { type FileReport, type LoadOptions, loadZoneBytes, loadZones, type ZoneLoad } from "../load-zones.ts";
import { findingOf, type Mistake, under } from "./mistake.ts";
import { placeMistakes } from "./place-mistakes.ts";
import { datumShift } from "./rules/datum-shift.ts";
import type { ZoneSetContent } from "../zone.ts";

export interface InspectOptions extends HeaderOptions {
  /** The version in force, which the new one is compared with; null: only the new one is looked at. */
  readonly earlier: ZoneSetContent | null;
  /** Ids of zones that did move as a wrong datum moves them. */
  readonly allowShift: readonly string[];
}

/**
 * Loads zone files as a vehicle does, and then asks the rules about what loads but is probably not meant. The
 * outcome is `refused` also where one of them is an error.
 */
export async function inspectZones(paths: readonly string[], options: InspectOptions): Promise<ZoneLoad> {
  const seen = seenFiles();
  return advised(
    await loadZones(paths, { ...options, thorough: true, onFile: seen.take }),
    seen.files,
    options,
  );
}

/** The same for files that are not on a disk, or not yet. */
export function inspectZoneBytes(
  files: readonly { readonly file: string; readonly bytes: Buffer }[],
  { onFile, ...options }: InspectOptions & Pick<LoadOptions, "onFile">,
): ZoneLoad {
  const seen = seenFiles();
  const take = (...seenFile: Parameters<typeof seen.take>) => {
    seen.take(...seenFile);
    onFile?.(...seenFile);
  };
  return advised(loadZoneBytes(files, { ...options, onFile: take }), seen.files, options);
}

interface SeenFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly file: ZoneFile;
}

function seenFiles() {
  const files: SeenFile[] = [];
  return {
    files,
    take: (name: string, bytes: Buffer, file: ZoneFile) => void files.push({ name, bytes, file }),
  };
}

function advised(load: ZoneLoad, files: readonly SeenFile[], options: InspectOptions): ZoneLoad {
  if (load.outcome === "refused") return load;
  const ids = new Set(files.flatMap(({ file }) => file.areas.map(({ id }) => id)));
  const earlier = options.earlier === null ? null : earlierVersion(options.earlier, ids);
  const { coverage } = load.content;
  const advice = files.map(({ name, bytes, file }) => {
    const context = { datum: file.header.datum, coverage, earlier };
    return adviceOn(name, bytes, file, context, options.allowShift);
  });
  const reports = load.reports.map((report, index) =>
    joined(report, advice[index] ?? adviceOnBuilt(report.file, load.content, { coverage, earlier }, options)),
  );
  const isWrong = reports.some(({ errorCount }) => errorCount > 0);
  return isWrong ? { outcome: "refused", reports } : { ...load, reports };
}

function adviceOn(
  name: string,
  bytes: Buffer,
  { areas }: ZoneFile,
  context: AreaContext,
  allowShift: readonly string[],
): readonly Mistake[] {
  const findings = createFindings();
  for (const [index, area] of areas.entries())
    for (const finding of findingsOn(area, context, allowShift))
      findings.add({ ...finding, at: under(null, "features", index, "geometry") });
  return findings.listed().length > 0 ? placeMistakes(name, bytes, findings.listed()) : [];
}

/** A compiled set has no lines, and is in WGS 84: against an earlier version it is looked at all the same. */
function adviceOnBuilt(
  file: string,
  { zones }: ZoneSetContent,
  context: Pick<AreaContext, "coverage" | "earlier">,
  { allowShift }: InspectOptions,
): readonly Mistake[] {
  if (context.earlier === null) return [];
  const findings = createFindings();
  for (const zone of zones)
    for (const finding of findingsOn(zone, { ...context, datum: "wgs84" }, allowShift))
      findings.add({ ...finding, at: null, got: `${zone.id}: ${finding.got}` });
  return findings.listed().length > 0 ? placeMistakes(file, Buffer.from("null"), findings.listed()) : [];
}

function findingsOn(area: Area, context: AreaContext, allowShift: readonly string[]) {
  return AREA_RULES.flatMap((rule) => {
    if (rule === datumShift && allowShift.includes(area.id)) return [];
    const problem = rule.check(area, context);
    return problem === null ? [] : [findingOf(rule, problem, null)];
  });
}

function joined(report: FileReport, more: readonly Mistake[]): FileReport {
  if (more.length === 0) return report;
  const errors = more.filter(({ severity }) => severity === "error").length;
  return {
    file: report.file,
    mistakes: [...report.mistakes, ...more].toSorted((a, b) => a.line - b.line || a.column - b.column),
    errorCount: report.errorCount + errors,
    warningCount: report.warningCount + more.length - errors,
  };
}
