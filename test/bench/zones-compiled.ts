import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "../../src/core/random.ts";
import { compiledFile } from "../../src/zones/compiled/write-compiled.ts";
import { loadCompiled } from "../../src/zones/compiled/load-compiled.ts";
import type { Zone } from "../../src/zones/zone.ts";
import { zoneOf } from "../gate/scene.ts";
import { inDecimals } from "../zones/compiled/sets.ts";
import { star } from "../zones/random-shapes.ts";
import { median } from "./rounds.ts";

const COUNTS = [20_000, 100_000] as const;
/** What most tools write; and all that a double holds, as what was moved from another datum. */
const DECIMALS = [7, 17] as const;
const VERTICES = 100;
const ROUNDS = 9;
const TARGET_MS = 100;
const TARGET_FACTOR = 1.2;

/**
 * Sets of outlines of 100 vertices: compiled and written, then loaded in a process of its own each time, as a vehicle
 * starts. The file is in the page cache; what the wall clock says depends on who else computes, the process's own
 * time does not.
 */
export async function benchZonesCompiled(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  try {
    for (const count of COUNTS) {
      for (const decimals of DECIMALS) {
        const path = join(folder, "of-zones.zoneset");
        print(`${count} zones × ${VERTICES} vertices of ${decimals} decimals`);
        print(`  ${buildIn(path, count, decimals)}`);
        print(`  ${loadedFrom(path)}`);
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** In a process of its own, so that its peak of memory is its own. */
function buildIn(path: string, count: number, decimals: number): string {
  const size = { CAMFENCE_COUNT: String(count), CAMFENCE_DECIMALS: String(decimals) };
  return inProcess({ CAMFENCE_BENCH: "build", CAMFENCE_FILE: path, ...size });
}

function loadedFrom(path: string): string {
  const loads = Array.from({ length: ROUNDS }, () => {
    return JSON.parse(inProcess({ CAMFENCE_BENCH: "load", CAMFENCE_FILE: path })) as Load;
  });
  const [wallMs, ownMs] = [median(loads.map((each) => each.wallMs)), median(loads.map((each) => each.ownMs))];
  const bytes = statSync(path).size;
  const factor = median(loads.map((each) => each.grownBytes)) / bytes;
  const fastestMs = Math.min(...loads.map((each) => each.wallMs));
  return [
    `load ${wallMs.toFixed(0)} ms (fastest ${fastestMs.toFixed(0)}, own time ${ownMs.toFixed(0)})`,
    `target under ${TARGET_MS}, ${wallMs < TARGET_MS ? "met" : "MISSED"};`,
    `memory ${factor.toFixed(2)} × the file; target under ${TARGET_FACTOR}, ${factor < TARGET_FACTOR ? "met" : "MISSED"}`,
  ].join(" ");
}

interface Load {
  readonly wallMs: number;
  readonly ownMs: number;
  readonly grownBytes: number;
}

function inProcess(environment: Readonly<Record<string, string>>): string {
  const bundle = process.argv[1]?.endsWith("zones-compiled.js") ? process.argv[1] : import.meta.filename;
  const { stdout, stderr, status } = spawnSync(process.execPath, ["--max-old-space-size=8192", bundle], {
    env: { ...process.env, ...environment },
    encoding: "utf8",
    timeout: 300_000,
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

async function child(): Promise<void> {
  const { CAMFENCE_BENCH: what, CAMFENCE_FILE: path = "" } = process.env;
  const { CAMFENCE_COUNT: count = "0", CAMFENCE_DECIMALS: decimals = "0" } = process.env;
  if (what === "build") process.stdout.write(build(path, Number(count), Number(decimals)));
  if (what === "load") process.stdout.write(JSON.stringify(await load(path)));
}

function build(path: string, count: number, decimals: number): string {
  const zones = city(count, decimals);
  const startMs = performance.now();
  const pieces = compiledFile({
    zones,
    coverage: [],
    regions: [],
    issuedMs: 0,
    expiresMs: 1e13,
    hash: "00".repeat(32),
  });
  const compiledMs = performance.now() - startMs;
  const file = openSync(path, "w");
  for (const piece of pieces) for (let at = 0; at < piece.length;) at += writeSync(file, piece, at);
  closeSync(file);
  const megabytes = statSync(path).size / 1e6;
  const peak = process.resourceUsage().maxRSS / 1024;
  return `build ${compiledMs.toFixed(0)} ms, ${megabytes.toFixed(0)} MB, peak memory ${peak.toFixed(0)} MB with its zones`;
}

async function load(path: string): Promise<Load> {
  const before = process.memoryUsage().rss;
  const [startMs, startOwn] = [performance.now(), process.cpuUsage()];
  const set = await loadCompiled(path);
  const [wallMs, own] = [performance.now() - startMs, process.cpuUsage(startOwn)];
  if (set.zones.length === 0) throw new Error("no zones");
  return { wallMs, ownMs: (own.user + own.system) / 1000, grownBytes: process.memoryUsage().rss - before };
}

/** Outlines side by side, as many to a degree as the densest areas of Europe. */
function city(count: number, decimals: number): readonly Zone[] {
  const random = seededRandom(11);
  const across = Math.ceil(Math.sqrt(count));
  return Array.from({ length: count }, (_, i) => {
    const centre = { latDeg: 40 + 0.03 * Math.floor(i / across), lonDeg: 0.04 * (i % across) };
    const options = { centre, sizeDeg: 0.01, vertices: VERTICES, outline: "smooth" as const };
    const outline = star(random, options);
    return zoneOf(`site/${i}`, [decimals < 17 ? inDecimals(outline, decimals) : outline], { viewM: 100 });
  });
}

await child();
