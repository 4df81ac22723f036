import { isInChina } from "../china.ts";
import { checkZoneFile } from "../check/check-zone-file.ts";
import { createFindings } from "../check/findings.ts";
import type { FileReport } from "../load-zones.ts";
import { type Finding, pathText, stepsOf } from "../check/mistake.ts";
import type { Datum, ZoneFileHeader } from "../zone-file.ts";
import type { Draft, DraftGeometry, Source, SourceFile, SourceProblem } from "./draft.ts";
import { extentOf } from "./daylight.ts";
import { type Feature, toFeature, uniqueFeatures } from "./features.ts";
import { READERS, type Format } from "./formats.ts";
import type { Repairs } from "./repair-ring.ts";
import type { RuleFile } from "./rule-file.ts";
import { createSourceLog, type SourceLog } from "./source-log.ts";
import { toGeojson, zoneFileText } from "./zone-file-text.ts";
import { zoneProperties } from "./zone-properties.ts";
import { ringOpen } from "../check/rules/ring-open.ts";
import { sourceCategory } from "./rules/source-category.ts";
import { sourceDatum } from "./rules/source-datum.ts";
import { sourceIncomplete } from "./rules/source-incomplete.ts";
import { sourceNoArea } from "./rules/source-no-area.ts";

export interface ConvertOptions {
  readonly nowMs: number;
  /** null: what the formats' standards say. */
  readonly datum: Datum | null;
  readonly rules: RuleFile;
  /** Of zones for which neither the source nor a rule has one; null: they are refused. */
  readonly category: string | null;
  /** Begins the ids that are made of the source's own; empty for none. */
  readonly prefix: string;
  readonly fix: boolean;
  readonly issuer: string;
  readonly issued: string;
  /** null: what the source says, else `defaultExpires`. */
  readonly expires: string | null;
  readonly defaultExpires: string;
}

export interface Conversion {
  readonly outcome: "converted" | "refused";
  /** The zone file; empty when refused. */
  readonly text: string;
  readonly zones: number;
  /** Features that rules left out. */
  readonly skipped: number;
  /** Objects of a map extract that are no sites. */
  readonly leftOut: number;
  readonly repairs: Repairs;
  readonly reports: readonly FileReport[];
}

/**
 * Makes one zone file of files of other formats. Nothing of them is lost without a word: what cannot become a zone is an
 * error with its feature and line, and one error refuses the whole (rule 4).
 */
export async function convert(
  files: readonly (SourceFile & { readonly format: Format })[],
  options: ConvertOptions,
): Promise<Conversion> {
  const log = createSourceLog(files.map(({ name }) => name));
  const repairs: Repairs = { closed: 0, repeated: 0, rewound: 0 };
  const sources: Source[] = [];
  for (const file of files) {
    const source = await READERS[file.format](file, log.of(file.name), {
      fix: options.fix,
      csv: options.rules.csv,
    });
    if (options.datum === null) checkDatum(file.name, source, log);
    sources.push(source);
  }
  const { features, skipped, leftOut } = map(sources, options, options.fix ? repairs : null, log);
  const unique = uniqueFeatures(features, ({ file }) => log.of(file));
  const header = headerOf(sources, options);
  if (log.errorCount() === 0) checkResult(header, unique, files[0]?.name ?? "", options, log);
  const good = log.errorCount() === 0;
  return {
    outcome: good ? "converted" : "refused",
    text: good ? zoneFileText(header, unique) : "",
    zones: unique.length,
    skipped,
    leftOut,
    repairs,
    reports: log.reports(),
  };
}

