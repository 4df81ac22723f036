import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { camfence, tempDir } from "../kit/cli.ts";
import { freePort } from "../kit/free-port.ts";
import { parseMetrics, startDaemon, sumOf, vehicleFolder } from "../kit/daemon/daemon.ts";
import type { Daemon } from "../kit/daemon/daemon.ts";
import { nmeaEpoch } from "../kit/daemon/nmea.ts";
import { receiverServer } from "../kit/daemon/receiver-server.ts";
import type { ReceiverServer } from "../kit/daemon/receiver-server.ts";
import { hasFfmpeg, hasGpsd } from "../kit/daemon/tools.ts";
import { zoneFile } from "../kit/daemon/zone-file.ts";
import { place } from "../kit/place.ts";

const BASE = { id: "base", eastM: -20, northM: 200, widthM: 40, heightM: 40 };
const FAR = { id: "far", eastM: 9000, northM: 9000, widthM: 40, heightM: 40 };
const cameraOf = (id: string) => ({
  id,
  yawDeg: 0,
  hfovDeg: 90,
  source: { kind: "test", widthPx: 320, heightPx: 180, fps: 20 },
});

function gpsdOf(port: number, receiver: ReceiverServer): ChildProcess {
  const source = `tcp://127.0.0.1:${receiver.port}`;
  return spawn("gpsd", ["-N", "-n", "-S", String(port), source], { stdio: "ignore" });
}

/** Polls until it holds; a busy machine gets its time. */
async function until(what: () => Promise<boolean>, withinMs = 30_000): Promise<void> {
  const endMs = Date.now() + withinMs;
  while (!(await what())) {
    if (Date.now() > endMs) throw new Error(`it did not happen in time: ${what.toString()}`);
    await new Promise((done) => setTimeout(done, 100));
  }
}

async function countsOf(daemon: Daemon, label: string): Promise<number> {
  return sumOf(parseMetrics(await daemon.metrics()), "camfence_frames_total", label);
}

async function grows(daemon: Daemon, label: string): Promise<void> {
  const before = await countsOf(daemon, label);
  await until(async () => (await countsOf(daemon, label)) >= before + 5);
}

/** Waits until all cameras are restricted for the reason, and counts what passes from then on. */
async function passedWhile(reason: string, daemon: Daemon): Promise<number> {
  const all = () =>
    Promise.all(
      ["front", "rear"].map((id) => grows(daemon, `camera="${id}",action="drop",reason="${reason}"`)),
    );
  await all();
  const before = await countsOf(daemon, 'action="pass"');
  await all();
  return (await countsOf(daemon, 'action="pass"')) - before;
}

/** What the log says, but for when it said it. */
function withoutTimes(log: Daemon["log"]): string {
  return log.map(({ time: _time, ...said }) => JSON.stringify(said)).join("\n");
}

