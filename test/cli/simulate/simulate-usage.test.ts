import { describe, expect, test } from "vitest";
import { simulate } from "../../../src/cli/simulate.ts";
import { inProcess, writeTemp } from "../../kit/cli.ts";
import { box, feature, zoneText } from "../../kit/zones.ts";
import { MET, ROAD } from "../../kit/scenarios.ts";

describe("wrong usage", () => {
  test.each([
    [[], 2, /got no scenario/],
    [["nowhere.yaml"], 2, /nowhere\.yaml: cannot be read/],
    [["x.yaml", "--runs", "0"], 2, /--runs: got "0"/],
    [["x.yaml", "--seed", "1.5"], 2, /--seed: got "1.5", expected a whole number/],
    [["x.yaml", "y.yaml", "--out", "d.mcap"], 2, /--out: records one run/],
    [["--sed", "1"], 2, /--sed/],
  ] as const)("%j", async (args, code, said) => {
    const result = await inProcess(simulate, ...args);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(said);
  });

  test("all mistakes of all scenarios come at once, each with its line", async () => {
    const wrong = `${ROAD.replace("speedMps: 20", "speedMps: -1")}receiver: { rateHz: 50 }\nsurprise: 1\n`;
    const other = MET.replace("that: no-leak", "that: no-leek");
    const files = [writeTemp("wrong.yaml", wrong), writeTemp("other.yaml", other)];
    const { code, stderr } = await inProcess(simulate, ...files);
    expect(code).toBe(1);
    expect(stderr).toMatch(/wrong\.yaml:4:\d+: route\.speedMps: got -1/);
    expect(stderr).toMatch(/wrong\.yaml:6:\d+: receiver\.rateHz: got 50, expected 1 to 20 Hz/);
    expect(stderr).toMatch(/wrong\.yaml:7:\d+: surprise: is not known here/);
    expect(stderr).toMatch(/other\.yaml:6:\d+: expect\.0\.that: got "no-leek"/);
  });

  test("a policy that the guard would refuse is a mistake of the scenario, and told with all others", async () => {
    const wrong = `${MET}policy: { positioning: { confidence: 2 }, gates: {} }\nsurprise: 1\n`;
    const { code, stderr } = await inProcess(simulate, writeTemp("policy.yaml", wrong));
    expect(code).toBe(1);
    expect(stderr).toMatch(/policy\.yaml:7:\d+: policy\.positioning\.confidence: got 2/);
    expect(stderr).toMatch(/policy\.yaml:7:\d+: policy\.gates: is not known here/);
    expect(stderr).toMatch(/policy\.yaml:8:\d+: surprise: is not known here/);
  });

  test("two ways are one mistake beside those of each", async () => {
    const wrong = MET.replace("speedMps: 20", "speedMps: fast, gpx: way.gpx");
    const { stderr } = await inProcess(simulate, writeTemp("ways.yaml", wrong));
    expect(stderr).toMatch(/ways\.yaml:4:\d+: route: expected exactly one of waypoints, gpx and generated/);
    expect(stderr).toMatch(/ways\.yaml:4:\d+: route\.speedMps: got "fast"/);
  });

  test("a camera that is not there is a mistake wherever it is named, beside all others", async () => {
    const fault = "faults: [{ kind: camera-dies, atS: 3, forS: 2, camera: frnt }]";
    const wrong = `${MET.replace("that: no-leak", "that: outcome, camera: rear, action: drop")}${fault}\nsurprise: 1\n`;
    const { code, stderr } = await inProcess(simulate, writeTemp("cameras.yaml", wrong));
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /cameras\.yaml:6:\d+: expect\.0\.camera: got "rear", expected one of the cameras front/,
    );
    expect(stderr).toMatch(/cameras\.yaml:7:\d+: faults\.0\.camera: got "frnt"/);
    expect(stderr).toMatch(/cameras\.yaml:8:\d+: surprise: is not known here/);
  });

  test("references that multiply without end are one clear line", async () => {
    const row = (name: string, of: string) => `${name}: &${name} [${Array(9).fill(of).join(",")}]\n`;
    const bomb = row("a", "x") + row("b", "*a") + row("c", "*b") + row("d", "*c") + row("e", "*d");
    const { code, stderr } = await inProcess(simulate, writeTemp("bomb.yaml", bomb));
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^camfence: \S+bomb\.yaml:1:1: got references/),
    ]);
  });

  test("all files that are missing or broken are named at once", async () => {
    const names = ["one.geojson", "two.geojson"].map((name) => `"/nowhere/${name}"`);
    const file = MET.replace(/route: .*/, 'route: { gpx: "/nowhere/way.gpx" }').replace(
      "zones: {",
      `zones: { files: [${names.join(", ")}],`,
    );
    const { code, stderr } = await inProcess(simulate, writeTemp("files.yaml", file));
    expect(code).toBe(2);
    for (const name of ["way.gpx", "one.geojson", "two.geojson"])
      expect(stderr).toContain(`/nowhere/${name}: cannot be read`);
  });

  test("zones that no vehicle would take, and a way that none can drive, are told before anything is driven", async () => {
    const crossed = zoneText([
      feature({ id: "a", category: "military", surprise: 1 }, box(11, 48, 11, 48.1)),
    ]);
    const zones = writeTemp("wrong.geojson", crossed);
    const bad = writeTemp("zones.yaml", MET.replace("zones: {", `zones: { files: ["${zones}"],`));
    const still = writeTemp("still.yaml", MET.replace(/eastM: -?400/g, "eastM: 0"));
    const { code, stdout, stderr } = await inProcess(simulate, bad, still, writeTemp("met.yaml", MET));
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /zones\.yaml: the scenario's zones: wrong\.geojson:\d+: features\[0\]\.properties\.surprise/,
    );
    expect(stderr).toMatch(/zones\.yaml: the scenario's zones: wrong\.geojson:\d+: features\[0\]\.geometry/);
    expect(stderr).toMatch(/still\.yaml: all points of the way are one place/);
  });
});

test("the JSON Schema of scenarios names every member, and is JSON Schema", async () => {
  const { code, stdout } = await inProcess(simulate, "schema");
  expect(code).toBe(0);
  const schema = JSON.parse(stdout) as { $schema: string; properties: object };
  expect(schema.$schema).toMatch(/json-schema\.org/);
  const members = [
    "camfence",
    "title",
    "route",
    "zones",
    "cameras",
    "receiver",
    "attacks",
    "faults",
    "expect",
  ];
  expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining(members));
});
