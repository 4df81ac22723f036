import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { McapStreamReader } from "@mcap/core";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { loadScenario, simulateDrive } from "../../simulator/index.ts";
import { run as zonesCheck } from "../../src/cli/zones/zones-check.ts";
import { simulate } from "../../src/cli/simulate.ts";
import { replay } from "../../src/cli/replay.ts";
import { camfence, inProcess, jsonLines, tempDir, writeTemp } from "../kit/cli.ts";
import { nmeaEastwards } from "../kit/drives.ts";
import { box, feature, zoneText } from "../kit/zones.ts";
import { MET, ROAD } from "../kit/scenarios.ts";

/** XML that a strict parser takes, as element names with their attributes. */
function elements(xml: string): { name: string; attributes: Record<string, string> }[] {
  const found: { name: string; attributes: Record<string, string> }[] = [];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => found.push({ name, attributes: { ...attributes } }));
  parser.write(xml).close();
  return found;
}

describe("a scenario whose expectations are met", () => {
  test("exits 0, and says how many frames leaked: none", async () => {
    const { code, stdout, stderr } = await camfence("simulate", writeTemp("met.yaml", MET));
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ Past a base/);
    expect(stdout).toMatch(/leaks 0 in \d+ frames of 1 run/);
  });

  test("--report writes JUnit, a summary and a page for each scenario", async () => {
    const out = tempDir();
    await inProcess(simulate, writeTemp("met.yaml", MET), "--runs", "2", "--report", out);
    const junit = elements(readFileSync(join(out, "junit.xml"), "utf8"));
    expect(junit[0]).toMatchObject({ name: "testsuites", attributes: { tests: "4", failures: "0" } });
    expect(junit.filter(({ name }) => name === "testsuite")).toHaveLength(2);
    expect(readFileSync(join(out, "met.html"), "utf8")).toContain("Past a base, seed 1");
    expect(readFileSync(join(out, "met.html"), "utf8")).toMatch(/replayed at [1-9][\d,]* × real time/);
    expect(JSON.parse(readFileSync(join(out, "summary.json"), "utf8"))).toHaveLength(2);
  });

  test("--json gives what a program reads, and --seed another drive", async () => {
    const file = writeTemp("met.yaml", MET);
    const runs = await Promise.all(
      ["1", "2", "2"].map(async (seed) => inProcess(simulate, file, "--json", "--seed", seed)),
    );
    const [one, two, again] = runs.map(
      ({ stdout }) => JSON.parse(stdout) as { seed: number; frames: object }[],
    );
    expect(one?.[0]).toMatchObject({ seed: 1, met: true, leaks: { kept: 0 } });
    expect(two).toEqual(again);
    expect(two?.[0]?.frames).not.toEqual(one?.[0]?.frames);
  });
});

describe("what is stored of a drive", () => {
  const got = async (more: string) => {
    const { code, stdout } = await inProcess(simulate, writeTemp("stored.yaml", `${ROAD}${more}`), "--json");
    const [run] = JSON.parse(stdout) as { results: { got: string }[] }[];
    return { code, got: run?.results[0]?.got ?? "" };
  };

  test("without a fault is all that was released", async () => {
    const { code, got: said } = await got("expect: [{ that: stored, lostAtMost: 0 }]\n");
    expect([code, said]).toEqual([0, expect.stringMatching(/; 0 lost \(\); 0 unaccounted for$/)]);
    expect(Number(/^(\d+) released/.exec(said)?.[1])).toBe(Number(/: (\d+) stored/.exec(said)?.[1]));
  });

  test("lacks what came while the disk was full, counted; and that is unmet where nothing may be lost", async () => {
    const full = "faults: [{ kind: disk-full, atS: 5, forS: 3 }]\n";
    expect(await got(`${full}expect: [{ that: stored, lostAtMost: 0 }]\n`)).toEqual({
      code: 1,
      got: expect.stringMatching(/lost \(no-space \d+\); 0 unaccounted for$/) as string,
    });
    expect((await got(`${full}expect: [{ that: stored, lostAtLeast: 1, after: 9 }]\n`)).code).toBe(0);
  });

  test("and a kill leaves frames unaccounted for, which must be said", async () => {
    const kill = "faults: [{ kind: kill, atS: 8.2, downS: 1 }]\n";
    expect((await got(`${kill}expect: [{ that: stored }]\n`)).code).toBe(1);
    expect((await got(`${kill}expect: [{ that: stored, unaccountedAtMost: 30 }]\n`)).code).toBe(0);
  });
});