describe.skipIf(!hasFfmpeg || !hasGpsd)("a vehicle with gpsd and two cameras", () => {
  let northM = 0;
  let receiver: ReceiverServer;
  let gpsd: ChildProcess;
  let port = 0;
  let folder = "";
  let daemon: Daemon;
  const zones = (name: string) => join(folder, "zones", name);

  beforeAll(async () => {
    receiver = await receiverServer(() => nmeaEpoch({ timeMs: Date.now(), ...place(0, northM) }));
    port = await freePort();
    gpsd = gpsdOf(port, receiver);
    const position = { kind: "gpsd", port, silentAfterMs: 1000, maxBackOffMs: 200 };
    folder = await vehicleFolder(
      {
        sources: { position },
        cameras: [cameraOf("front"), cameraOf("rear")],
        policy: { gate: { marginM: 0 } },
      },
      { "base.geojson": zoneFile([BASE]), "far.geojson": zoneFile([FAR]) },
    );
    daemon = await startDaemon(folder);
  }, 30_000);

  afterAll(async () => {
    daemon.child.kill("SIGKILL");
    gpsd.kill("SIGKILL");
    await receiver[Symbol.asyncDispose]();
  });

  it("begins with drops, then lets pass what is clear, and is well", async () => {
    const first = await daemon.logged(({ msg }) => msg === "first verdict");
    expect(first["action"]).toBe("drop");
    await grows(daemon, 'action="pass",reason="clear"');
    await until(async () => (await fetch(`${daemon.url}/health`)).status === 200);
    await until(async () => (await daemon.health()).status === "well");
  });

  it("drops at the place of a zone", async () => {
    northM = 220;
    expect(await passedWhile("inside", daemon)).toBe(0);
    northM = 0;
    await grows(daemon, 'action="pass"');
  });

  it("its metrics are Prometheus' text, and every frame is in them", async () => {
    const response = await fetch(`${daemon.url}/metrics`);
    expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
    let samples = parseMetrics(await response.text());
    // On a busy machine the receiver or a camera may be behind for a moment, and then the metrics say so.
    await until(async () => {
      samples = parseMetrics(await daemon.metrics());
      const isUp = sumOf(samples, "camfence_camera_up") === 2;
      return isUp && sumOf(samples, "camfence_reach_radius_metres") > 1;
    });
    for (const camera of ["front", "rear"]) {
      const label = `camera="${camera}"`;
      const queued = sumOf(samples, "camfence_queue_frames", label);
      expect(sumOf(samples, "camfence_frames_in", label)).toBe(
        sumOf(samples, "camfence_frames_total", label) + queued,
      );
    }
    expect(sumOf(samples, "camfence_fix_age_seconds")).toBeGreaterThan(0);
    expect(sumOf(samples, "camfence_reach_radius_metres")).toBeLessThan(100);
    expect(sumOf(samples, "camfence_zone_set")).toBe(1);
    expect(sumOf(samples, "camfence_ledger_sound")).toBe(1);
    const histogram = sumOf(samples, "camfence_release_seconds_bucket", 'le="+Inf"');
    expect(histogram).toBe(sumOf(samples, "camfence_release_seconds_count"));
  });

  it("only this machine may look", async () => {
    const asked = await fetch(`${daemon.url}/metrics`, { headers: { host: "evil.example" } }).catch(
      () => null,
    );
    // fetch may refuse to send another host: ask with a tool that does not.
    const said = spawnSync("curl", [
      "-s",
      "-o",
      "/dev/null",
      "-w",
      "%{http_code}",
      "-H",
      "Host: evil.example",
      `${daemon.url}/metrics`,
    ]);
    if (said.error === undefined) expect(said.stdout.toString()).toBe("403");
    expect([200, 403, undefined]).toContain(asked?.status);
  });

  it("a broken zone file keeps the last good set, says where, and mends by itself", async () => {
    writeFileSync(zones("far.geojson"), JSON.stringify(zoneFile([FAR])).slice(0, -40));
    const said = await daemon.logged(({ msg }) => msg === "zone file");
    expect(said["file"]).toBe(zones("far.geojson"));
    expect((await daemon.health()).why.join()).toMatch(/zones: the files were refused/);
    await grows(daemon, 'action="pass"');
    northM = 220;
    await grows(daemon, 'reason="inside"');
    northM = 0;
    writeFileSync(zones("far.geojson"), JSON.stringify(zoneFile([FAR], { issued: "2026-02-01T00:00:00Z" })));
    await until(async () => (await daemon.health()).status === "well");
  });

  it("a new zone is in force without a restart", async () => {
    await grows(daemon, 'action="pass"');
    writeFileSync(zones("new.geojson"), JSON.stringify(zoneFile([{ ...BASE, id: "new", northM: -20 }])));
    expect(await passedWhile("inside", daemon)).toBe(0);
  });

  it("a zone file that vanishes is no update, until somebody says so with SIGHUP", async () => {
    rmSync(zones("new.geojson"));
    await daemon.logged(({ what }) => typeof what === "string" && what.startsWith("the file is gone"));
    expect(await passedWhile("inside", daemon)).toBe(0);
    daemon.child.kill("SIGHUP");
    await grows(daemon, 'action="pass"');
  });

  it("a receiver that is gone closes the gate and shows, and comes back", async () => {
    await receiver.kill();
    gpsd.kill("SIGSTOP");
    await until(async () => (await fetch(`${daemon.url}/health`)).status === 503);
    expect(await passedWhile("stale-fix", daemon)).toBe(0);
    // A gpsd that only goes on may take long to ask its own receiver again: one that is started anew asks at once.
    await receiver.restart();
    const gone = once(gpsd, "exit");
    gpsd.kill("SIGKILL");
    // Until then the port is its own.
    await gone;
    gpsd = gpsdOf(port, receiver);
    await until(async () => (await daemon.health()).status === "well");
    await grows(daemon, 'action="pass"');
  });

  it("SIGTERM closes, seals and signs in time; nothing it said names a place", async () => {
    // 3 would say that it took longer than stop.withinMs.
    expect(await daemon.stop()).toBe(0);
    const segments = readdirSync(join(folder, "data/segments"));
    expect(segments.filter((name) => name.endsWith(".mcap.age")).length).toBeGreaterThan(0);
    expect(segments.filter((name) => /partial|draft|open/.test(name))).toEqual([]);
    const verified = await camfence(
      "ledger",
      "verify",
      join(folder, "data/ledger"),
      "--key",
      join(folder, "ledger.pub"),
    );
    expect([verified.code, verified.stdout]).toEqual([0, expect.stringMatching(/sound/)]);
    // The whole drive was within a kilometre of 48 N, 11 E: in degrees, or as receivers write them (4800.1234,N).
    expect(withoutTimes(daemon.log) + daemon.stderr()).not.toMatch(
      /\b4[78]\.\d{3}|\b1[01]\.\d{4}|\b(?:4759|4800|01059|01100)\.\d|\bbase\b|"lat|"lon/,
    );
    expect(daemon.stderr()).toBe("");
  });
});

