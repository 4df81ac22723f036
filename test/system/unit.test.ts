import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { tempDir } from "../kit/cli.ts";
import { parseMetrics, startDaemon, sumOf, vehicleFolder } from "../kit/daemon/daemon.ts";
import { childrenOf } from "../kit/daemon/process-table.ts";
import { has, hasFfmpeg } from "../kit/daemon/tools.ts";
import { zoneFile } from "../kit/daemon/zone-file.ts";

const hasSystemd = has("systemd-analyze", "--version");
const hasStrace = has("strace", "-V");
const hasPromtool = has("promtool", "--version");

const CONFIG = {
  sources: { position: { kind: "nmea-tcp", host: "127.0.0.1", port: 9 } },
  cameras: [
    { id: "front", yawDeg: 0, hfovDeg: 90, source: { kind: "test", widthPx: 320, heightPx: 180, fps: 20 } },
  ],
};
const ZONES = { "base.geojson": zoneFile([{ id: "base", eastM: 0, northM: 0, widthM: 9, heightM: 9 }]) };

/** Lines of a unit by their name, each as it stands. */
const linesOf = (unit: string, name: string) =>
  [...unit.matchAll(new RegExp(`^${name}=(.*)$`, "gm"))].map(([, value]) => value ?? "");

/** What a filter's words stand for: groups are expanded as this system's systemd does. */
function expand(words: readonly string[]): ReadonlySet<string> {
  const calls = new Set<string>();
  for (const word of words) {
    if (!word.startsWith("@")) calls.add(word);
    else {
      const said = spawnSync("systemd-analyze", ["syscall-filter", word], { encoding: "utf8" }).stdout;
      const members = said.split("\n").flatMap((line) => /^ {4}(@?\w[\w-]*)$/.exec(line)?.[1] ?? []);
      for (const call of expand(members)) calls.add(call);
    }
  }
  return calls;
}

/** As systemd.exec(5) says: the first line makes a list of what is allowed, later ones take away or add. */
function allowedBy(unit: string): ReadonlySet<string> {
  let allowed = new Set<string>();
  for (const line of linesOf(unit, "SystemCallFilter")) {
    const calls = expand(line.replace(/^~/, "").split(" "));
    if (line.startsWith("~")) allowed = new Set([...allowed].filter((call) => !calls.has(call)));
    else for (const call of calls) allowed.add(call);
  }
  return allowed;
}

describe("the systemd unit that init writes", () => {
  it.skipIf(!hasSystemd)("is one that systemd accepts, and is exposed little", async () => {
    const folder = await vehicleFolder(CONFIG, ZONES);
    const unit = join(folder, "camfence.service");
    // The command need not be installed here.
    const program = join(tempDir(), "camfence.service");
    writeFileSync(program, readFileSync(unit, "utf8").replace(/^ExecStart=\S+/m, "ExecStart=/bin/true"));
    const verified = spawnSync("systemd-analyze", ["verify", program], { encoding: "utf8" });
    expect([verified.status, verified.stderr]).toEqual([0, ""]);
    const args = ["security", "--offline=true", "--no-pager", "--threshold=25", program];
    expect(spawnSync("systemd-analyze", args, { encoding: "utf8" }).status).toBe(0);
  });

  it.skipIf(!hasSystemd || !hasStrace || !hasFfmpeg)(
    "lets the daemon and its ffmpeg do whatever they need of the kernel",
    async () => {
      const folder = await vehicleFolder(CONFIG, ZONES);
      const trace = join(tempDir(), "calls");
      const config = join(folder, "camfence.yaml");
      const daemon = spawn(
        "strace",
        ["-f", "-c", "-o", trace, process.execPath, "dist/camfence.js", "run", "--config", config],
        { stdio: ["ignore", "pipe", "ignore"] },
      );
      let log = "";
      daemon.stdout.on("data", (chunk: Buffer) => (log += chunk.toString("utf8")));
      await expect.poll(() => log, { timeout: 60_000 }).toContain('"camera running"');
      const [traced] = childrenOf(daemon.pid ?? -1);
      process.kill(traced ?? -1, "SIGTERM");
      await once(daemon, "close");
      const used = [...readFileSync(trace, "utf8").matchAll(/ (\w+)$/gm)].flatMap(([, call]) => call ?? []);
      const allowed = allowedBy(readFileSync(join(folder, "camfence.service"), "utf8"));
      expect(used).toContain("execve");
      // strace's own words, and what systemd allows everybody.
      const always = new Set(["total", "syscall", "execve", "rt_sigreturn", "exit_group", "restart_syscall"]);
      expect(used.filter((call) => !allowed.has(call) && !always.has(call))).toEqual([]);
    },
    90_000,
  );
});

it.skipIf(!hasPromtool || !hasFfmpeg)("promtool has nothing to say about the metrics", async () => {
  const folder = await vehicleFolder(CONFIG, ZONES);
  const daemon = await startDaemon(folder);
  await daemon.logged(({ msg }) => msg === "first verdict");
  const metrics = await daemon.metrics();
  expect(sumOf(parseMetrics(metrics), "camfence_frames_total")).toBeGreaterThan(0);
  expect(await daemon.stop()).toBe(0);
  const checked = spawnSync("promtool", ["check", "metrics"], { input: metrics, encoding: "utf8" });
  expect([checked.status, checked.stderr]).toEqual([0, ""]);
  expect(existsSync(join(folder, "data"))).toBe(true);
});
