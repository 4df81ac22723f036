import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { expect, it } from "vitest";
import * as z from "zod";
import { run as init } from "../../../src/cli/init.ts";
import { readDaemonConfig } from "../../../src/cli/run/read-config.ts";
import { SAMPLE_CONFIG } from "../../../src/cli/run/sample-config.ts";
import { DaemonConfig } from "../../../src/config.ts";
import { camfence, inProcess, tempDir, writeTemp } from "../../kit/cli.ts";

it("the sample is a configuration, and its values are the defaults", () => {
  const given = parse(SAMPLE_CONFIG) as Record<string, unknown>;
  const sample = DaemonConfig.parse(given);
  // What has no default must be said; all else may be left out.
  const { sources, cameras, zones, storage } = sample;
  const { vehicle, folder, deviceKey, ledgerKey } = storage;
  const least = {
    sources,
    cameras,
    zones: { paths: zones.paths },
    storage: { vehicle, folder, deviceKey, ledgerKey },
  };
  expect(DaemonConfig.parse(least)).toEqual(sample);
});

it("the sample explains every setting that there is", () => {
  const schema = z.toJSONSchema(DaemonConfig, { io: "input", unrepresentable: "any" });
  const names = new Set(
    [...JSON.stringify(schema).matchAll(/"properties":\{/g)].length > 0 ? propertyNames(schema) : [],
  );
  const missing = [...names].filter((name) => !new RegExp(`\\b${name}\\b`).test(SAMPLE_CONFIG));
  expect(names.size).toBeGreaterThan(80);
  expect(missing).toEqual([]);
  // A comment on each line that sets a single value, or on the one above its group.
  const bare = SAMPLE_CONFIG.split("\n").filter((line) => /^ {4}\w+: [^#{[]+$/.test(line));
  expect(bare.length).toBeLessThan(12);
});

function propertyNames(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]) => [
    ...(key === "properties" && typeof value === "object" && value !== null ? Object.keys(value) : []),
    ...propertyNames(value),
  ]);
}

it("every mistake is told at once, each with its line", async () => {
  const text = SAMPLE_CONFIG.replace("yawDeg: 0 ", "yawDeg: north ")
    .replace("\n      fps: 10", "\n      fps: -3\n      colour: red")
    .replace("kind: gpsd\n", "kind: gps\n")
    .replace("cells: 24", "cells: 2.5")
    .replace("port: 9480", "port: 99999999")
    .replace("  vehicle: vehicle-1", "  vehicle: 'a vehicle'")
    .replace("log:\n", "logs: {}\nlog:\n");
  const file = writeTemp("camfence.yaml", text);
  const told: string[] = [];
  await expect(readDaemonConfig(file, (line) => told.push(line))).rejects.toThrow(/has 8 mistakes/);
  const lineOf = (part: string): number =>
    text.split("\n").findIndex((line) => line.trimStart().startsWith(part)) + 1;
  const expected: readonly [string, RegExp][] = [
    ["kind: gps", /sources\.position\.kind/],
    ["yawDeg: north", /cameras\[0\]\.yawDeg: expected number/],
    ["fps: -3", /cameras\[0\]\.source\.fps/],
    ["colour: red", /cameras\[0\]\.source\.colour: there is no such setting/],
    ["cells: 2.5", /policy\.redaction\.cells/],
    ["vehicle: 'a", /storage\.vehicle: expected up to 64 letters/],
    ["port: 99999999", /metrics\.port/],
    ["logs: {}", /logs: there is no such setting/],
  ];
  for (const [part, what] of expected) {
    const line = told.find((each) => each.startsWith(`${file}:${lineOf(part)}: `)) ?? "";
    expect(line, part).toMatch(what);
  }
  expect(told).toHaveLength(expected.length);
});

it("broken YAML, two cameras of one name and two readers of standard input are mistakes", async () => {
  const fails = async (text: string): Promise<string> => {
    const told: string[] = [];
    await readDaemonConfig(writeTemp("c.yaml", text), (line) => told.push(line)).catch(() => {});
    return told.join("");
  };
  expect(await fails("cameras: [\n")).toMatch(/c\.yaml:\d+: /);
  expect(await fails(`${SAMPLE_CONFIG}\nlog: {}\n`)).toMatch(/unique/i);
  const sample = parse(SAMPLE_CONFIG) as { cameras: { source: unknown }[]; sources: unknown };
  const [camera] = sample.cameras;
  expect(await fails(stringify({ ...sample, cameras: [camera, camera] }))).toMatch(
    /camera front stands twice/,
  );
  const source = { kind: "stdin", widthPx: 64, heightPx: 64, fps: 10, latencyMs: 0 };
  const two = { ...sample, sources: { position: { kind: "nmea-stdin" } }, cameras: [{ ...camera, source }] };
  expect(await fails(stringify(two))).toMatch(/standard input can be read by one only/);
});

it("paths count from the file's own folder", async () => {
  const dir = tempDir();
  writeFileSync(join(dir, "camfence.yaml"), SAMPLE_CONFIG);
  const { zones, storage } = await readDaemonConfig(join(dir, "camfence.yaml"), () => {});
  expect(zones.paths).toEqual([join(dir, "zones")]);
  expect(storage.folder).toBe(join(dir, "data"));
  expect(storage.deviceKey).toEqual({ file: join(dir, "device.key") });
});

it("init makes what run needs but the zones, keys for the owner only, and overwrites nothing", async () => {
  const dir = join(tempDir(), "vehicle");
  expect((await inProcess(init, dir)).code).toBe(0);
  for (const key of ["device.key", "ledger.key"]) expect(statSync(join(dir, key)).mode & 0o777).toBe(0o600);
  const before = readFileSync(join(dir, "device.key"));
  const again = await inProcess(init, dir);
  expect([again.code, again.stderr]).toEqual([2, expect.stringMatching(/camfence\.yaml/)]);
  expect(readFileSync(join(dir, "device.key"))).toEqual(before);

  const closed = await camfence("run", "--config", join(dir, "camfence.yaml"), "--check");
  expect([closed.code, closed.stderr]).toEqual([
    1,
    expect.stringMatching(/self-test keeps the gate closed: zones: /),
  ]);
  writeFileSync(join(dir, "zones/a.geojson"), readFileSync("geofences/mountain-view.geojson"));
  const checked = await camfence("run", "--config", join(dir, "camfence.yaml"), "--check");
  expect([checked.code, checked.stderr]).toEqual([0, ""]);
});
