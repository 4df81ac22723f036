import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { impact } from "../../src/cli/impact.ts";
import { placeAt, planeAt } from "../../src/core/plane.ts";
import { seededRandom } from "../../src/core/random.ts";
import type { ImpactReport } from "../../src/web/impact-report/impact-report.ts";
import { feature, zoneText } from "../kit/zones.ts";
import { star } from "../zones/random-shapes.ts";
import { cpuSeconds, timed } from "./clocks.ts";
import { CENTRE, FORMATS, townDrive } from "./impact-drives.ts";

const FLEET = 1000;
const SECONDS = 3600;
const THREADS = 2;
const TARGET_S = 120;
/**
 * Two shares of the fleet: what both take is the start, the rest is counted for each drive of the fleet. All of it for a
 * format that is named: `FLEET=GPX npm run bench impact`.
 */
const SHARES = [8, 32] as const;

/** A site every so many metres of a town and its surroundings; an eighth of them differ between the sets. */
const SPACING_M = 2000;
const SITES_ACROSS = 40;
const SIZE_DEG = 125 / 111_000;

/**
 * A fleet's drives of an hour each, fixes and frames at 10 Hz, under two zone sets: what the whole fleet takes on two
 * threads, as far as one may tell from a share of it. Frames are those of one camera.
 */
export async function benchImpact(print: (line: string) => void): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), "camfence-bench-"));
  try {
    const zones = writeZones(dir);
    print(
      `impact: ${FLEET} drives of an hour, fixes and frames at 10 Hz, ${THREADS} threads; target ${TARGET_S} s`,
    );
    for (const name of Object.keys(FORMATS)) print(await measured(name, dir, zones));
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

async function measured(name: string, dir: string, zones: readonly string[]): Promise<string> {
  if (process.env["FLEET"] === name) return line(name, await take(name, FLEET, dir, zones), "all of them");
  const [few, many] = [await take(name, SHARES[0], dir, zones), await take(name, SHARES[1], dir, zones)];
  const perDrive = (of: keyof Taken) => (many[of] - few[of]) / (SHARES[1] - SHARES[0]);
  const all = (of: keyof Taken) => few[of] + (FLEET - SHARES[0]) * perDrive(of);
  return line(
    name,
    { cpuS: all("cpuS"), wallS: all("wallS"), frames: all("frames") },
    `from ${SHARES[1]} drives`,
  );
}

interface Taken {
  readonly cpuS: number;
  readonly wallS: number;
  readonly frames: number;
}

async function take(name: string, count: number, dir: string, zones: readonly string[]): Promise<Taken> {
  const drives = join(dir, "drives");
  writeDrives(name, drives, count);
  let frames = 0;
  let cpuS = 0;
  const wallS = await timed(async () => {
    cpuS = await cpuSeconds(async () => {
      frames = (await judged([...zones, drives])).frames;
    });
  });
  rmSync(drives, { recursive: true });
  return { cpuS, wallS, frames };
}

function line(name: string, { cpuS, wallS, frames }: Taken, how: string): string {
  const perThreadS = cpuS / THREADS;
  return (
    `  ${name.padEnd(32)} ${perThreadS.toFixed(0).padStart(4)} s of processor time a thread, ` +
    `${wallS.toFixed(0)} s by the clock: ${perThreadS < TARGET_S ? "met" : "MISSED"}   ` +
    `(${((1e6 * cpuS) / frames).toFixed(2)} µs a frame; ${how})`
  );
}

async function judged(args: readonly string[]): Promise<ImpactReport> {
  const out: string[] = [];
  const io = {
    stdout: (text: string) => void out.push(text),
    stderr: (text: string) => void process.stderr.write(text),
    interactive: false,
    colour: false,
    nowMs: () => Date.now(),
  };
  await impact([...args, "--json", "--workers", String(THREADS)], io, () => AbortSignal.abort());
  return JSON.parse(out.join("")) as ImpactReport;
}

function writeDrives(name: string, dir: string, count: number): void {
  for (let i = 0; i < count; i++) {
    const vehicle = join(dir, `${i}`);
    mkdirSync(vehicle, { recursive: true });
    writeFileSync(
      join(vehicle, FORMATS[name]?.file ?? ""),
      FORMATS[name]?.write(townDrive(i, SECONDS)) ?? "",
    );
  }
}

export function writeZones(dir: string): readonly string[] {
  const random = seededRandom(7);
  const plane = planeAt(CENTRE);
  const sites = Array.from({ length: SITES_ACROSS ** 2 }, (_, i) => {
    const across = (i % SITES_ACROSS) - SITES_ACROSS / 2 + 0.5 * random();
    const up = Math.floor(i / SITES_ACROSS) - SITES_ACROSS / 2 + 0.5 * random();
    return star(random, {
      centre: placeAt(plane, SPACING_M * across, SPACING_M * up),
      sizeDeg: SIZE_DEG,
      vertices: 64,
      outline: "smooth",
    });
  });
  const features = sites.map(({ rings: [ring = new Float64Array()] }, i) =>
    feature({ id: `site-${i}`, category: i % 3 === 0 ? "military" : "government" }, [
      Array.from({ length: ring.length / 2 }, (_, v) => [ring[2 * v], ring[2 * v + 1]]),
    ]),
  );
  const sets = { before: 3, after: 7 };
  return Object.entries(sets).flatMap(([set, without]) => {
    const path = join(dir, `${set}.geojson`);
    writeFileSync(path, zoneText(features.filter((_, i) => i % 8 !== without)));
    return [`--${set}`, path];
  });
}
