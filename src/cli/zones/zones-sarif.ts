import { isAbsolute, relative, sep } from "node:path";
import { pathToFileURL } from "node:url";
import { RULES } from "../../zones/check/all-rules.ts";
import type { Rule } from "../../zones/check/rule.ts";
import type { FileReport } from "../../zones/load-zones.ts";
import type { Mistake } from "../../zones/check/mistake.ts";

/** The mistakes as SARIF 2.1.0 (OASIS), which editors and code hosts show at their lines. */
export function sarifOf(reports: readonly FileReport[], folder: string): string {
  const mistakes = reports.flatMap((report) => report.mistakes);
  const ids = RULES.map(({ id }) => id);
  const driver = {
    name: "camfence",
    informationUri: "https://www.rfc-editor.org/rfc/rfc7946",
    rules: RULES.map(described),
  };
  const results = mistakes.map((mistake) => ({
    ruleId: mistake.rule,
    ruleIndex: ids.indexOf(mistake.rule),
    level: mistake.severity,
    message: { text: `got ${mistake.got}, expected ${mistake.expected}; ${mistake.advice}` },
    locations: [locationOf(mistake, folder)],
  }));
  const run = { tool: { driver }, columnKind: "utf16CodeUnits", results };
  return `${JSON.stringify({ $schema: SCHEMA, version: "2.1.0", runs: [run] }, null, 2)}\n`;
}

const described = ({ id, severity, asks, remedy }: Rule) => ({
  id,
  shortDescription: { text: asks },
  fullDescription: { text: `${asks} What to do: ${remedy}.` },
  help: { text: remedy },
  defaultConfiguration: { level: severity },
});

const SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json";

function locationOf({ file, line, column, path }: Mistake, folder: string) {
  const region = { startLine: line, startColumn: column };
  const physicalLocation = { artifactLocation: { uri: uriOf(file, folder) }, region };
  return path === ""
    ? { physicalLocation }
    : { physicalLocation, logicalLocations: [{ fullyQualifiedName: path }] };
}

/** Relative to the folder of the call, as code hosts want it; a file elsewhere by its whole address. */
function uriOf(file: string, folder: string): string {
  const from = isAbsolute(file) ? relative(folder, file) : file;
  if (isAbsolute(from) || from.startsWith("..")) return pathToFileURL(file).href;
  return from.split(sep).map(encodeURIComponent).join("/");
}
