import { describe, expect, it } from "vitest";
import type { Io } from "../../../src/cli/io.ts";
import { runCommand } from "../../../src/cli/run-command.ts";
import { run } from "../../../src/cli/zones.ts";
import { RULES } from "../../../src/zones/check/all-rules.ts";
import { pathToFileURL } from "node:url";
import { fromWgs84 } from "../../../src/zones/datum.ts";
import { feature, NOW_MS, SQUARE, written, zoneFile } from "../../zones/fixtures.ts";

const uriOf = (result: {
  locations: readonly { physicalLocation: { artifactLocation: { uri: string } } }[];
}) => result.locations[0]?.physicalLocation.artifactLocation.uri;

async function zones(...args: readonly string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    stdout: (text) => out.push(text),
    stderr: (text) => err.push(text),
    interactive: false,
    colour: false,
    nowMs: () => NOW_MS,
  };
  return { code: await runCommand(run, args, io), out: out.join(""), err: err.join("") };
}

describe("camfence zones check", () => {
  it("says in one line what a good set holds", async () => {
    const [path = ""] = written(zoneFile());
    expect(await zones("check", path)).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /^ok: 1 zone \(1 military\); covered everywhere.*; no region.*; 4 vertices; expires 2027-01-01T00:00:00.000Z; set [0-9a-f]{16}\n$/,
      ),
      err: "",
    });
  });

  it("prints each mistake with file, line, column, path and advice, and how many there are", async () => {
    const [one = "", two = ""] = written(zoneFile([feature({ action: "allow", standofM: 3 })]), "{");
    const { code, out } = await zones("check", one, two);
    expect(code).toBe(1);
    expect(out).toContain(`${one}:1:`);
    expect(out).toContain(
      'got "allow", expected drop or blur; correct it  (value at features[0].properties.action)',
    );
    expect(out).toContain("write standoffM");
    expect(out).toContain(`${two}:1:2  error  `);
    expect(out).toMatch(/3 errors, 0 warnings in 2 files\n$/);
  });

  it("loads with warnings, and shows them", async () => {
    const [path = ""] = written(zoneFile([feature()], { issued: "2026-07-01T00:00:00Z" }));
    const { code, out } = await zones("check", path);
    expect(code).toBe(0);
    expect(out).toContain("warning");
    expect(out).toMatch(/0 errors, 1 warning in 1 file\nok: /);
  });

  it("checks as of another time", async () => {
    const [path = ""] = written(zoneFile());
    expect((await zones("check", "--at", "2027-01-01T00:00:00Z", path)).code).toBe(1);
    expect((await zones("check", "--at", "2026-12-31T23:59:59Z", path)).code).toBe(0);
  });

  it("counts what it does not list", async () => {
    const features = Array.from({ length: 150 }, (_, index) => feature({ id: `z${index}`, action: "allow" }));
    const { out } = await zones("check", ...written(zoneFile(features)));
    expect(out).toContain("and 50 more in this file");
    expect(out).toMatch(/150 errors/);
  });

  it("--json is one document, good or bad", async () => {
    const [good = "", bad = ""] = written(zoneFile(), zoneFile([], { version: 2 }));
    expect(JSON.parse((await zones("check", "--json", good)).out)).toMatchObject({
      outcome: "loaded",
      mistakes: [],
      files: [{ file: good, errorCount: 0, warningCount: 0 }],
      set: { zones: 1, coverage: 0, regions: [], expires: "2027-01-01T00:00:00.000Z" },
    });
    expect(JSON.parse((await zones("check", "--json", bad)).out)).toMatchObject({
      outcome: "refused",
      mistakes: [
        { severity: "error", rule: "version", file: bad, path: "camfence.version", line: 1 },
        { rule: "empty", path: "features" },
      ],
      set: null,
    });
  });

  it("--format sarif is what editors and code hosts read: a rule, a level and a place for each mistake", async () => {
    const [bad = ""] = written(zoneFile([feature({ action: "allow" })], { issued: "2026-07-01T00:00:00Z" }));
    const { code, out } = await zones("check", "--format", "sarif", bad);
    const sarif = JSON.parse(out);
    expect([code, sarif.version, sarif.runs[0].tool.driver.name]).toEqual([1, "2.1.0", "camfence"]);
    const { results, tool } = sarif.runs[0];
    expect(results.map((each: { level: string; ruleId: string }) => [each.level, each.ruleId])).toEqual([
      ["warning", "issued-in-future"],
      ["error", "value"],
    ]);
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId);
    for (const { id, severity, asks, remedy } of RULES)
      expect(tool.driver.rules).toContainEqual(
        expect.objectContaining({
          id,
          shortDescription: { text: asks },
          help: { text: remedy },
          defaultConfiguration: { level: severity },
        }),
      );
    const { artifactLocation, region } = results[1].locations[0].physicalLocation;
    expect(artifactLocation.uri).toBe(pathToFileURL(bad).href);
    expect([region.startLine, region.startColumn]).toEqual([1, expect.any(Number)]);
  });

  it("--format sarif names files of this folder relative to it, and is empty for a good set", async () => {
    const good = JSON.parse((await zones("check", "--format", "sarif", "geofences")).out);
    expect(good.runs[0].results).toEqual([]);
    const { out } = await zones("check", "--format", "sarif", "--at", "2099-01-01T00:00:00Z", "geofences");
    const uris = JSON.parse(out).runs[0].results.map(uriOf);
    expect(new Set(uris)).toContain("geofences/coverage.geojson");
  });

  it("--fix repairs the file in place, says what it did, and then checks", async () => {
    const open = feature({}, { type: "Polygon", coordinates: [SQUARE[0]?.slice(0, 4)] });
    const [path = ""] = written(zoneFile([open]));
    expect((await zones("check", path)).code).toBe(1);
    const { code, out, err } = await zones("check", "--fix", path);
    expect([code, out.slice(0, 3), err]).toEqual([
      0,
      "ok:",
      `${path}: 1 ring closed, 0 repeated positions left out, 0 rings turned\n`,
    ]);
    expect((await zones("check", path)).code).toBe(0);
    expect(await zones("check", "--fix", path)).toMatchObject({ code: 0, err: "" });
  });

  it("--previous finds a set that moved to another datum, and --allow-shift lets one through", async () => {
    const [before = "", after = ""] = written(
      zoneFile([feature({ id: "a", radiusM: 200 }, { type: "Point", coordinates: [121.4, 31.1] })]),
      zoneFile([
        feature(
          { id: "a", radiusM: 200 },
          { type: "Point", coordinates: [...fromWgs84("bd09", 121.4, 31.1)] },
        ),
      ]),
    );
    const { code, out } = await zones("check", after, "--previous", before);
    expect([code, out]).toEqual([
      1,
      expect.stringMatching(/as BD-09 coordinates read as WGS 84 do.*write datum bd09/),
    ]);
    expect((await zones("check", after, "--previous", before, "--allow-shift", "a")).code).toBe(0);
    expect((await zones("check", after, "--previous", ...written("{"))).code).toBe(1);
  });

  it.each([
    ["no path", []],
    ["an unknown format", ["--format", "xml", "x.geojson"]],
    ["a missing earlier version", ["geofences", "--previous", "missing.geojson"]],
    ["an unknown option", ["--strict", "x.geojson"]],
    ["a missing file", ["missing.geojson"]],
    ["a time that is none", ["--at", "tomorrow", "x.geojson"]],
  ])("%s is wrong usage", async (_name, args) => {
    const { code, out, err } = await zones("check", ...args);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toMatch(/^camfence: .+\n$/);
  });

  it("--help has an example", async () => {
    expect(await zones("check", "--help")).toMatchObject({
      code: 0,
      out: expect.stringContaining("Example:"),
    });
  });
});

describe("camfence zones", () => {
  it("schema prints the JSON Schema", async () => {
    const { code, out } = await zones("schema");
    expect([code, JSON.parse(out).title]).toEqual([0, "camfence zone file"]);
  });

  it("names its commands", async () => {
    expect(await zones("--help")).toMatchObject({ code: 0, out: expect.stringContaining("check PATH") });
    for (const args of [[], ["chek"], ["toString"]])
      expect(await zones(...args)).toMatchObject({ code: 2, err: expect.stringContaining("check") });
  });
});
