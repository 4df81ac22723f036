import { describe, expect, it } from "vitest";
import { parseRules } from "../../../src/zones/convert/rule-file.ts";
import { contentOf, load } from "../fixtures.ts";
import { converted, featuresOf, problems, SQUARE } from "./kit.ts";

const polygon = { type: "Polygon", coordinates: [SQUARE] };
const moved = (byDeg: number) => ({
  type: "Polygon",
  coordinates: [SQUARE.map(([x = 0, y = 0]) => [x + byDeg, y])],
});
const feature = (properties: object, geometry: object = polygon, more: object = {}) => ({
  type: "Feature",
  properties,
  geometry,
  ...more,
});
const file = (...features: readonly object[]) => JSON.stringify({ type: "FeatureCollection", features });
const bare = { category: null } as const;
const rulesOf = (text: string) => parseRules("rules.yaml", text);

const RULES = `
version: 1
rules:
  - match: { landuse: military, barracks: { present: true } }
    set: { category: military, id: "osm/{ref}", name: "{name} (barracks)", viewM: 300 }
  - match: { type: [factory, works], state: closed }
    skip: closed works make nothing
  - match: { type: [factory, works] }
    set: { category: defence-industry, action: blur }
`;

describe("the first rule that fits a feature makes a zone of it", () => {
  it("by values, by lists of them, by presence; with the source's own words", async () => {
    const text = file(
      feature({ landuse: "military", barracks: "yes", ref: 7, name: "Fort" }),
      feature({ type: "works" }, moved(1)),
      feature({ type: "works", state: "closed" }, moved(2)),
    );
    const result = await converted("a.geojson", text, { ...bare, rules: rulesOf(RULES) });
    expect(featuresOf(result).map(({ properties }) => properties)).toEqual([
      { id: "osm/7", category: "military", name: "Fort (barracks)", viewM: 300 },
      { id: expect.stringMatching(/^t\/[0-9a-f]{12}$/), category: "defence-industry", action: "blur" },
    ]);
    expect(result.skipped).toBe(1);
  });

  it("a feature that none fits is an error, never left out", async () => {
    const result = await converted("a.geojson", file(feature({ landuse: "meadow", name: "M" })), {
      ...bare,
      rules: rulesOf(RULES),
    });
    expect(problems(result)).toEqual(['1 source-category feature 1 "M": a feature without a category']);
  });

  it("a value that no zone may have is reported at its feature", async () => {
    const rules = rulesOf("version: 1\nrules: [{ set: { category: fortress } }]");
    expect(problems(await converted("a.geojson", file(feature({})), { ...bare, rules }))).toEqual([
      '1 value feature 1, category: "fortress"',
    ]);
  });

  it.each([
    ["no version", "rules: []", /version/],
    ["an unknown name", "version: 1\nrules: [{ match: {}, put: {} }]", /put|set/],
    ["neither set nor skip", "version: 1\nrules: [{ match: { a: 1 } }]", /either `set` or `skip`/],
    ["both", "version: 1\nrules: [{ set: {}, skip: because }]", /either `set` or `skip`/],
    ["a broken text", "version: [1", /rules.yaml/],
  ])("a rule file with %s is refused", (_name, text, expected) => {
    expect(() => rulesOf(text)).toThrow(expected);
  });
});

describe("properties under our own names are taken over, in the types of a table", () => {
  it("numbers and lists as text", async () => {
    const schedule = { timeZone: "Asia/Shanghai", windows: [{ from: "08:00", to: "18:00" }] };
    const own = {
      category: "government",
      action: "blur",
      standoffM: "30",
      viewM: 80,
      cameras: "front, rear",
      schedule: JSON.stringify(schedule),
      foreign: 1,
    };
    const [zone] = featuresOf(await converted("a.geojson", file(feature(own))));
    expect(zone?.properties).toMatchObject({
      category: "government",
      action: "blur",
      standoffM: 30,
      viewM: 80,
      cameras: ["front", "rear"],
      schedule,
    });
    expect(zone?.properties).not.toHaveProperty("foreign");
  });

  it("coverage and regions keep their kind", async () => {
    const text = file(
      feature({}),
      feature({ kind: "coverage", name: "C" }, moved(1)),
      feature({ kind: "region", region: "cn" }, moved(2)),
    );
    const content = contentOf(await load((await converted("a.geojson", text)).text));
    expect([content.zones.length, content.coverage.length, content.regions[0]?.region]).toEqual([1, 1, "cn"]);
  });
});

describe("ids", () => {
  const ids = async (...features: readonly object[]) =>
    featuresOf(await converted("a.geojson", file(...features))).map(({ properties }) => properties["id"]);

  it("are the source's own where it has them, in letters that an id may have", async () => {
    expect(
      await ids(
        feature({ "@id": "way/1" }),
        feature({ id: 12 }, moved(1)),
        feature({}, moved(2), { id: "Käserne Nr. 5" }),
      ),
    ).toEqual(["t/way/1", "t/12", "t/Käserne-Nr.-5"]);
  });

  it("do not depend on the order of the features", async () => {
    const three = [
      feature({ name: "A" }),
      feature({ name: "B" }, moved(1)),
      feature({ name: "C" }, moved(2)),
    ];
    expect((await ids(...three.toReversed())).toReversed()).toEqual(await ids(...three));
  });

  it("that a source uses for several features get a suffix, the same in any order", async () => {
    const two = [feature({ id: "x" }), feature({ id: "x" }, moved(1))];
    const given = await ids(...two);
    expect(given).toEqual([
      expect.stringMatching(/^t\/x#[0-9a-f]{12}$/),
      expect.stringMatching(/^t\/x#[0-9a-f]{12}$/),
    ]);
    expect(new Set(given).size).toBe(2);
    expect((await ids(...two.toReversed())).toReversed()).toEqual(given);
  });

  it("a feature that is there twice is one zone, and somebody is told", async () => {
    const result = await converted("a.geojson", file(feature({ id: "x" }), feature({ id: "x" })));
    expect(result.zones).toBe(1);
    expect(problems(result)).toEqual(["1 source-duplicate feature 2: a feature that was there before"]);
  });
});
