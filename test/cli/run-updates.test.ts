import { existsSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { camfence, jsonLines } from "../kit/cli.ts";
import { parseMetrics, startDaemon, sumOf, vehicleFolder } from "../kit/daemon/daemon.ts";
import { Fleet } from "../zones/update/kit/fleet.ts";

/** A daemon whose receiver is not there: the gate is closed, and zones are all that comes in. */
async function vehicleOf(fleet: Fleet): Promise<string> {
  const source = { kind: "folder", path: resolve("simulator/drives/mountain-view/front"), fps: 1 };
  const updates = { url: fleet.server.url, rootFile: fleet.root(), area: "cn", store: "zone-store" };
  return vehicleFolder(
    {
      sources: { position: { kind: "nmea-tcp", host: "127.0.0.1", port: 1 } },
      cameras: [{ id: "front", yawDeg: 0, hfovDeg: 100, source }],
      zones: { updates },
    },
    {},
  );
}

function ledgerLines(folder: string): readonly Record<string, unknown>[] {
  const ledger = join(folder, "data/ledger");
  const files = readdirSync(ledger).filter((name) => name.endsWith(".jsonl"));
  return files.flatMap((name) => jsonLines(join(ledger, name)));
}

it("the daemon takes signed zones, has them at its next start without a network, and says which they are", async () => {
  const fleet = await Fleet.begin();
  await fleet.publishSet(Date.now() - 1000);
  const folder = await vehicleOf(fleet);
  const first = await startDaemon(folder);
  try {
    const inForce = await first.logged(({ msg }) => msg === "zones in force");
    await first.logged(({ msg, kind }) => msg === "zone updates" && kind === "installed");
    const { zones, zoneUpdates } = await first.health();
    expect(zones).toMatchObject({ hash: inForce["hash"] });
    expect(zoneUpdates).toMatchObject({
      state: "fresh",
      from: { repository: fleet.server.url, target: "cn/zones", role: "cn" },
      since: expect.stringMatching(/^20/) as unknown,
      lastSuccess: expect.stringMatching(/^20/) as unknown,
      lastProblem: null,
    });
    const samples = parseMetrics(await first.metrics());
    expect(sumOf(samples, "camfence_zone_updates_state", 'state="fresh"')).toBe(1);
    expect(sumOf(samples, "camfence_zone_updates_version", 'role="root"')).toBe(1);
    expect(sumOf(samples, "camfence_zone_updates_version", 'role="targets"')).toBe(2);
    expect(samples.get("camfence_zone_updates_age_seconds")).toBeLessThan(60);
    expect(samples.get("camfence_zone_updates_last_success_seconds")).toBeGreaterThan(Date.now() / 1000 - 60);
    expect(samples.get("camfence_zone_updates_failures")).toBe(0);
    expect(sumOf(samples, "camfence_zone_updates_problem")).toBe(0);
  } finally {
    expect(await first.stop()).toBe(0);
  }
  expect(ledgerLines(folder)).toContainEqual(
    expect.objectContaining({
      event: "zone-set",
      from: expect.objectContaining({ state: "fresh", repository: fleet.server.url, role: "cn" }) as unknown,
    }),
  );
  await fleet.server.close();
  const second = await startDaemon(folder);
  try {
    await second.logged(({ msg }) => msg === "zones in force");
    await second.logged(({ msg, kind }) => msg === "zone updates" && kind === "failed");
    await second.logged(({ msg, kind }) => msg === "zone updates" && kind === "restored");
    const samples = parseMetrics(await second.metrics());
    expect(sumOf(samples, "camfence_zone_updates_problem", 'problem="unreachable"')).toBe(1);
    expect(samples.has("camfence_zone_updates_last_success_seconds")).toBe(false);
    expect(sumOf(samples, "camfence_zone_updates_state", 'state="fresh"')).toBe(1);
  } finally {
    await second.stop();
  }
  const { code, stdout } = await camfence("zones", "status", join(folder, "zone-store"), "--json");
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({ phase: "fresh", target: "cn/zones" }),
  ]);
});

it("a set that is refused is told with the reason in health and metrics, and the one before stays", async () => {
  const fleet = await Fleet.begin();
  await fleet.publishSet(Date.now() - 1000);
  const folder = await vehicleOf(fleet);
  const first = await startDaemon(folder);
  const { hash } = await first.logged(({ msg }) => msg === "zones in force");
  await first.stop();
  fleet.server.hook = (path, response) => {
    if (path !== "metadata/timestamp.json") return false;
    response.end("{}");
    return true;
  };
  const second = await startDaemon(folder);
  try {
    await second.logged(({ msg, kind }) => msg === "zone updates" && kind === "failed");
    const { why, zones } = await second.health();
    expect(why).toContainEqual(expect.stringMatching(/^zone updates: malformed: timestamp/));
    expect(zones).toMatchObject({ hash });
    const samples = parseMetrics(await second.metrics());
    expect(sumOf(samples, "camfence_zone_updates_problem", 'problem="malformed"')).toBe(1);
    expect(samples.get("camfence_zone_updates_failures")).toBeGreaterThan(0);
  } finally {
    await second.stop();
  }
});

it("the daemon's zone store is its own: another updater is refused in one line, and looking at it disturbs nothing", async () => {
  const fleet = await Fleet.begin();
  await fleet.publishSet(Date.now() - 1000);
  const folder = await vehicleOf(fleet);
  const store = join(folder, "zone-store");
  const args = ["--url", fleet.server.url, "--root", fleet.root(), "--area", "cn", "--store", store];
  const update = () => camfence("zones", "update", ...args);
  const daemon = await startDaemon(folder);
  try {
    await daemon.logged(({ msg }) => msg === "zones in force");
    const { code, stdout, stderr } = await update();
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(
      /^camfence: [^\n]*zone store that another camfence process keeps current[^\n]*\n$/,
    );
    // A write that is under way is nobody else's to remove.
    const underWay = join(store, "sets/confirmed.0123456789ab.tmp");
    writeFileSync(underWay, "half");
    expect((await camfence("zones", "status", store)).code).toBe(0);
    expect((await camfence("run", "--config", join(folder, "camfence.yaml"), "--check")).code).toBe(0);
    expect(existsSync(underWay)).toBe(true);
  } finally {
    daemon.child.kill("SIGKILL");
    await daemon.stop();
  }
  // Killed, it holds nothing any more; and what it left half written goes.
  expect(await update()).toMatchObject({ code: 0, stderr: "" });
  expect(existsSync(join(store, "sets/confirmed.0123456789ab.tmp"))).toBe(false);
});

it("a configuration with both files and updates, or neither, is refused with its line", async () => {
  const fleet = await Fleet.begin();
  const folder = await vehicleOf(fleet);
  const text = readFileSync(join(folder, "camfence.yaml"), "utf8");
  writeFileSync(join(folder, "camfence.yaml"), text.replace("  updates:", "  paths: [zones]\n  updates:"));
  const { code, stderr } = await camfence("run", "--config", join(folder, "camfence.yaml"), "--check");
  expect(code).toBe(1);
  expect(stderr).toMatch(/camfence\.yaml:\d+: zones\.paths: .*expected either paths or updates/);
});
