import { execFileSync, spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { freePort } from "../../kit/free-port.ts";
import { camfence, tempDir } from "../../kit/cli.ts";
import { nmeaEastwards } from "../../kit/drives.ts";
import { box, feature, zoneFile } from "../../kit/zones.ts";

/* The queue is a real redis-server, the workers are real processes, and one is killed in the middle of its work. */

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
if (!hasRedis)
  process.stderr.write("tests: redis-server is not installed, tests of the job queue are skipped\n");

const DRIVES = 24;
const BEFORE = zoneFile([feature({ id: "far", category: "military" }, box(1, 1, 1.1, 1.1))]);
const AFTER = zoneFile(
  [feature({ id: "base", category: "military", viewM: 0 }, box(11.006, 49.9, 11.008, 50.1))],
  {
    issued: "2026-01-02T00:00:00Z",
  },
);

const running = new Set<ChildProcess>();
let url = "";
let store: ChildProcess | null = null;
let port = 0;

beforeAll(async () => {
  if (!hasRedis) return;
  port = await freePort();
  url = `redis://127.0.0.1:${port}`;
  store = await startStore();
});

afterAll(async () => {
  for (const child of running) await end(child, "SIGKILL");
});

test.skipIf(!hasRedis)(
  "workers on a queue give what threads give, though one is killed and the command is started twice",
  async () => {
    const drives = fleet();
    const args = ["impact", "--before", BEFORE, "--after", AFTER, drives, "--json", "--fps", "600"];
    const byThreads = await camfence(...args);
    expect(byThreads.code).toBe(0);

    const workers = [1, 2, 3].map(() =>
      start(process.execPath, ["dist/camfence.js", "impact", "work", "--redis", url, "--workers", "1"]),
    );
    // The first command is killed as soon as it has given the drives out; the second goes on where it was.
    const first = start(process.execPath, ["dist/camfence.js", ...args, "--redis", url]);
    await until(() => active() > 0 || completed() > 0);
    await end(first, "SIGKILL");
    const second = camfence(...args, "--redis", url);
    const [victim] = workers;
    await until(() => active() > 0 && completed() >= 3);
    if (victim !== undefined) await end(victim, "SIGKILL");
    expect(completed()).toBeLessThan(DRIVES);
    const byQueue = await second;
    expect(byQueue.stderr).toBe("");
    expect(byQueue.code).toBe(0);
    expect(JSON.parse(byQueue.stdout)).toEqual(JSON.parse(byThreads.stdout));
    expect(completed()).toBe(DRIVES);

    // What is answered is not asked again: without a worker, the same question has its answer.
    for (const worker of workers.slice(1)) expect(await end(worker, "SIGTERM")).toBe(0);
    const third = await camfence(...args, "--redis", url);
    expect(JSON.parse(third.stdout)).toEqual(JSON.parse(byThreads.stdout));
  },
);

test.skipIf(!hasRedis)("a worker whose zone files are others refuses the work", async () => {
  const drives = fleet(1);
  const changed = zoneFile([feature({ id: "base", category: "military" }, box(11.006, 49.9, 11.008, 50.1))]);
  const command = camfence("impact", "--before", BEFORE, "--after", changed, drives, "--redis", url);
  await until(() => waiting() > 0);
  writeFileSync(changed, "{}");
  const worker = start(process.execPath, ["dist/camfence.js", "impact", "work", "--redis", url]);
  const run = await command;
  expect(run.code).toBe(1);
  expect(run.stderr).toContain("give every machine the same files");
  expect(await end(worker, "SIGTERM")).toBe(0);
});

test.skipIf(!hasRedis)("a queue that is not there is one clear line", async () => {
  const gone = `redis://127.0.0.1:${await freePort()}`;
  const run = await camfence("impact", "--before", BEFORE, "--after", AFTER, fleet(1), "--redis", gone);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain("the queue cannot be reached");
  expect(run.stderr.trimEnd().split("\n")).toHaveLength(1);
});

test.skipIf(!hasRedis)(
  "a store that was restarted and knows nothing any more is given the work again",
  async () => {
    const drives = fleet(3);
    const args = ["impact", "--before", BEFORE, "--after", AFTER, drives, "--json", "--fps", "20"];
    const command = camfence(...args, "--redis", url);
    await until(() => waiting() >= 3);
    if (store !== null) await end(store, "SIGKILL");
    store = await startStore();
    expect(waiting()).toBe(0);
    const worker = start(process.execPath, ["dist/camfence.js", "impact", "work", "--redis", url]);
    const run = await command;
    expect([run.code, run.stderr]).toEqual([0, ""]);
    expect(JSON.parse(run.stdout)).toEqual(JSON.parse((await camfence(...args)).stdout));
    expect(await end(worker, "SIGTERM")).toBe(0);
  },
);

test.skipIf(!hasRedis)(
  "a drive that cannot be read fails its own job, is named, and counts for no other",
  async () => {
    const drives = fleet(2);
    writeFileSync(join(drives, "car-0", "bad.nmea"), "no receiver wrote this\n");
    const worker = start(process.execPath, ["dist/camfence.js", "impact", "work", "--redis", url]);
    const args = ["impact", "--before", BEFORE, "--after", AFTER, drives, drives, "--json", "--redis", url];
    const run = await camfence(...args);
    expect(run.code).toBe(1);
    expect(run.stderr).toMatch(/was not judged: .*bad\.nmea: no usable/);
    expect(JSON.parse(run.stdout)).toMatchObject({ failed: 1, frames: 2 * 1201 });
    expect(await end(worker, "SIGTERM")).toBe(0);
  },
);

test.skipIf(!hasRedis)("a result in the queue that is none is no result", async () => {
  const drives = fleet(1);
  const args = [
    "impact",
    "--before",
    BEFORE,
    "--after",
    AFTER,
    drives,
    "--json",
    "--fps",
    "3",
    "--redis",
    url,
  ];
  const worker = start(process.execPath, ["dist/camfence.js", "impact", "work", "--redis", url]);
  expect((await camfence(...args)).code).toBe(0);
  expect(await end(worker, "SIGTERM")).toBe(0);
  const [job = ""] = redis("zrevrange", "bull:camfence-impact:completed", "0", "0").trim().split("\n");
  redis("hset", `bull:camfence-impact:${job}`, "returnvalue", '{"outcome":"judged","impact":{"frames":-1}}');
  const run = await camfence(...args);
  expect([run.code, JSON.parse(run.stdout).failed]).toEqual([1, 1]);
});

async function startStore(): Promise<ChildProcess> {
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", tempDir()];
  const server = start("redis-server", [...options, "--maxmemory-policy", "noeviction"]);
  await until(() => redis("ping").trim() === "PONG");
  return server;
}

function fleet(count = DRIVES): string {
  const dir = tempDir();
  for (let i = 0; i < count; i++) {
    const vehicle = join(dir, `car-${i % 4}`);
    mkdirSync(vehicle, { recursive: true });
    const text = nmeaEastwards({ latDeg: 50, lonDeg: 11 - i / 10_000, speedMps: 20, seconds: 120 });
    writeFileSync(join(vehicle, `drive-${i}.nmea`), text);
  }
  return dir;
}

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ["ignore", "ignore", "inherit"] });
  running.add(child);
  return child;
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  running.delete(child);
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exited = once(child, "exit");
  child.kill(signal);
  await exited;
  return child.exitCode;
}

async function until(holds: () => boolean): Promise<void> {
  for (let i = 0; i < 1200; i++) {
    if (holds()) return;
    await sleep(25);
  }
  throw new Error("did not come to pass in 30 s");
}

/** By Redis's own client. */
function redis(...args: readonly string[]): string {
  try {
    return execFileSync("redis-cli", ["-p", String(port), ...args], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return "";
  }
}

const active = () => Number(redis("llen", "bull:camfence-impact:active"));
const waiting = () => Number(redis("llen", "bull:camfence-impact:wait"));
const completed = () => Number(redis("zcard", "bull:camfence-impact:completed"));
