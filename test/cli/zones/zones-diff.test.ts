import { describe, expect, it } from "vitest";
import { run } from "../../../src/cli/zones.ts";
import { readFileSync } from "node:fs";
import { inProcess, writeTemp } from "../../kit/cli.ts";
import { hasSharedData } from "../../kit/shared-data.ts";

const SAMPLE = "geofences/mountain-view.geojson";
const DRIVE = "simulator/drives/mountain-view/mountain-view.nmea";
const edited = (from: string | RegExp, to: string) =>
  writeTemp("zones.geojson", readFileSync(SAMPLE, "utf8").replaceAll(from, to));
const diff = (...args: readonly string[]) => inProcess(run, "diff", ...args);

describe("camfence zones diff", () => {
  it("says that nothing changed", async () => {
    expect(await diff(SAMPLE, SAMPLE)).toEqual({
      code: 0,
      stdout: "opened 0.0 m², closed 0.0 m²; 5 zones unchanged\n",
      stderr: "",
    });
  });

  it("a change that weakens exits 1 and says how to allow it; named, it exits 0", async () => {
    const weaker = edited('"viewM": 200', '"viewM": 150');
    const { code, stdout } = await diff(SAMPLE, weaker);
    expect([code, stdout]).toEqual([
      1,
      expect.stringContaining("changed   sample/rocket-works  view 200 m → 150 m  WEAKER"),
    ]);
    expect(stdout).toContain("--allow-weaker sample/rocket-works\n");
    expect((await diff(SAMPLE, weaker, "--allow-weaker", "sample/rocket-works")).code).toBe(0);
    expect((await diff("--allow-weaker", "sample/rocket-works", SAMPLE, weaker)).code).toBe(0);
    expect((await diff(SAMPLE, weaker, "--allow-weaker", "sample/fort-example")).code).toBe(1);
  });

  it("several may follow one --allow-weaker", async () => {
    const two = edited("-122.0692", "-122.0695");
    const both = writeTemp(
      "zones.geojson",
      readFileSync(two, "utf8").replace('"viewM": 200', '"viewM": 150'),
    );
    expect((await diff(SAMPLE, both)).stdout).toMatch(/2 weaker without leave/);
    expect(
      (await diff(SAMPLE, both, "--allow-weaker", "sample/rocket-works", "sample/fort-example")).code,
    ).toBe(0);
  });

  it("a leave that nothing needs is mentioned, so that no list of leaves grows old unseen", async () => {
    expect((await diff(SAMPLE, SAMPLE, "--allow-weaker", "sample/gardens")).stderr).toMatch(
      /sample\/gardens: nothing of that id became weaker/,
    );
  });

  it("--json has every change, and what is not allowed", async () => {
    const { code, stdout } = await diff(SAMPLE, edited('"viewM": 200', '"viewM": 150'), "--json");
    expect([code, JSON.parse(stdout)]).toMatchObject([
      1,
      {
        changes: [{ id: "sample/rocket-works", kind: "changed", weaker: ["view 200 m → 150 m"] }],
        unchanged: 4,
        notAllowed: ["sample/rocket-works"],
      },
    ]);
  });

  it("with a drive: how many of its frames change, and by which zones", async () => {
    const { stdout } = await diff(
      SAMPLE,
      edited('"viewM": 200', '"viewM": 150'),
      "--drives",
      DRIVE,
      "--json",
    );
    const [drive] = JSON.parse(stdout).drives;
    expect(drive).toMatchObject({
      frames: 3362,
      stricter: 0,
      zones: { "sample/rocket-works": expect.any(Number) },
    });
    expect(drive.weaker).toBeGreaterThan(10);
    const back = await diff(edited('"viewM": 200', '"viewM": 150'), SAMPLE, "--drives", DRIVE, "--json");
    expect(JSON.parse(back.stdout).drives[0]).toMatchObject({ weaker: 0, stricter: drive.weaker });
  });

  it("an older issue is mentioned: no vehicle would take it", async () => {
    const older = edited("2020-01-01T00:00:00Z", "2019-01-01T00:00:00Z");
    expect((await diff(SAMPLE, older)).stdout).toContain("B was issued before A");
  });

  it.each([
    ["one path", [SAMPLE], 2],
    ["three paths", [SAMPLE, SAMPLE, SAMPLE], 2],
    ["a missing file", [SAMPLE, "missing.geojson"], 2],
    ["a tolerance that is none", [SAMPLE, SAMPLE, "--tolerance", "wide"], 2],
    ["a missing drive", [SAMPLE, SAMPLE, "--drives", "missing.nmea"], 2],
    ["a file with mistakes", [SAMPLE, writeTemp("bad.geojson", "{}")], 1],
  ])("%s is refused in words", async (_name, args, code) => {
    const result = await diff(...args);
    expect([result.code, result.stdout]).toEqual([code, ""]);
    expect(result.stderr).toMatch(/camfence: .+\n$/);
  });

  it("--help has an example", async () => {
    expect((await diff("--help")).stdout).toContain("Example:");
  });
});

describe.skipIf(!hasSharedData)("Europe (skipped where ../shared/data is absent)", () => {
  it("finds the one zone of 19,384 that shrank, and the one that is gone", async () => {
    const convert = async (text: string) => {
      const out = writeTemp("europe.geojson", "");
      await inProcess(
        run,
        "convert",
        text,
        "--datum",
        "wgs84",
        "--category",
        "military",
        "--prefix",
        "eu",
        "--out",
        out,
        "--json",
      );
      return out;
    };
    const before = await convert("../shared/data/zones/eur_military.geojson");
    const file = JSON.parse(readFileSync(before, "utf8"));
    const [gone, ...rest] = file.features;
    rest[500].geometry.coordinates[0][1][0] += rest[500].geometry.coordinates[0][1][0] > 0 ? -0.0005 : 0.0005;
    const after = writeTemp("after.geojson", JSON.stringify({ ...file, features: rest }));
    const { weaker, unchanged } = JSON.parse((await diff(before, after, "--json")).stdout);
    expect(weaker).toContain(gone.properties.id);
    expect(unchanged).toBe(19_382);
  });
});