test("runs on threads are the runs of one thread, in the order of their seeds", async () => {
  const file = writeTemp("met.yaml", MET);
  const [threaded, alone] = await Promise.all([
    camfence("simulate", file, "--runs", "6", "--seed", "4294967293", "--json"),
    inProcess(simulate, file, "--runs", "6", "--seed", "4294967293", "--json"),
  ]);
  expect(threaded.code).toBe(0);
  const runs = JSON.parse(threaded.stdout) as { seed: number }[];
  // The built command has threads, the sources in this process have none.
  expect(runs).toEqual(JSON.parse(alone.stdout));
  expect(runs.map(({ seed }) => seed)).toEqual([4294967293, 4294967294, 4294967295, 0, 1, 2]);
});

describe("a scenario with an unmet expectation", () => {
  // A fault and an attack that have nothing to do with it, and a zone too many.
  const UNMET = `
camfence: { scenario: 1 }
title: Past a base & <others>
route: { waypoints: [{ eastM: -400, northM: 0 }, { eastM: 400, northM: 0 }], speedMps: 20, stops: [{ atM: 200, forS: 4 }] }
zones:
  features:
    - { id: base, shapes: [{ box: { at: { eastM: 0, northM: 60 }, eastM: 100, northM: 80 } }] }
    - { id: other, shapes: [{ circle: { at: { eastM: 300, northM: 300 }, radiusM: 20 } }] }
receiver: { rateHz: 2, duplicates: 0.2 }
attacks: [{ kind: simulated, atS: 40, forS: 5 }]
faults: [{ kind: frame-burst, atS: 8, forS: 1 }]
expect:
  - { that: no-leak }
  - { that: outcome, zone: base, of: none }
`;

  test("exits 1, names it in JUnit, prints the seed, the command, and a smaller drive that fails alike", async () => {
    const [file, out] = [writeTemp("unmet.yaml", UNMET), tempDir()];
    const { code, stdout, stderr } = await camfence("simulate", file, "--seed", "9", "--report", out);
    expect(code).toBe(1);
    expect(stdout).toContain("seed 9: expected outcome");
    expect(stderr).toContain(`seed 9 fails; again: camfence simulate ${file} --seed 9`);
    const junit = elements(readFileSync(join(out, "junit.xml"), "utf8"));
    expect(junit.filter(({ name }) => name === "failure")).toHaveLength(1);
    const smaller = join(out, "unmet.seed-9.yaml");
    expect(stderr).toContain(`camfence simulate ${smaller}`);
    const minimal = parse(readFileSync(smaller, "utf8")) as Record<string, unknown>;
    // What has nothing to do with it is gone.
    expect(Object.keys(minimal)).not.toContain("attacks");
    expect(Object.keys(minimal)).not.toContain("faults");
    expect(minimal).toMatchObject({ seed: 9, zones: { features: [{ id: "base" }] } });
    expect((minimal["route"] as { endsS: number }).endsS).toBeLessThan(30);
    const again = await camfence("simulate", smaller, "--no-shrink");
    expect(again.code).toBe(1);
    expect(again.stdout).toContain("expected outcome");
  });

  test("the command that repeats it is the shortest, and may be pasted", async () => {
    const file = join(tempDir(), "it's unmet.yaml");
    writeFileSync(file, UNMET);
    const { stderr } = await inProcess(simulate, file, "--no-shrink");
    expect(stderr).toBe(
      `camfence: seed 1 fails; again: camfence simulate '${file.replace("'", String.raw`'\''`)}'\n`,
    );
  });

  test("a zone file that has nothing to do with it is left out of the smaller drive, and one that has stays whole", async () => {
    const far = zoneText([feature({ id: "far", category: "military" }, box(20, 50, 20.01, 50.01))]);
    const near = zoneText([
      feature({ id: "near", category: "military" }, box(11.499, 48.0995, 11.501, 48.1005)),
    ]);
    const files = [writeTemp("far.geojson", far), writeTemp("near.geojson", near)];
    const text = UNMET.replace("zones:", `zones:\n  files: ${JSON.stringify(files)}`).replace(
      "zone: base",
      "zone: near",
    );
    const out = tempDir();
    await inProcess(simulate, writeTemp("files.yaml", text), "--report", out);
    const smaller = join(out, "files.seed-1.yaml");
    const minimal = parse(readFileSync(smaller, "utf8")) as { zones: object };
    expect(minimal.zones).toEqual({ inline: [{ file: "near.geojson", text: near }] });
    expect((await inProcess(simulate, smaller, "--no-shrink")).code).toBe(1);
  });

  test("drives with JPEG cameras get smaller like all others", async () => {
    const [out, text] = [tempDir(), `${UNMET}cameras: [{ format: jpeg }, { id: rear, format: jpeg }]\n`];
    await inProcess(simulate, writeTemp("jpeg.yaml", text), "--report", out);
    const minimal = parse(readFileSync(join(out, "jpeg.seed-1.yaml"), "utf8")) as Record<string, unknown>;
    expect(minimal["cameras"]).toEqual([{ format: "jpeg" }]);
    expect(Object.keys(minimal)).not.toContain("faults");
  });

  test("--no-shrink looks for none", async () => {
    const out = tempDir();
    const { code } = await inProcess(
      simulate,
      writeTemp("unmet.yaml", UNMET),
      "--no-shrink",
      "--report",
      out,
    );
    expect(code).toBe(1);
    expect(readdirSync(out).filter((name) => name.endsWith(".yaml"))).toEqual([]);
  });
});

