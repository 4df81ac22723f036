import { describe, expect, it } from "vitest";
import { converted, featuresOf, problems, SQUARE } from "./kit.ts";

const json = JSON.stringify;
const polygon = { type: "Polygon", coordinates: [SQUARE] };
const feature = (properties: object, geometry: unknown = polygon) => ({
  type: "Feature",
  properties,
  geometry,
});
const collection = (...features: unknown[]) => ({ type: "FeatureCollection", features });

describe("GeoJSON of any tool", () => {
  it.each([
    ["a collection", collection(feature({}))],
    ["a feature", feature({})],
    ["a geometry", polygon],
    ["a collection of geometries", { type: "GeometryCollection", geometries: [polygon] }],
    [
      "a crs that says degrees",
      {
        ...collection(feature({})),
        crs: { type: "name", properties: { name: "urn:ogc:def:crs:OGC:1.3:CRS84" } },
      },
    ],
    ["altitudes", feature({}, { type: "Polygon", coordinates: [SQUARE.map((at) => [...at, 520])] })],
  ])("%s", async (_name, value) => {
    const [zone] = featuresOf(await converted("a.geojson", json(value)));
    expect([zone?.geometry.coordinates].flat(zone?.geometry.type === "MultiPolygon" ? 2 : 1)).toEqual([
      SQUARE,
    ]);
  });

  it.each([
    ["a line", { type: "LineString", coordinates: SQUARE }, "source-no-area"],
    ["no geometry", null, "source-no-area"],
    [
      "a collection with a line",
      { type: "GeometryCollection", geometries: [polygon, { type: "LineString", coordinates: SQUARE }] },
      "source-no-area",
    ],
    ["a point without radius", { type: "Point", coordinates: [11.5, 48.1] }, "circle"],
    ["four numbers", { type: "Polygon", coordinates: [SQUARE.map((at) => [...at, 1, 2])] }, "position"],
    [
      "metres",
      { type: "Polygon", coordinates: [SQUARE.map(([x = 0, y = 0]) => [x * 111_000, y * 111_000])] },
      "position",
    ],
    ["an open ring", { type: "Polygon", coordinates: [SQUARE.slice(0, 4)] }, "ring-open"],
    [
      "a ring that crosses itself",
      { type: "Polygon", coordinates: [[0, 2, 1, 3, 0].map((i) => SQUARE[i])] },
      "ring-crosses-itself",
    ],
  ])("%s is refused, with its feature and line", async (_name, geometry, rule) => {
    const text = `{"type":"FeatureCollection","features":[\n${json(feature({ name: "good" }))},\n${json(feature({ name: "bad" }, geometry))}]}`;
    const result = await converted("a.geojson", text);
    expect(result).toMatchObject({ outcome: "refused", text: "" });
    expect(problems(result).join("\n")).toMatch(new RegExp(`^3 ${rule} feature 2 "bad"`, "m"));
  });

  it("lists within lists without end are refused, and break nothing", async () => {
    const deep = `${"[".repeat(20_000)}1${"]".repeat(20_000)}`;
    for (const geometry of [
      `{"type":"Polygon","coordinates":${deep}}`,
      `{"type":"Polygon","coordinates":[[${deep}]]}`,
    ]) {
      const result = await converted(
        "a.geojson",
        `{"type":"Feature","properties":{},"geometry":${geometry}}`,
      );
      expect(result.outcome).toBe("refused");
    }
  });

  it("metre coordinates are named as such", async () => {
    const far = feature(
      {},
      { type: "Polygon", coordinates: [SQUARE.map(([x = 0, y = 0]) => [x * 1e5, y * 1e5])] },
    );
    const result = await converted("a.geojson", json(far));
    expect(result.reports[0]?.mistakes[0]?.advice).toMatch(/metres of a map projection/);
  });

  it("another reference system is refused, since its numbers mean something else", async () => {
    const crs = { type: "name", properties: { name: "urn:ogc:def:crs:EPSG::3857" } };
    expect(problems(await converted("a.geojson", json({ ...collection(feature({})), crs })))).toEqual([
      '1 source-crs crs: coordinates in "urn:ogc:def:crs:EPSG::3857"',
    ]);
  });

  it("--fix closes, turns and leaves repetitions out, and says so", async () => {
    const ring = [...SQUARE.slice(0, 2), ...SQUARE.slice(1, 4)].toReversed();
    const result = await converted("a.geojson", json(feature({}, { type: "Polygon", coordinates: [ring] })), {
      fix: true,
    });
    expect(result.repairs).toEqual({ closed: 1, repeated: 1, rewound: 1 });
    const [outline] = [featuresOf(result)[0]?.geometry.coordinates].flat(1);
    expect(outline).toEqual([SQUARE[3], SQUARE[0], SQUARE[1], SQUARE[2], SQUARE[3]]);
  });
});
