import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { camfence, tempDir } from "../kit/cli.ts";

const NODE_MODULES = join(process.cwd(), "node_modules");
let installed = "";

/** The packed package in a folder of its own, beside nothing but what its dependencies ask for. */
beforeAll(() => {
  execFileSync("npm", ["run", "--silent", "build:library"]);
  const dir = tempDir();
  const packed = execFileSync("npm", ["pack", "--ignore-scripts", "--json", "--pack-destination", dir], {
    encoding: "utf8",
  });
  const [{ filename } = { filename: "" }] = JSON.parse(packed) as { filename: string }[];
  mkdirSync(join(dir, "node_modules"));
  execFileSync("tar", ["-xzf", join(dir, filename), "-C", join(dir, "node_modules")]);
  installed = join(dir, "node_modules/package");
  const listed = spawnSync("npm", ["ls", "--omit=dev", "--all", "--parseable"], { encoding: "utf8" }).stdout;
  const names = new Set(
    listed.split("\n").flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []),
  );
  for (const name of names) {
    const target = join(NODE_MODULES, name);
    const link = join(dir, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    if (existsSync(target)) symlinkSync(target, link);
  }
}, 60_000);

const call = (dir: string, ...args: readonly string[]) =>
  spawnSync(process.execPath, args, { cwd: dir, encoding: "utf8", env: { PATH: process.env["PATH"] } });

it("the package holds the command, the library, its types and the schema, and no sources or tests", () => {
  expect(readdirSync(installed).toSorted()).toEqual(["LICENSE", "README.md", "dist", "package.json"]);
  const dist = readdirSync(join(installed, "dist"));
  expect(dist).toEqual(
    expect.arrayContaining(["camfence.js", "index.js", "types", "zone-file.schema.json", "chunks", "map"]),
  );
  expect(dist.filter((name) => ["pictures", "single", "bench"].includes(name))).toEqual([]);
});

it("runs without development dependencies", async () => {
  const vehicle = join(tempDir(), "vehicle");
  const command = join(installed, "dist/camfence.js");
  expect(call(installed, command, "init", vehicle)).toMatchObject({ status: 0, stderr: "" });
  writeFileSync(join(vehicle, "zones/a.geojson"), await sampleZones());
  const checked = call(installed, command, "run", "--config", join(vehicle, "camfence.yaml"), "--check");
  expect(checked).toMatchObject({ status: 0, stderr: "" });
  for (const name of ["replay", "verdict", "zones", "buffer", "ingest", "ledger", "run", "init", "map"]) {
    expect(call(installed, command, name, "--help"), name).toMatchObject({ status: 0, stderr: "" });
  }
  const example = `import { createGuard, openPipeline } from "${join(installed, "dist/index.js")}"; console.log(typeof createGuard, typeof openPipeline);`;
  const library = call(installed, "--input-type=module", "--eval", example);
  expect(library).toMatchObject({ status: 0, stdout: "function function\n", stderr: "" });
});

async function sampleZones(): Promise<string> {
  expect((await camfence("zones", "check", "geofences")).code).toBe(0);
  return execFileSync("cat", ["geofences/mountain-view.geojson"], { encoding: "utf8" });
}