test("--out records the drive: every image and every report, readable by the MCAP library", async () => {
  const [file, out] = [writeTemp("met.yaml", MET), join(tempDir(), "drive.mcap")];
  const { code } = await inProcess(simulate, file, "--out", out);
  expect(code).toBe(0);
  const drive = simulateDrive(await loadScenario(file));
  const reader = new McapStreamReader({ validateCrcs: true });
  reader.append(readFileSync(out));
  const topics = new Map<number, string>();
  const counts: Record<string, number> = {};
  const fixes: { latitude: number }[] = [];
  for (let record = reader.nextRecord(); record !== undefined; record = reader.nextRecord()) {
    if (record.type === "Channel") topics.set(record.id, record.topic);
    if (record.type !== "Message") continue;
    const topic = topics.get(record.channelId) ?? "?";
    counts[topic] = (counts[topic] ?? 0) + 1;
    if (topic === "/gnss/fix")
      fixes.push(JSON.parse(new TextDecoder().decode(record.data)) as { latitude: number });
  }
  const reports = drive.reports.length;
  expect(counts).toEqual({
    "/camera/front": [...drive.frames()].length,
    "/gnss/fix": reports,
    "/gnss/report": reports,
  });
  const said = drive.reports.map(({ report }) => (report.quality === "none" ? null : report.latDeg));
  expect(fixes.map(({ latitude }) => latitude)).toEqual(said);
});

