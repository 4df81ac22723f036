import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { tempDir } from "../kit/cli.ts";
import { parseMetrics, startDaemon, sumOf, vehicleFolder } from "../kit/daemon/daemon.ts";
import { nmeaEpoch } from "../kit/daemon/nmea.ts";
import { receiverServer } from "../kit/daemon/receiver-server.ts";
import { hasFfmpeg } from "../kit/daemon/tools.ts";
import { zoneFile } from "../kit/daemon/zone-file.ts";
import { drive, squareFile } from "../kit/filter.ts";
import { place } from "../kit/place.ts";
import { readBack, recording } from "../kit/recording.ts";

const dir = tempDir();
const KINDS = [
  { what: "the single file", command: [process.execPath, join(dir, "camfence.mjs")] },
  { what: "the single executable", command: [join(dir, "camfence")] },
] as const;
const ENVIRONMENT = { PATH: process.env["PATH"] };

/** In a folder with nothing beside them, and none above that has packages. */
beforeAll(() => {
  execFileSync("npm", ["run", "--silent", "build:executable"], { stdio: "ignore" });
  for (const name of ["camfence.mjs", "camfence"]) copyFileSync(join("dist/single", name), join(dir, name));
}, 120_000);

describe.each(KINDS)("$what, alone in a folder", ({ command: [program, ...before] }) => {
  const run = (args: readonly string[], input?: Uint8Array) =>
    spawnSync(program, [...before, ...args], { cwd: dir, env: ENVIRONMENT, ...(input && { input }) });

  it("tells a verdict", () => {
    const { latDeg, lonDeg } = place(0, 0);
    const args = ["verdict", "--zones", squareFile(), "--at", `${latDeg},${lonDeg}`, "--json"];
    const { status, stdout } = run(args);
    expect(status).toBe(0);
    expect(JSON.parse(stdout.toString("utf8"))).toMatchObject({ action: "drop", reason: "inside" });
  });

  it.each(["none", "lz4", "zstd"] as const)("filters recordings packed with %s", async (packing) => {
    const input = await recording(drive(), { packing });
    const { status, stdout, stderr } = run(
      ["filter", "--zones", squareFile(), "--cameras", "front:0:100"],
      input,
    );
    expect([status, stderr.toString("utf8")]).toEqual([
      0,
      expect.stringMatching(/frames in 300 = passed 2\d\d/),
    ]);
    expect((await readBack(stdout)).messages.length).toBeGreaterThan(600);
  });

  it("says in one line what it does not hold", () => {
    const { status, stderr } = run([
      "impact",
      "--before",
      squareFile(),
      "--after",
      squareFile(),
      "--out",
      join(dir, "impact"),
      "s3://bucket/drives",
    ]);
    expect([status, stderr.toString("utf8")]).toEqual([
      2,
      "camfence: this needs the package @aws-sdk/client-s3, which a single file does not hold; npm install camfence brings it\n",
    ]);
  });

  it("says in one line that it comes without the map's page", () => {
    const { status, stdout, stderr } = run(["map", squareFile()]);
    expect([status, String(stdout)]).toEqual([1, ""]);
    expect(String(stderr)).toMatch(/^camfence: the map's page is not beside this command[^\n]*\n$/);
  });

  it.skipIf(!hasFfmpeg)("guards a vehicle, and blurs", async () => {
    await using receiver = await receiverServer(() => nmeaEpoch({ timeMs: Date.now(), ...place(0, 0) }));
    const source = { kind: "test", widthPx: 320, heightPx: 180, fps: 20 };
    const zone = { id: "base", eastM: -20, northM: -20, widthM: 40, heightM: 40, action: "blur" } as const;
    const folder = await vehicleFolder(
      {
        sources: { position: { kind: "nmea-tcp", host: "127.0.0.1", port: receiver.port } },
        cameras: [
          { id: "jpeg", yawDeg: 0, hfovDeg: 90, source },
          { id: "raw", yawDeg: 0, hfovDeg: 90, source: { ...source, pictures: "nv12" } },
        ],
      },
      { "base.geojson": zoneFile([zone]) },
    );
    const daemon = await startDaemon(folder, ENVIRONMENT as Record<string, string>, "ignore", [
      program,
      ...before,
    ]);
    const blurred = async (camera: string) =>
      sumOf(
        parseMetrics(await daemon.metrics()),
        "camfence_frames_total",
        `camera="${camera}",action="blur"`,
      );
    await expect.poll(() => blurred("jpeg"), { timeout: 30_000 }).toBeGreaterThan(5);
    await expect.poll(() => blurred("raw"), { timeout: 30_000 }).toBeGreaterThan(5);
    expect(await daemon.stop()).toBe(0);
    const ledger = ["verify", join(folder, "data/ledger"), "--key", join(folder, "ledger.pub")];
    expect(run(["ledger", ...ledger]).status).toBe(0);
  });

  it("makes a vehicle's folder, and checks it", () => {
    const vehicle = join(tempDir(), "vehicle");
    expect(run(["init", vehicle]).status).toBe(0);
    copyFileSync("geofences/mountain-view.geojson", join(vehicle, "zones/a.geojson"));
    const checked = run(["run", "--config", join(vehicle, "camfence.yaml"), "--check"]);
    expect([checked.status, checked.stderr.toString("utf8")]).toEqual([0, ""]);
  });
});
