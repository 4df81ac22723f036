import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { ZoneSetContent } from "../../src/zones/zone.ts";
import { loadZones } from "../../src/zones/load-zones.ts";
import { compileZoneSet } from "../../src/zones/zone-set.ts";
import { median } from "./rounds.ts";

const MILITARY = resolve(import.meta.dirname, "../../../shared/data/zones/eur_military.geojson");
const NOW_MS = Date.UTC(2026, 5, 1);
const ROUNDS = 9;

/**
 * The military areas of Europe as a zone file on disk, all their properties kept: read, checked and indexed, beside
 * reading and `JSON.parse` of the same file.
 */
export async function benchZonesLoad(print: (line: string) => void): Promise<void> {
  if (!existsSync(MILITARY)) return print(`skipped, as it is absent: ${MILITARY}`);
  const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  try {
    const path = join(folder, "military.geojson");
    const text = asZoneFile(readFileSync(MILITARY, "utf8"));
    writeFileSync(path, text);
    print(`military areas of Europe: ${(text.length / 1e6).toFixed(1)} MB`);
    await measure(path, print);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function measure(path: string, print: (line: string) => void): Promise<void> {
  const times = { parse: [] as number[], load: [] as number[], compile: [] as number[] };
  for (let round = -2; round < ROUNDS; round++) {
    const [, parseMs] = await timed(() => JSON.parse(readFileSync(path, "utf8")) as unknown);
    const [content, loadMs] = await timed(() => contentOf(path));
    const [, compileMs] = await timed(() => compileZoneSet(content));
    if (round < 0) continue;
    times.parse.push(parseMs);
    times.load.push(loadMs);
    times.compile.push(compileMs);
  }
  const [parseMs, loadMs, compileMs] = [median(times.parse), median(times.load), median(times.compile)];
  const factor = (loadMs + compileMs) / parseMs;
  const megabytes = (process.resourceUsage().maxRSS / 1024).toFixed(0);
  print(
    `  JSON.parse ${parseMs.toFixed(0)} ms, check ${loadMs.toFixed(0)} ms, index ${compileMs.toFixed(0)} ms`,
  );
  print(`  ${factor.toFixed(2)} × JSON.parse; target under 3, ${factor < 3 ? "met" : "MISSED"}`);
  print(`  peak memory of the process, all rounds: ${megabytes} MB`);
}

/** Each begins with an empty heap: it pays for its own garbage, not for that of the one before it. */
async function timed<T>(work: () => T | Promise<T>): Promise<readonly [result: T, ms: number]> {
  collectGarbage();
  const startMs = performance.now();
  const result = await work();
  return [result, performance.now() - startMs];
}

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

interface Feature {
  readonly geometry: unknown;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** Features without a header as a zone file: every one a military zone with an id, its own properties behind `x-`. */
function asZoneFile(text: string): string {
  const { features } = JSON.parse(text) as { readonly features: readonly Feature[] };
  const times = { issued: "2026-01-01T00:00:00Z", expires: "2027-01-01T00:00:00Z" };
  const camfence = { version: 1, datum: "wgs84", ...times, issuer: "bench" };
  const zones = features.map(({ geometry, properties }, i) => {
    const own = Object.entries(properties).map(([name, value]) => [`x-${name}`, value]);
    return {
      type: "Feature",
      properties: { id: `m${i}`, category: "military", ...Object.fromEntries(own) },
      geometry,
    };
  });
  return JSON.stringify({ type: "FeatureCollection", camfence, features: zones });
}

async function contentOf(path: string): Promise<ZoneSetContent> {
  const load = await loadZones([path], { nowMs: NOW_MS });
  if (load.outcome !== "loaded") throw new Error("the areas are no zone set");
  return load.content;
}
