import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { seededRandom } from "../../../src/core/random.ts";
import { addSet, targetFilePath } from "../../../src/zones/rollout/add-set.ts";
import { openKeys } from "../../../src/zones/rollout/key-files.ts";
import type { Published } from "../../../src/zones/rollout/published.ts";
import { LIFETIMES } from "../../../src/zones/rollout/published.ts";
import { release } from "../../../src/zones/rollout/release.ts";
import { openRepositoryFolder } from "../../../src/zones/rollout/repository-folder.ts";
import { packZoneFiles } from "../../../src/zones/update/pack-format.ts";
import type { ZoneUpdatePolicy } from "../../../src/zones/update/policy.ts";
import { trustedMs } from "../../../src/zones/update/trusted-time.ts";
import { storedSet, updateOnce } from "../../../src/zones/update/update-once.ts";
import { box, feature, zoneText } from "../../kit/zones.ts";
import { Fleet } from "./kit/fleet.ts";

const OUT = `out/killed-${process.pid}`;
const [KILLS, LIMIT_MS] = process.env["SLOW"] === "1" ? [320, 3_600_000] : [10, 120_000];
const SEED = 20261201;

beforeAll(() =>
  build({
    entryPoints: ["test/zones/update/kit/update-process.ts"],
    outdir: OUT,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    external: ["@tufjs/models"],
    mainFields: ["module", "main"],
    platform: "node",
    format: "esm",
    logLevel: "warning",
  }),
);
afterAll(() => rmSync(OUT, { recursive: true, force: true }));

/** A repository in memory that is always one set further, and can go back to any that it was. */
async function movingRepository(fleet: Fleet) {
  const signers = await openKeys([fleet.keys]);
  const made = join(fleet.repo, "metadata");
  const files = new Map<string, Buffer>(
    readdirSync(made).map((name) => [name, readFileSync(join(made, name))]),
  );
  const artifacts = new Map<string, Buffer>();
  const timestamps: Buffer[] = [];
  const onDisk = openRepositoryFolder(fleet.repo);
  const folder = {
    ...onDisk,
    metadata: async (role: string, version: number) =>
      files.get(`${version}.${role}.json`) ?? Buffer.alloc(0),
    write: async (path: string, bytes: Buffer) => {
      if (path.startsWith("targets/")) artifacts.set(path.slice("targets/".length), bytes);
      else files.set(path.slice("metadata/".length), bytes);
    },
  };
  let published: Published | null = await folder.read();
  async function next(): Promise<void> {
    if (published === null) throw new Error("nothing is published");
    const nowMs = Date.now();
    const zone = feature({ id: `site/${timestamps.length}`, category: "military" }, box(10, 50, 10.1, 50.1));
    const text = zoneText([zone], { issued: new Date(nowMs).toISOString() });
    // Of a size that a write of it can be cut in.
    const file = { name: "z.geojson", bytes: Buffer.from(text.padEnd(400_000)) };
    const terms = { nowMs, lifetimes: LIFETIMES };
    const set = { area: "cn", bytes: packZoneFiles([file]), issuedMs: nowMs, canary: null };
    const { next: planned, target } = addSet(published, set, terms);
    await folder.write(targetFilePath(target), set.bytes);
    published = await release(published, planned, { folder, signers, ...terms });
    timestamps.push(files.get("timestamp.json") ?? Buffer.alloc(0));
  }
  return { files, artifacts, timestamps, next };
}

it(
  `an update that is killed at any of ${KILLS} instants leaves a whole set in force, and lets nothing go back`,
  async () => {
    const fleet = await Fleet.begin();
    const repository = await movingRepository(fleet);
    await repository.next();
    serve(fleet, repository);
    const policy = fleet.policy();
    await updateOnce(await fleet.parts(policy), null, Date.now());
    const random = seededRandom(SEED);
    const cut = { part: 0, temporary: 0, manifest: 0 };
    let newestMs = 0;
    for (let i = 0; i < KILLS; i++) {
      await killedAfter(policy, random() * 400);
      const found = readdirSync(policy.store, { recursive: true, encoding: "utf8" });
      if (found.some((name) => name.startsWith("parts/"))) cut.part++;
      if (found.some((name) => name.endsWith(".tmp"))) cut.temporary++;
      if (found.filter((name) => name.endsWith(".manifest")).length < 2) cut.manifest++;
      const parts = await fleet.parts(policy);
      const stored = await storedSet(parts, trustedMs(Date.now(), await parts.store.floor()));
      // Whole: it loaded. Nothing went back: it is no older than any that was in force.
      expect(stored?.set.zones).toHaveLength(1);
      expect(stored?.origin.issuedMs).toBeGreaterThanOrEqual(newestMs);
      newestMs = stored?.origin.issuedMs ?? Infinity;
      await expectNoWayBack(policy, fleet, repository, i % 2 === 0);
    }
    process.stderr.write(`killed ${KILLS} times; left ${JSON.stringify(cut)}\n`);
    expect(cut.part + cut.temporary + cut.manifest).toBeGreaterThan(0);
  },
  LIMIT_MS,
);

type Moving = Awaited<ReturnType<typeof movingRepository>>;
let isFrozen = false;

/** Every time the timestamp is asked for, there is a newer set. */
function serve(fleet: Fleet, { files, artifacts, next }: Moving): void {
  fleet.server.hook = (path, response) => {
    const bytes = () =>
      path.startsWith("metadata/")
        ? files.get(path.slice("metadata/".length))
        : artifacts.get(path.slice("targets/".length));
    const send = () => {
      const body = bytes();
      response.writeHead(body === undefined ? 404 : 200).end(body);
    };
    if (path === "metadata/timestamp.json" && !isFrozen) void next().then(send, () => response.destroy());
    else send();
    return true;
  };
}

async function killedAfter(policy: ZoneUpdatePolicy, ms: number): Promise<void> {
  const child = spawn(process.execPath, [join(OUT, "update-process.mjs"), JSON.stringify(policy)]);
  const said: string[] = [];
  child.stderr.on("data", (piece: Buffer) => said.push(piece.toString()));
  const gone = once(child, "exit");
  await Promise.race([once(child.stdout, "data"), gone]);
  await new Promise((resolve) => setTimeout(resolve, ms));
  child.kill("SIGKILL");
  const [code] = (await gone) as [number | null];
  expect([code, said.join("")]).toEqual([null, ""]);
}

/** The repository serves an old state, to a store whose metadata may be torn as well. */
async function expectNoWayBack(
  policy: ZoneUpdatePolicy,
  fleet: Fleet,
  { files, timestamps }: Moving,
  tear: boolean,
): Promise<void> {
  const newest = files.get("timestamp.json") ?? Buffer.alloc(0);
  const parts = await fleet.parts(policy);
  const floor = (await parts.store.floor()).timestamp?.version ?? 0;
  const old = timestamps.findLast((bytes) => versionOf(bytes) < floor);
  if (old === undefined) return;
  const folder = join(policy.store, "metadata");
  const torn = readdirSync(folder).filter((name) => /^(timestamp|snapshot|cn)\.json$/.test(name));
  if (tear) for (const name of torn) truncateSync(join(folder, name), 30);
  isFrozen = true;
  files.set("timestamp.json", old);
  const nowMs = trustedMs(Date.now(), await parts.store.floor());
  await expect(updateOnce(parts, await storedSet(parts, nowMs), nowMs)).rejects.toThrow(/expected at least/);
  files.set("timestamp.json", newest);
  isFrozen = false;
}

const versionOf = (bytes: Buffer) =>
  (JSON.parse(bytes.toString()) as { signed: { version: number } }).signed.version;
