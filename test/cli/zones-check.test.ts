import { describe, expect, it } from "vitest";
import type { Io } from "../../src/cli/io.ts";
import { runCommand } from "../../src/cli/run-command.ts";
import { run } from "../../src/cli/zones.ts";
import { feature, NOW_MS, written, zoneFile } from "../zones/fixtures.ts";

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

  it.each([
    ["no path", []],
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
      expect(await zones(...args)).toMatchObject({ code: 2, err: expect.stringContaining("check, schema") });
  });
});
