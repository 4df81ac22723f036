import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { camfence } from "../kit/cli.ts";
import { startDaemon, vehicleFolder } from "../kit/daemon/daemon.ts";
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

it("the daemon takes signed zones, has them at its next start without a network, and says which they are", async () => {
  const fleet = await Fleet.begin();
  await fleet.publishSet(Date.now() - 1000);
  const folder = await vehicleOf(fleet);
  const first = await startDaemon(folder);
  try {
    const inForce = await first.logged(({ msg }) => msg === "zones in force");
    await first.logged(({ msg, kind }) => msg === "zone updates" && kind === "installed");
    expect((await first.health())["zones"]).toMatchObject({ hash: inForce["hash"] });
  } finally {
    expect(await first.stop()).toBe(0);
  }
  await fleet.server.close();
  const second = await startDaemon(folder);
  try {
    await second.logged(({ msg }) => msg === "zones in force");
    await second.logged(({ msg, kind }) => msg === "zone updates" && kind === "failed");
    await second.logged(({ msg, kind }) => msg === "zone updates" && kind === "restored");
  } finally {
    await second.stop();
  }
  const { code, stdout } = await camfence("zones", "status", join(folder, "zone-store"), "--json");
  expect([code, JSON.parse(stdout)]).toEqual([
    0,
    expect.objectContaining({ phase: "fresh", target: "cn/zones" }),
  ]);
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
