import { createHash } from "node:crypto";
import type { HeaderOptions } from "./check/check-header.ts";
import { checkZoneFile, type ZoneFile } from "./check/check-zone-file.ts";
import { compiledAmong, loadAlone } from "./compiled/load-alone.ts";
import type { CompiledOptions } from "./compiled/load-compiled.ts";
import { createFindings } from "./check/findings.ts";
import { findingOf, type Finding, type Mistake } from "./check/mistake.ts";
import { noZone } from "./check/rules/no-zone.ts";
import { parseJson } from "./read/parse-json.ts";
import { parsePacked } from "./read/parse-packed.ts";
import { placeMistakes } from "./check/place-mistakes.ts";
import { readZoneFile, zoneFilesIn } from "./read/read-zone-file.ts";
import { createZoneSetBuilder, type ZoneSetBuilder } from "./zone-set-builder.ts";
import type { ZoneSetContent } from "./zone.ts";

/** What was found in one file. */
export interface FileReport {
  readonly file: string;
  /** The first 100 errors and the first 100 warnings, in the order of their lines. */
  readonly mistakes: readonly Mistake[];
  /** All of them, listed or not. */
  readonly errorCount: number;
  readonly warningCount: number;
}

export interface LoadOptions extends HeaderOptions, CompiledOptions {
  /** Called for every file whose header is good, before the set is judged as a whole. */
  readonly onFile?: (name: string, bytes: Buffer, file: ZoneFile) => void;
}

/** A set that may be used, or the reasons why not; warnings are in the reports either way. */
export type ZoneLoad =
  | { readonly outcome: "loaded"; readonly content: ZoneSetContent; readonly reports: readonly FileReport[] }
  | { readonly outcome: "refused"; readonly reports: readonly FileReport[] };

/**
 * Reads zone files, and the `.geojson` files of folders, as one set. Every mistake of every file is reported, and one
 * error refuses the whole set (rule 4). Throws `CamfenceError` `unreadable` or `too-large` for what is no zone file.
 * A compiled set loads as well, alone; it throws what `loadCompiled` does.
 */
export async function loadZones(paths: readonly string[], options: LoadOptions): Promise<ZoneLoad> {
  const builder = createZoneSetBuilder();
  const reports: FileReport[] = [];
  const files = await zoneFilesIn(paths);
  const compiled = await compiledAmong(files);
  if (compiled !== undefined) return loadAlone(compiled, options);
  for (const file of files) reports.push(checkBytes(file, await readZoneFile(file), options, builder));
  return joined(builder, reports);
}

/** As `loadZones`, for files that came some other way than from a disk. */
export function loadZoneBytes(
  files: readonly { readonly file: string; readonly bytes: Buffer }[],
  options: LoadOptions,
): ZoneLoad {
  const builder = createZoneSetBuilder();
  return joined(
    builder,
    files.map(({ file, bytes }) => checkBytes(file, bytes, options, builder)),
  );
}

function joined(builder: ZoneSetBuilder, reports: readonly FileReport[]): ZoneLoad {
  if (reports.some(({ errorCount }) => errorCount > 0)) return { outcome: "refused", reports };
  const content = builder.build();
  const problem = noZone.check(content);
  return problem
    ? { outcome: "refused", reports: withLast(reports, findingOf(noZone, problem, null)) }
    : { outcome: "loaded", content, reports };
}

function checkBytes(file: string, bytes: Buffer, options: LoadOptions, builder: ZoneSetBuilder): FileReport {
  const findings = createFindings();
  const value = parsePacked(bytes) ?? parseJson(bytes, findings);
  const zoneFile = value === undefined ? null : checkZoneFile(value, options, findings);
  if (zoneFile) {
    builder.add(file, zoneFile, createHash("sha256").update(bytes).digest("hex"), findings);
    options.onFile?.(file, bytes, zoneFile);
  }
  const listed = findings.listed();
  return {
    file,
    mistakes: listed.length > 0 ? placeMistakes(file, bytes, listed) : [],
    errorCount: findings.count("error"),
    warningCount: findings.count("warning"),
  };
}

/** What is wrong with the whole set is reported with the last of its files. */
function withLast(reports: readonly FileReport[], finding: Finding): readonly FileReport[] {
  return reports.map((report, index) => {
    if (index + 1 < reports.length) return report;
    const more = placeMistakes(report.file, Buffer.from("null"), [finding]);
    return {
      ...report,
      mistakes: [...report.mistakes, ...more],
      errorCount: report.errorCount + more.length,
    };
  });
}
