import { spawn } from "node:child_process";
import {
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Updater } from "tuf-js";
import { seededRandom } from "../../src/core/random.ts";

const CAMFENCE = "dist/camfence.js";

/**
 * A set of 20,000 and of 100,000 zones of eight vertices from the admin's file to a vehicle, compiled and as a zone file, by
 * the built commands over HTTP on loopback: each a process of its own, start included. Beside it tuf-js, which verifies and stores the same target
 * but makes no zones of it.
 */
export async function benchRollout(print: (line: string) => void): Promise<void> {
  for (const count of [20_000, 100_000]) {
    const folder = mkdtempSync(join(tmpdir(), "camfence-bench-"));
    try {
      await measure(count, folder, print);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }
}

async function measure(count: number, folder: string, print: (line: string) => void): Promise<void> {
  const at = (name: string) => join(folder, name);
  writeFileSync(at("zones.geojson"), zoneFile(count));
  const built = await run(["build", at("zones.geojson"), "--out", at("zones.zoneset")]);
  const megabytes = (name: string) => `${(statSync(at(name)).size / 1e6).toFixed(0)} MB`;
  print(`${count} zones, ${megabytes("zones.geojson")} of zone file, ${megabytes("zones.zoneset")} compiled`);
  report("build", built, print);
  for (const name of ["zones.zoneset", "zones.geojson"]) {
    print(` ${name}`);
    await measureSet(at(name), at(`of-${name}`), print);
  }
}

async function measureSet(set: string, folder: string, print: (line: string) => void): Promise<void> {
  const [repo, keys, store] = [join(folder, "repo"), join(folder, "keys"), join(folder, "store")];
  await run(["keygen", "--repo", repo, "--keys", keys, "--areas", "xx"]);
  report("publish", await run(["publish", `xx=${set}`, "--repo", repo, "--keys", keys]), print);
  const { url, close } = await serve(repo);
  const root = join(repo, "metadata/1.root.json");
  const vehicle = ["update", "--url", url, "--root", root, "--area", "xx", "--store", store];
  report("update, a new set", await run(vehicle), print);
  report("update, nothing new (loads the stored set)", await run(vehicle), print);
  const startMs = performance.now();
  await tufJs(join(folder, "tuf-js"), repo, url);
  print(`  tuf-js, the same target, no zones ${(performance.now() - startMs).toFixed(0).padStart(12)} ms`);
  close();
}

interface Cost {
  readonly ms: number;
  readonly peakMb: number;
}

function report(what: string, { ms, peakMb }: Cost, print: (line: string) => void): void {
  print(`  ${what.padEnd(45)} ${ms.toFixed(0)} ms, peak ${peakMb.toFixed(0)} MB`);
}

/** Wall time of a process, and the most memory that it ever had. */
async function run(args: readonly string[]): Promise<Cost> {
  const startMs = performance.now();
  const child = spawn(process.execPath, [CAMFENCE, "zones", ...args], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  let peakMb = 0;
  const look = setInterval(() => (peakMb = Math.max(peakMb, peakOf(child.pid))), 10);
  const code = await new Promise((resolve) => child.on("close", resolve));
  clearInterval(look);
  if (code !== 0) throw new Error(`camfence zones ${args.join(" ")} exited ${String(code)}`);
  return { ms: performance.now() - startMs, peakMb };
}

/** Linux keeps the peak itself; elsewhere it is not known. */
function peakOf(pid: number | undefined): number {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return 0;
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(path, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0; // ended meanwhile
  }
}

async function serve(folder: string) {
  const server = createServer((request, response) => {
    const path = join(folder, new URL(request.url ?? "/", "http://x").pathname);
    if (existsSync(path)) createReadStream(path).pipe(response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, close: () => server.close() };
}

async function tufJs(folder: string, repo: string, url: string): Promise<void> {
  const [metadataDir, targetDir] = [join(folder, "metadata"), join(folder, "targets")];
  for (const made of [metadataDir, targetDir]) mkdirSync(made, { recursive: true });
  writeFileSync(join(metadataDir, "root.json"), readFileSync(join(repo, "metadata/1.root.json")));
  const urls = { metadataBaseUrl: `${url}metadata/`, targetBaseUrl: `${url}targets/` };
  const updater = new Updater({ metadataDir, targetDir, ...urls });
  const target = await updater.getTargetInfo("xx/zones");
  if (target === undefined) throw new Error("tuf-js finds no target");
  await updater.downloadTarget(target);
}

/** Octagons of some 100 m, one in each cell of a grid. */
function zoneFile(count: number): string {
  const random = seededRandom(7);
  const columns = Math.ceil(Math.sqrt(count));
  const features = Array.from({ length: count }, (_, i) => {
    const [lon, lat] = [-10 + (30 * (i % columns)) / columns, 35 + (25 * Math.floor(i / columns)) / columns];
    const ring = Array.from({ length: 9 }, (_unused, k) => {
      const angle = (-k * Math.PI) / 4;
      return [round(lon + 0.001 * Math.cos(angle)), round(lat + 0.001 * Math.sin(angle))];
    });
    const category = random() < 0.5 ? "military" : "other";
    const properties = { id: `z${i}`, category };
    return { type: "Feature", properties, geometry: { type: "Polygon", coordinates: [ring] } };
  });
  const times = { issued: "2026-01-01T00:00:00Z", expires: "2036-01-01T00:00:00Z" };
  return JSON.stringify({
    type: "FeatureCollection",
    camfence: { version: 1, datum: "wgs84", ...times, issuer: "bench" },
    features,
  });
}

const round = (deg: number) => Math.round(deg * 1e7) / 1e7;