describe("replay", () => {
  const ZONES = zoneText([
    feature({ id: "base", category: "military", viewM: 0 }, box(11.006, 49.999, 11.008, 50.001)),
  ]);

  /** A folder with zones, and one with a drive and what must come of it. */
  function suite(expectations: string) {
    const dir = tempDir();
    const [drives, zones] = [join(dir, "drives"), join(dir, "zones.geojson")];
    mkdirSync(drives);
    writeFileSync(zones, ZONES);
    const road = { latDeg: 50, lonDeg: 11, speedMps: 20, seconds: 60 };
    writeFileSync(join(drives, "east.nmea"), nmeaEastwards(road));
    writeFileSync(
      join(drives, "east.expect.yaml"),
      `camfence: { expectations: 1 }\nexpect:\n${expectations}`,
    );
    return { dir, drives, zones, out: join(dir, "out") };
  }

  test("what is stated beside a recorded drive is judged, and written as JUnit", async () => {
    const { drives, zones, out } = suite(`
  - { that: outcome, near: { latDeg: 50, lonDeg: 11.007, radiusM: 60 }, action: drop, reason: inside, zone: base }
  - { that: outcome, at: 2026-03-01T08:00:10Z, action: pass }
  - { that: recovery, after: 45, withinS: 3 }
  - { that: count, action: pass, atLeast: 100, atMost: 600 }
`);
    const { code, stdout } = await inProcess(replay, drives, "--zones", zones, "--out", out);
    expect(code).toBe(0);
    expect(stdout).toContain("✓ outcome");
    const junit = elements(readFileSync(join(out, "junit.xml"), "utf8"));
    expect(junit[0]?.attributes).toMatchObject({ tests: "4", failures: "0" });
  });

  test("an unmet one exits 1", async () => {
    const { drives, zones, out } = suite("  - { that: count, action: blur, atLeast: 1 }\n");
    const { code, stdout } = await camfence(
      "replay",
      join(drives, "east.nmea"),
      "--zones",
      zones,
      "--out",
      out,
    );
    expect(code).toBe(1);
    expect(stdout).toContain("✗ count action blur, atLeast 1\n    got 0 frames");
    expect(readFileSync(join(out, "junit.xml"), "utf8")).toContain("got 0 frames");
  });

  test.each(["no-leak", "stored"])("%s is refused: nobody knows that of a recorded drive", async (that) => {
    const { drives, zones } = suite(`  - { that: ${that} }\n`);
    const { code, stderr } = await inProcess(replay, drives, "--zones", zones);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/east\.expect\.yaml:3:\d+: expect\.0\.that/)]);
  });

  test("expectations whose drive is gone fail the suite", async () => {
    const { drives, zones } = suite("  - { that: count, atLeast: 1 }\n");
    writeFileSync(join(drives, "west.expect.yaml"), "camfence: { expectations: 1 }\nexpect: []\n");
    const { code, stderr } = await inProcess(replay, drives, "--zones", zones);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/west\.expect\.yaml: got no drive beside it/)]);
  });

  test("a scenario is a drive with zones of its own: same verdicts, same files", async () => {
    const [file, out] = [writeTemp("met.yaml", MET), tempDir()];
    const { code } = await inProcess(replay, file, "--out", out);
    expect(code).toBe(0);
    const files = ["junit.xml", "released.mcap", "report.html", "summary.json", "verdicts.jsonl"];
    expect(readdirSync(out).toSorted()).toEqual(files);
    const simulated = await inProcess(simulate, file, "--json");
    const [run] = JSON.parse(simulated.stdout) as [{ frames: { in: number; passed: number } }];
    const lines = jsonLines(join(out, "verdicts.jsonl"));
    expect(lines).toHaveLength(run.frames.in);
    expect(lines.filter(({ action }) => action === "pass")).toHaveLength(run.frames.passed);
  });
});

test("zones of a scenario's files pass the checks that vehicles make", async () => {
  const { code } = await inProcess(zonesCheck, "simulator/scenarios/zones");
  expect(code).toBe(0);
  expect(existsSync("simulator/scenarios/routes/harbour.gpx")).toBe(true);
});
