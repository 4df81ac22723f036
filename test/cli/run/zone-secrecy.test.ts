import { execFile } from "node:child_process";
import { readdirSync } from "node:fs";
import { asyncScheduler, NEVER } from "rxjs";
import { describe, expect, it } from "vitest";
import { createZoneFolder } from "../../../src/cli/run/zone-folder.ts";
import { RULES } from "../../../src/zones/check/all-rules.ts";
import { tempDir, writeTemp } from "../../kit/cli.ts";
import { feature, fixture, zoneFile } from "../../zones/fixtures.ts";

const SECRET = [
  [13.123_457, 47.654_321],
  [13.223_457, 47.654_321],
  [13.223_457, 47.754_321],
  [13.123_457, 47.754_321],
];
const secretFile = () =>
  writeTemp(
    "z.geojson",
    JSON.stringify(
      zoneFile([feature({ id: "b", name: "Fort Example" }, { type: "Polygon", coordinates: [SECRET] })], {
        expires: "2036-01-01T00:00:00Z",
      }),
    ),
  );

describe("what the daemon says of zone files that it refuses", () => {
  const bad = readdirSync(fixture("bad")).filter((name) => name.endsWith(".geojson"));
  const sentences = new Set(RULES.map(({ id, asks }) => `${id}: ${asks}`));

  it.each(bad)("is the rule, and nothing that stands in the file: %s", async (name) => {
    const folder = createZoneFolder(
      { paths: [fixture(`bad/${name}`)], settleMs: 100, pollMs: 1e6, asked: NEVER },
      asyncScheduler,
    );
    const reading = await folder.read(true);
    const said = reading.kind === "refused" ? reading.mistakes.map(({ what }) => what) : [];
    expect(said.filter((what) => !sentences.has(what))).toEqual([]);
    if (reading.kind === "refused") expect(said.length).toBeGreaterThan(0);
  });
});

it("a filter that refuses its zone files says no place and no name either", async () => {
  const args = ["dist/camfence.js", "filter", "--zones", secretFile()];
  const said = await new Promise<string>((end) => {
    const options = { cwd: process.cwd(), env: { ...process.env, TMPDIR: tempDir() } };
    execFile(process.execPath, args, options, (_error, stdout, stderr) => end(stdout + stderr)).stdin?.end();
  });
  expect(said).toContain("ring-open: A ring ends at the position where it begins.");
  expect(said).not.toMatch(/13\.|47\.|Fort/);
});