function map(sources: readonly Source[], options: ConvertOptions, repairs: Repairs | null, log: SourceLog) {
  const features: Feature[] = [];
  let [skipped, leftOut] = [0, 0];
  for (const { drafts, wgs84By } of sources) {
    for (const draft of drafts) {
      const mapped = zoneProperties(draft, options.rules, options.category);
      if (mapped.kind === "skip") skipped += 1;
      else if (mapped.kind === "unmatched" && wgs84By === "OpenStreetMap") leftOut += 1;
      else if (mapped.kind === "unmatched") report(draft, NO_CATEGORY, log);
      else if (draft.flaw) report(draft, { rule: sourceIncomplete, ...draft.flaw }, log);
      else if (hasArea(draft)) features.push(toFeature(draft, mapped.properties, { ...options, repairs }));
      else report(draft, { ...NO_AREA, got: draft.why ?? `geometry ${draft.type}` }, log);
    }
  }
  return { features, skipped, leftOut };
}

const hasArea = (draft: Draft): draft is Draft & { readonly geometry: DraftGeometry } =>
  draft.geometry !== null;

const NO_CATEGORY = {
  rule: sourceCategory,
  got: "a feature without a category",
  expected: "one from the source, from --category or from a rule",
} as const;

const NO_AREA = {
  rule: sourceNoArea,
  expected: "a polygon, or a point with a radius",
} as const;

type Problem = Omit<SourceProblem, "line" | "path">;

function report({ file, line, label }: Draft, problem: Problem, log: SourceLog): void {
  log.of(file)({ ...problem, line, path: label });
}

/** A standard says what the coordinates should be, not what map they were drawn on. */
function checkDatum(file: string, { drafts, wgs84By }: Source, log: SourceLog): void {
  const inChina = drafts.find(({ geometry }) => {
    const extent = geometry ? extentOf(geometry) : null;
    return extent !== null && isInChina((extent.west + extent.east) / 2, (extent.south + extent.north) / 2);
  });
  if (inChina === undefined || wgs84By === null) return;
  report(
    { ...inChina, file },
    {
      rule: sourceDatum,
      got: `a place in China, read as WGS 84 because ${wgs84By} says so`,
      expected: "coordinates that were not taken from a Chinese web map",
    },
    log,
  );
}

function headerOf(sources: readonly Source[], options: ConvertOptions): ZoneFileHeader {
  const stated = sources.flatMap(({ validTo }) => (validTo === undefined ? [] : [validTo]));
  const earliest = stated.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0];
  return {
    version: 1,
    datum: options.datum ?? "wgs84",
    issued: options.issued,
    expires: options.expires ?? earliest ?? options.defaultExpires,
    issuer: options.issuer,
  };
}

/** Checks the zone file as a vehicle would, and reports its mistakes where the source has them. */
function checkResult(
  header: ZoneFileHeader,
  features: readonly Feature[],
  file: string,
  { nowMs }: ConvertOptions,
  log: SourceLog,
): void {
  const findings = createFindings();
  const value = { type: "FeatureCollection", camfence: header, features: features.map(toGeojson) };
  checkZoneFile(value, { nowMs }, findings);
  for (const finding of findings.listed()) {
    const { feature, rest } = placeOf(finding, features);
    const draft = feature?.draft;
    const path = [draft?.label, rest].filter(Boolean).join(", ");
    const problem = { ...finding, path, line: draft?.line ?? 1 };
    log.of(draft?.file ?? file)({ ...problem, advice: adviceFor(finding) });
  }
}

/** The feature of a finding, and where in it: `coordinates[0][3]`. */
function placeOf({ at }: Finding, features: readonly Feature[]) {
  const steps = at !== null && "offset" in at ? [] : stepsOf(at);
  const index = steps[0] === "features" && typeof steps[1] === "number" ? steps[1] : -1;
  const rest = (index < 0 ? steps : steps.slice(3)).reduce<Parameters<typeof pathText>[0]>(
    (up, step) => ({ up, step }),
    null,
  );
  return { feature: features[index], rest: pathText(rest) };
}

const adviceFor = ({ rule, advice = rule.remedy }: Finding) =>
  rule === ringOpen ? `${advice}, or convert again with --fix` : advice;
