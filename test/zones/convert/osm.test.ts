import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { writeTemp } from "../../kit/cli.ts";
import { hasTool } from "../../kit/tools.ts";
import { converted, convertFile, featuresOf, problems } from "./kit.ts";

const nodes = [
  [1, 48.1, 11.5],
  [2, 48.1, 11.51],
  [3, 48.11, 11.51],
  [4, 48.11, 11.5],
  [5, 48.103, 11.503],
  [6, 48.103, 11.505],
  [7, 48.105, 11.505],
] as const;
const tags = { type: "multipolygon", landuse: "military", name: "Fort" };
const members = [
  { type: "way", ref: 10, role: "outer" },
  { type: "way", ref: 11, role: "outer" },
  { type: "way", ref: 12, role: "inner" },
];
const elements = [
  ...nodes.map(([id, lat, lon]) => ({ type: "node", id, lat, lon })),
  { type: "way", id: 10, nodes: [1, 2, 3] },
  { type: "way", id: 11, nodes: [3, 4, 1] },
  { type: "way", id: 12, nodes: [5, 6, 7, 5] },
  { type: "way", id: 13, nodes: [1, 2], tags: { highway: "service" } },
  { type: "relation", id: 20, members, tags },
];
const overpass = (list: readonly unknown[] = elements, more: object = {}) =>
  JSON.stringify({ version: 0.6, elements: list, ...more }, null, 1);

const xmlTags = (of: object) =>
  Object.entries(of)
    .map(([k, v]) => `<tag k="${k}" v="${v}"/>`)
    .join("");
const xml = (of: object = tags) => `<?xml version="1.0"?>
<osm version="0.6">
${nodes.map(([id, lat, lon]) => `<node id="${id}" version="1" lat="${lat}" lon="${lon}"/>`).join("")}
<way id="10" version="1"><nd ref="1"/><nd ref="2"/><nd ref="3"/></way>
<way id="11" version="1"><nd ref="3"/><nd ref="4"/><nd ref="1"/></way>
<way id="12" version="1"><nd ref="5"/><nd ref="6"/><nd ref="7"/><nd ref="5"/></way>
<way id="13" version="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="service"/></way>
<relation id="20" version="1">${members.map(({ ref, role }) => `<member type="way" ref="${ref}" role="${role}"/>`).join("")}${xmlTags(of)}</relation>
</osm>`;

const osm = { datum: null, category: null } as const;

describe("OpenStreetMap", () => {
  it.each([
    ["a.osm", xml()],
    ["a.json", overpass()],
  ])("%s: a multipolygon of several ways is one area with its hole", async (name, text) => {
    const result = await converted(name, text, osm);
    const [fort] = featuresOf(result);
    expect(fort).toMatchObject({
      properties: { id: "t/relation/20", name: "Fort", category: "military" },
      geometry: { type: "Polygon" },
    });
    expect([fort?.geometry.coordinates].flat(1)).toHaveLength(2);
    expect(result.leftOut).toBe(1);
  });

  it.each([
    [
      "a way that is missing",
      "a.json",
      overpass(elements.filter(({ id }) => id !== 11)),
      /source-incomplete relation\/20/,
    ],
    [
      "a way that is missing",
      "a.osm",
      xml().replace(/<way id="11".*\n/, ""),
      /7 source-incomplete relation\/20 "Fort": .*missing/,
    ],
    [
      "a military relation of another type",
      "a.osm",
      xml({ ...tags, type: "site" }),
      /8 source-incomplete relation\/20: .*no area/,
    ],
    [
      "an answer cut short by the server",
      "a.json",
      overpass(elements, { remark: "runtime error: timed out" }),
      /source-incomplete remark/,
    ],
    [
      "a military place without area",
      "a.json",
      overpass([{ type: "node", id: 1, lat: 48, lon: 11, tags: { military: "bunker" } }]),
      /circle node\/1/,
    ],
  ])("%s is refused (%s)", async (_name, file, text, expected) => {
    const result = await converted(file, text, osm);
    expect(result.outcome).toBe("refused");
    expect(problems(result).join("\n")).toMatch(expected);
  });

  it("a rule may ask for more than military areas", async () => {
    const rules = {
      version: 1 as const,
      csv: {},
      rules: [{ match: { landuse: "industrial" }, set: { category: "defence-industry" } }],
    };
    const works = { ...tags, landuse: "industrial" };
    const [zone] = featuresOf(await converted("a.osm", xml(works), { ...osm, rules }));
    expect(zone?.properties["category"]).toBe("defence-industry");
    const cut = xml(works).replace(/<way id="11".*\n/, "");
    expect(problems(await converted("a.osm", cut, { ...osm, rules })).join()).toMatch(/source-incomplete/);
  });

  it.skipIf(!hasTool("osmium"))(
    "osmium makes the same area of the file (skipped without osmium-tool)",
    async () => {
      const path = writeTemp("a.osm", xml());
      const [ours] = featuresOf(await convertFile(path, osm));
      const exported = execFileSync("osmium", ["export", path, "-f", "geojson", "--geometry-types=polygon"], {
        encoding: "utf8",
      });
      const [theirs] = JSON.parse(exported).features;
      const sorted = (rings: readonly (readonly (readonly number[])[])[]) =>
        rings.map((ring) =>
          [...new Set(ring.map((at) => at.map((deg) => deg.toFixed(7)).join()))].toSorted(),
        );
      expect(sorted([ours?.geometry.coordinates].flat(1) as never)).toEqual(
        sorted(theirs.geometry.coordinates[0]),
      );
    },
  );
});
