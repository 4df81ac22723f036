import { mkdirSync, mkdtempSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { CamfenceError } from "../../src/core/errors.ts";
import { MAX_LISTED } from "../../src/zones/check/findings.ts";
import { loadZones } from "../../src/zones/load-zones.ts";
import { MAX_FILE_BYTES } from "../../src/zones/read/read-zone-file.ts";
import {
  contentOf,
  feature,
  load,
  mistakesOf,
  NOW_MS,
  rulesOf,
  SQUARE,
  written,
  zoneFile,
} from "./fixtures.ts";

describe("what a zone gets when the file does not say", () => {
  it.each([
    ["military", 250],
    ["defence-industry", 250],
    ["government", 100],
    ["housing-compound", 100],
    ["other", 100],
  ])("%s: drop, standoff 25 m, view %d m, always, all cameras", async (category, viewM) => {
    const [zone] = contentOf(await load(zoneFile([feature({ category })]))).zones;
    expect(zone).toMatchObject({
      kind: "zone",
      id: "a",
      category,
      action: "drop",
      standoffM: 25,
      viewM,
      cameras: null,
      schedule: null,
      validFromMs: -Infinity,
      validUntilMs: Infinity,
    });
  });
});

it("what the file says reaches the zone", async () => {
  const schedule = {
    timeZone: "Asia/Shanghai",
    windows: [{ days: ["mon", "sat"], from: "22:30", to: "06:00" }],
  };
  const properties = {
    action: "blur",
    standoffM: 7,
    viewM: 0,
    cameras: ["front"],
    schedule,
    validFrom: "2026-02-01T00:00:00+08:00",
    validUntil: "2027-02-01T00:00:00Z",
  };
  const [zone] = contentOf(await load(zoneFile([feature(properties)]))).zones;
  expect(zone).toMatchObject({
    action: "blur",
    standoffM: 7,
    viewM: 0,
    cameras: ["front"],
    schedule: { timeZone: "Asia/Shanghai", windows: [{ days: [1, 6], fromMin: 22 * 60 + 30, toMin: 360 }] },
    validFromMs: Date.UTC(2026, 0, 31, 16),
    validUntilMs: Date.UTC(2027, 1, 1),
    shapes: [{ kind: "polygon", rings: [Float64Array.from(SQUARE.flat(2))] }],
  });
});

const file = (id: string, header = {}) => zoneFile([feature({ id })], header);
const hashOf = async (...paths: string[]) => contentOf(await loadZones(paths, { nowMs: NOW_MS })).hash;
const folder = () => mkdtempSync(join(tmpdir(), "camfence-zones-"));

describe("a set of files", () => {
  it("has the zones of all, the newest issue and the earliest expiry", async () => {
    const content = contentOf(
      await load(
        file("a", { issued: "2026-02-01T00:00:00Z", expires: "2028-01-01T00:00:00Z" }),
        file("b", { issued: "2026-03-01T00:00:00Z", expires: "2026-09-01T00:00:00Z" }),
        zoneFile([feature({ id: "c", kind: "coverage", category: undefined })]),
        zoneFile([feature({ id: "r", kind: "region", region: "cn", category: undefined })]),
      ),
    );
    expect(content.zones.map(({ id }) => id)).toEqual(["a", "b"]);
    expect(content.coverage.map(({ id }) => id)).toEqual(["c"]);
    expect(content.regions.map(({ region }) => region)).toEqual(["cn"]);
    expect(content.issuedMs).toBe(Date.UTC(2026, 2, 1));
    expect(content.expiresMs).toBe(Date.UTC(2026, 8, 1));
  });

  it("has one hash, in whatever order and however often its files are named", async () => {
    const [one = "", two = ""] = written(file("a"), file("b"));
    expect(await hashOf(one, two)).toMatch(/^[0-9a-f]{64}$/);
    expect(await hashOf(two, one, one)).toBe(await hashOf(one, two));
    expect(await hashOf(one)).not.toBe(await hashOf(one, two));
  });

  it("may name the same zone twice when the two agree", async () => {
    const again = zoneFile([feature({ name: "under another name" })]);
    expect(contentOf(await load(zoneFile(), again)).zones).toHaveLength(1);
  });

  it.each([
    ["action", { action: "blur" }, {}],
    ["standoff", { standoffM: 26 }, {}],
    ["kind", { kind: "coverage", category: undefined }, {}],
    ["validity", { validUntil: "2026-12-01T00:00:00Z" }, {}],
    ["geometry", {}, { type: "Polygon", coordinates: [SQUARE[0]?.toReversed()] }],
  ])("is refused when two files disagree about the %s of an id", async (_what, properties, geometry) => {
    const other = { type: "Polygon", coordinates: SQUARE, ...geometry };
    const result = await load(zoneFile(), zoneFile([feature({ id: "b" }), feature(properties, other)]));
    expect(result.outcome).toBe("refused");
    expect(mistakesOf(result)).toMatchObject([{ rule: "conflicting-id", path: "features[1].properties.id" }]);
  });

  it("reports the mistakes of all its files at once", async () => {
    const result = await load(file("a", { version: 2 }), "{", file("b", { datum: undefined }));
    expect(rulesOf(result)).toEqual(["version", "syntax", "value"]);
  });

  it("reports all mistakes of one file at once", async () => {
    const bad = [
      feature({ standofM: 3, viewM: "x" }),
      feature({ id: "a" }, { type: "Polygon", coordinates: [[]] }),
    ];
    const rules = rulesOf(await load(zoneFile(bad, { datum: "WGS84", expires: "2026-02-01" })));
    expect(rules.toSorted()).toEqual([
      "duplicate-id",
      "ring-short",
      "unknown-property",
      "value",
      "value",
      "value",
    ]);
  });
});

describe("an expired file", () => {
  const expired = zoneFile([feature()], { expires: "2026-02-01T00:00:00Z" });

  it.each([
    ["a millisecond before", -1, "loaded"],
    ["at the very time", 0, "refused"],
    ["after", 1, "refused"],
  ])("is judged by the time of checking: %s", async (_name, offsetMs, outcome) => {
    const nowMs = Date.UTC(2026, 1, 1) + offsetMs;
    expect((await loadZones(written(expired), { nowMs })).outcome).toBe(outcome);
  });

  it("is refused when there is no time", async () => {
    expect((await loadZones(written(zoneFile()), { nowMs: Number.NaN })).outcome).toBe("refused");
  });

  it("loads for a replay, with a warning and its true expiry", async () => {
    const result = await loadZones(written(expired), { nowMs: NOW_MS, expired: "accept" });
    expect(contentOf(result).expiresMs).toBe(Date.UTC(2026, 1, 1));
    expect(mistakesOf(result)).toMatchObject([{ severity: "warning", rule: "expired" }]);
  });
});

it.each([
  [
    "a file issued in the future",
    zoneFile([feature()], { issued: "2026-07-01T00:00:00Z" }),
    "issued-in-future",
  ],
  ["a zone that is over", zoneFile([feature({ validUntil: "2026-05-01T00:00:00Z" })]), "zone-over"],
])("%s is a warning", async (_name, content, rule) => {
  const result = await load(content);
  expect(result.outcome).toBe("loaded");
  expect(mistakesOf(result)).toMatchObject([{ severity: "warning", rule }]);
});

it("a file full of mistakes lists the first of them and counts the rest", async () => {
  const features = Array.from({ length: 500 }, (_, index) => feature({ id: `z${index}`, action: "allow" }));
  const { reports } = await load(zoneFile(features));
  expect(reports).toMatchObject([{ errorCount: 500 }]);
  expect(mistakesOf({ outcome: "refused", reports })).toHaveLength(MAX_LISTED);
});

describe("a path", () => {
  it("that is a folder stands for its .geojson files in name order", async () => {
    const path = folder();
    writeFileSync(join(path, "b.geojson"), JSON.stringify(zoneFile([feature({ id: "b" })])));
    writeFileSync(join(path, "a.geojson"), JSON.stringify(zoneFile([feature({ id: "a" })])));
    writeFileSync(join(path, "notes.txt"), "not a zone file");
    mkdirSync(join(path, "deeper"));
    const content = contentOf(await loadZones([path], { nowMs: NOW_MS }));
    expect(content.zones.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it.each([
    ["is an empty folder", () => folder()],
    ["does not exist", () => join(folder(), "missing.geojson")],
    ["is no regular file", () => "/dev/null"],
  ])("that %s is unreadable", async (_name, path) => {
    const loading = loadZones([path()], { nowMs: NOW_MS });
    await expect(loading).rejects.toThrow(CamfenceError);
    await expect(loading).rejects.toMatchObject({ code: "unreadable" });
  });

  it("to a file over 100 MB is refused before it is read", async () => {
    const [path = ""] = written("");
    truncateSync(path, MAX_FILE_BYTES + 1);
    await expect(loadZones([path], { nowMs: NOW_MS })).rejects.toMatchObject({ code: "too-large" });
  });
});

it("a text that nests deeper than the stack is refused, not a crash", async () => {
  const deep = "[".repeat(200_000);
  const closed = deep + "]".repeat(200_000);
  for (const value of [deep, closed]) expect((await load(value)).outcome).toBe("refused");
  const text = JSON.stringify(zoneFile()).replace('"id"', `"x-deep":${closed},"id"`);
  expect((await load(text)).outcome).toBe("loaded");
  expect((await load(text.replace("x-deep", "deep"))).outcome).toBe("refused");
  expect((await load(JSON.stringify(zoneFile()).replace("[[10,50]", `[${closed}`))).outcome).toBe("refused");
});

it("a hole is not taken for the outline because the outline has a mistake", async () => {
  const open = SQUARE[0]?.slice(0, -1);
  const crossing = [
    [10, 50],
    [10.01, 50.01],
    [10.01, 50],
    [10, 50.01],
    [10, 50],
  ];
  const polygon = { type: "Polygon", coordinates: [open, crossing] };
  expect(rulesOf(await load(zoneFile([feature({}, polygon)])))).toEqual(["ring-open"]);
});

it("what a file says cannot steer the terminal that shows its mistakes", async () => {
  const hostile = "\u001b[2J\u009b2J\u202egnp\n";
  const text = JSON.stringify(zoneFile([feature({ action: hostile, [hostile]: 1 })]));
  const twice = text.replace('"id"', `${JSON.stringify(hostile)}:1,"id"`);
  const results = [await load(text), await load(twice), await load(text.replace('"a"', hostile))];
  const shown = results
    .flatMap(mistakesOf)
    .flatMap(({ path, got, expected, advice }) => [path, got, expected, advice]);
  expect(shown.length).toBeGreaterThan(12);
  expect(
    shown.filter((each) => ["\u001b", "\u009b", "\u202e", "\n"].some((bad) => each.includes(bad))),
  ).toEqual([]);
});

it.each(["__proto__", "constructor", "toString", "hasOwnProperty"])(
  "a member named %s is an unknown member like any other",
  async (name) => {
    const text = JSON.stringify(zoneFile()).replace('"category"', `"${name}":{"action":"blur"},"category"`);
    expect(rulesOf(await load(text))).toEqual(["unknown-property"]);
    const inHeader = JSON.stringify(zoneFile()).replace('"version"', `"${name}":1,"version"`);
    expect(rulesOf(await load(inHeader))).toEqual(["unknown-property"]);
    const inFile = JSON.stringify(zoneFile()).replace('"type"', `"${name}":1,"type"`);
    expect(rulesOf(await load(inFile))).toEqual(["unknown-property"]);
  },
);
