import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createFindings } from "../../src/zones/findings.ts";
import { checkZoneFile } from "../../src/zones/check-zone-file.ts";
import { parseJson } from "../../src/zones/parse-json.ts";
import { loadZones } from "../../src/zones/load-zones.ts";
import { createZoneSetBuilder } from "../../src/zones/zone-set-builder.ts";
import { compileZoneSet } from "../../src/zones/zone-set.ts";
import { median } from "./rounds.ts";

const MILITARY = resolve(import.meta.dirname, "../../../shared/data/zones/eur_military.geojson");
const NOW_MS = Date.UTC(2026, 5, 1);
const ROUNDS = 7;

/** The military areas of Europe: parsed, checked and indexed, beside `JSON.parse` of the same text. */
export async function benchZonesLoad(print: (line: string) => void): Promise<void> {
  if (!existsSync(MILITARY)) return print(`skipped, as it is absent: ${MILITARY}`);
  const bytes = Buffer.from(asZoneFile(readFileSync(MILITARY, "utf8")));
  const text = bytes.toString();
  const times = { parse: [] as number[], load: [] as number[], compile: [] as number[] };
  let [zones, edges] = [0, 0];
  for (let round = -2; round < ROUNDS; round++) {
    const startMs = performance.now();
    JSON.parse(text);
    const parsedMs = performance.now();
    const content = contentOf(bytes);
    const checkedMs = performance.now();
    const set = compileZoneSet(content);
    const compiledMs = performance.now();
    [zones, edges] = [set.zones.length, set.zoneIndex.shapes.edges.length / 4];
    if (round < 0) continue;
    times.parse.push(parsedMs - startMs);
    times.load.push(checkedMs - parsedMs);
    times.compile.push(compiledMs - checkedMs);
  }
  const [parseMs, loadMs, compileMs] = [median(times.parse), median(times.load), median(times.compile)];
  const factor = (loadMs + compileMs) / parseMs;
  print(
    `military areas of Europe: ${zones} zones, ${(bytes.length / 1e6).toFixed(1)} MB, ${edges} edges in slabs`,
  );
  print(
    `  JSON.parse ${parseMs.toFixed(0)} ms, parse and check ${loadMs.toFixed(0)} ms, compile ${compileMs.toFixed(0)} ms`,
  );
  print(`  ${factor.toFixed(2)} × JSON.parse; target under 3, ${factor < 3 ? "met" : "MISSED"}`);
  await printMemory(bytes, print);
}

/** A file of features without a header, as a zone file: every feature a military zone with an id of its own. */
function asZoneFile(text: string): string {
  const { features } = JSON.parse(text) as { readonly features: readonly { readonly geometry: unknown }[] };
  const camfence = {
    version: 1,
    datum: "wgs84",
    issued: "2026-01-01T00:00:00Z",
    expires: "2027-01-01T00:00:00Z",
    issuer: "bench",
  };
  const zones = features.map(({ geometry }, i) => ({
    type: "Feature",
    properties: { id: `m${i}`, category: "military" },
    geometry,
  }));
  return JSON.stringify({ type: "FeatureCollection", camfence, features: zones });
}

function contentOf(bytes: Buffer) {
  const findings = createFindings();
  const file = checkZoneFile(parseJson(bytes, findings), { nowMs: NOW_MS }, findings);
  const builder = createZoneSetBuilder();
  if (file !== null) builder.add("bench", file, "hash", findings);
  return builder.build();
}

/** From a file on disk to a compiled set: the process's greatest size, and what is left after. */
async function printMemory(bytes: Buffer, print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  try {
    const path = join(folder, "military.geojson");
    writeFileSync(path, bytes);
    const load = await loadZones([path], { nowMs: NOW_MS });
    const [errors = 0] = load.reports.map(({ errorCount }) => errorCount);
    const megabytes = (process.resourceUsage().maxRSS / 1024).toFixed(0);
    print(`  load from disk: ${load.outcome}, ${errors} errors; peak memory of the process ${megabytes} MB`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
