import { describe, expect, it } from "vitest";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { verdict } from "../src/cli/verdict.ts";
import { run as zones } from "../src/cli/zones.ts";
import { inProcess, tempDir } from "./kit/cli.ts";
import { SQUARE } from "./zones/fixtures.ts";

const README = readFileSync("geofences/README.md", "utf8");

describe("the samples", () => {
  it.each([
    ["geofences"],
    ["geofences/mountain-view.geojson", "geofences/world"],
    ["geofences/china/gcj02-sample.geojson"],
  ])("%s %s loads without a word", async (...paths) => {
    const { code, stdout } = await inProcess(zones, "check", ...paths.filter(Boolean));
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ok: /)]);
  });

  it.each<[string, number, number, string | null]>([
    ["Beijing", 39.9, 116.4, "cn"],
    ["Shanghai, at the sea", 31.23, 121.47, "cn"],
    ["Lhasa", 29.65, 91.1, "cn"],
    ["Shenzhen, at a border", 22.54, 114.06, null],
    ["Hong Kong", 22.3, 114.17, null],
    ["Taipei", 25.03, 121.56, null],
    ["Dandong, at a border", 40.12, 124.38, null],
    ["Berlin", 52.52, 13.4, "eu"],
    ["Stockholm, on islands", 59.33, 18.07, "eu"],
    ["Basel", 47.56, 7.59, null],
    ["Geneva", 46.2, 6.14, null],
    ["London", 51.5, -0.12, null],
    ["Kaliningrad", 54.7, 20.5, null],
    ["Tokyo", 35.68, 139.77, "jp"],
    ["Jeju", 33.5, 126.5, null],
    ["Mountain View", 37.4187, -122.083, "us"],
    ["Tijuana", 32.51, -117.03, null],
    ["Vancouver", 49.28, -123.12, null],
    ["Vladivostok", 43.1, 131.9, null],
  ])("%s is in the region that it should be in, or in none", async (_name, lat, lon, region) => {
    const paths = ["geofences/mountain-view.geojson", "geofences/world/regions.geojson"];
    const { stdout } = await inProcess(verdict, "--zones", ...paths, "--at", `${lat},${lon}`, "--json");
    expect(JSON.parse(stdout).region).toBe(region);
  });
});

describe("the guide for admins", () => {
  it("its git hook lets good zones be committed and stops bad ones", async () => {
    const hook = /```sh hook\n([^]*?)```/.exec(README)?.[1] ?? "";
    const folder = tempDir();
    const camfence = join(process.cwd(), "dist/camfence.js");
    const git = (...args: readonly string[]) =>
      execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t", ...args], {
        cwd: folder,
        stdio: "pipe",
      });
    git("init", "-q");
    mkdirSync(join(folder, "geofences"));
    mkdirSync(join(folder, "bin"));
    writeFileSync(join(folder, "bin/camfence"), `#!/bin/sh\nexec ${process.execPath} ${camfence} "$@"\n`, {
      mode: 0o755,
    });
    writeFileSync(join(folder, ".git/hooks/pre-commit"), hook.replaceAll("npx camfence", "bin/camfence"), {
      mode: 0o755,
    });
    copyFileSync("geofences/mountain-view.geojson", join(folder, "geofences/a.geojson"));
    git("add", "geofences");
    git("commit", "-qm", "good");
    writeFileSync(join(folder, "geofences/a.geojson"), "{}");
    git("add", "geofences");
    expect(() => git("commit", "-qm", "bad")).toThrow(/structure|value/);
  });

  it("its rule file is one", async () => {
    const rules = /```yaml rules\n([^]*?)```/.exec(README)?.[1] ?? "";
    const folder = tempDir();
    writeFileSync(join(folder, "rules.yaml"), rules);
    const feature = (properties: object) => ({
      type: "Feature",
      properties,
      geometry: { type: "Polygon", coordinates: SQUARE },
    });
    const features = [feature({ landuse: "military", name: "Fort" }), feature({ landuse: "meadow" })];
    writeFileSync(join(folder, "a.geojson"), JSON.stringify({ type: "FeatureCollection", features }));
    const args = [
      "convert",
      join(folder, "a.geojson"),
      "--datum",
      "wgs84",
      "--rules",
      join(folder, "rules.yaml"),
    ];
    const { code, stdout, stderr } = await inProcess(zones, ...args);
    expect([code, stderr]).toEqual([0, expect.stringContaining("1 left out by rules")]);
    expect(JSON.parse(stdout).features).toMatchObject([
      { properties: { category: "military", name: "Fort" } },
    ]);
  });
});