describe("what the self-test finds keeps the gate closed", () => {
  const config = (port: number) => ({
    sources: { position: { kind: "nmea-tcp", host: "127.0.0.1", port } },
    cameras: [cameraOf("front")],
  });
  const tryOut = async (folder: string, ...more: string[]) => {
    const { code, stderr, stdout } = await camfence(
      "run",
      "--config",
      join(folder, "camfence.yaml"),
      ...more,
    );
    return { code, stderr, stdout };
  };

  it("expired zones", async () => {
    const old = { issued: "2020-01-01T00:00:00Z", expires: "2021-01-01T00:00:00Z" };
    const folder = await vehicleFolder(config(9), { "a.geojson": zoneFile([BASE], old) });
    expect(await tryOut(folder)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/zones: .*expired/) as string,
    });
    expect(existsSync(join(folder, "data"))).toBe(false);
  });

  it("keys that others may read, or that are none", async () => {
    const folder = await vehicleFolder(config(9), { "a.geojson": zoneFile([BASE]) });
    chmodSync(join(folder, "device.key"), 0o644);
    expect(await tryOut(folder)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/device\.key/) as string,
    });
    chmodSync(join(folder, "device.key"), 0o600);
    writeFileSync(join(folder, "ledger.key"), "no key", { mode: 0o600 });
    expect(await tryOut(folder)).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ledger\.key/) as string,
    });
  });

  it("and the cameras that started meanwhile are ended", async () => {
    const ffmpeg = join(tempDir(), "ffmpeg");
    writeFileSync(ffmpeg, `#!/bin/sh\necho $$ > ${ffmpeg}.pid\nexec sleep 60\n`, { mode: 0o755 });
    const old = { issued: "2020-01-01T00:00:00Z", expires: "2021-01-01T00:00:00Z" };
    const folder = await vehicleFolder({ ...config(9), ffmpeg }, { "a.geojson": zoneFile([BASE], old) });
    expect(await tryOut(folder)).toMatchObject({ code: 1 });
    const pid = Number(readFileSync(`${ffmpeg}.pid`, "utf8"));
    await until(async () => !existsSync(`/proc/${pid}`));
  });

  it("a taken port, and a data folder in use", async () => {
    const port = await freePort();
    const taken = createServer().listen(port, "127.0.0.1");
    const folder = await vehicleFolder(
      { ...config(9), metrics: { port } },
      { "a.geojson": zoneFile([BASE]) },
    );
    expect(await tryOut(folder)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/EADDRINUSE/) as string,
    });
    taken.close();
  });
});

const hasNotify = spawnSync("systemd-notify", ["--version"]).error === undefined;
const hasPython = spawnSync("python3", ["--version"]).error === undefined;

it.skipIf(!hasNotify || !hasPython)(
  "systemd is told when it guards, that it lives, and when it stops",
  async () => {
    const socket = join(tempDir(), "notify");
    const script = `import socket,sys
s=socket.socket(socket.AF_UNIX,socket.SOCK_DGRAM);s.bind(sys.argv[1]);print("bound",flush=True)
while True: print(s.recv(4096).decode().replace("\\n"," "),flush=True)`;
    const listener = spawn("python3", ["-c", script, socket], { stdio: ["ignore", "pipe", "inherit"] });
    let heard = "";
    listener.stdout.on("data", (chunk: Buffer) => (heard += chunk.toString()));
    await until(async () => heard.includes("bound"));
    const receiver = await receiverServer(() => nmeaEpoch({ timeMs: Date.now(), ...place(0, 0) }));
    const position = { kind: "nmea-tcp", host: "127.0.0.1", port: receiver.port };
    const source = {
      kind: "folder",
      path: join(process.cwd(), "simulator/drives/mountain-view/front"),
      fps: 10,
    };
    const folder = await vehicleFolder(
      { sources: { position }, cameras: [{ id: "front", yawDeg: 0, hfovDeg: 90, source }] },
      { "a.geojson": zoneFile([BASE]) },
    );
    const daemon = await startDaemon(folder, { NOTIFY_SOCKET: socket, WATCHDOG_USEC: "1000000" });
    await until(async () => (heard.match(/WATCHDOG=1/g) ?? []).length >= 2);
    expect(heard).toMatch(/READY=1/);
    expect(await daemon.stop()).toBe(0);
    await until(async () => heard.includes("STOPPING=1"));
    listener.kill("SIGKILL");
    await receiver[Symbol.asyncDispose]();
  },
);
