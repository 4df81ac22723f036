import { zipSync } from "fflate";
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
    const xml = kml(
      `${"<Folder>".repeat(20_000)}${"</Folder>".repeat(20_000)}<Placemark><name>x</name></Placemark>`,
    );
    expect((await converted("a.kml", xml)).outcome).toBe("refused");
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

const kml = (placemarks: string) =>
  `<?xml version="1.0"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document>\n${placemarks}\n</Document></kml>`;
const ring = (positions: readonly (readonly number[])[]) =>
  `<LinearRing><coordinates>${positions.map((at) => `${at.join(",")},0`).join(" ")}</coordinates></LinearRing>`;
const area = `<Polygon><outerBoundaryIs>${ring(SQUARE)}</outerBoundaryIs></Polygon>`;

describe("KML", () => {
  it("polygons with holes, several of them, with name and data", async () => {
    const hole = [
      [11.502, 48.102],
      [11.502, 48.104],
      [11.504, 48.104],
      [11.502, 48.102],
    ];
    const inner = `<Polygon><outerBoundaryIs>${ring(SQUARE)}</outerBoundaryIs><innerBoundaryIs>${ring(hole)}</innerBoundaryIs></Polygon>`;
    const data = "<ExtendedData><Data name='viewM'><value>120</value></Data></ExtendedData>";
    const text = kml(`<Placemark id="p1"><name>Fort</name>${data}${inner}</Placemark>
<Placemark><name>Two</name><MultiGeometry>${area}${area.replaceAll("11.5", "12.5")}</MultiGeometry></Placemark>`);
    const [one, two] = featuresOf(await converted("a.kml", text, { datum: null }));
    expect(one).toMatchObject({
      properties: { id: "t/p1", name: "Fort", viewM: 120, category: "military" },
      geometry: { coordinates: [SQUARE, hole] },
    });
    expect(two?.geometry).toMatchObject({ type: "MultiPolygon" });
  });

  it.each([
    [
      "a position that is none",
      `<Placemark><name>x</name>${area.replace("11.51,48.1,", "east,48.1,")}</Placemark>`,
      /3 source-incomplete placemark 1 "x": the position east,48.1,0/,
    ],
    [
      "a linked file",
      "<NetworkLink><Link><href>more.kml</href></Link></NetworkLink>",
      /3 source-no-area|3 source-category NetworkLink 1/,
    ],
    [
      "a model",
      `<Placemark><name>m</name><MultiGeometry>${area}<Model/></MultiGeometry></Placemark>`,
      /3 source-incomplete placemark 1 "m": a Model/,
    ],
    [
      "a place without a radius",
      "<Placemark><Point><coordinates>11.5,48.1</coordinates></Point></Placemark>",
      /3 circle placemark 1/,
    ],
    [
      "a path",
      "<Placemark><LineString><coordinates>11.5,48.1 11.6,48.1</coordinates></LineString></Placemark>",
      /3 source-no-area placemark 1/,
    ],
  ])("%s is refused", async (_name, placemark, expected) => {
    const result = await converted("a.kml", kml(placemark), { datum: null });
    expect(result.outcome).toBe("refused");
    expect(problems(result).join("\n")).toMatch(expected);
  });

  it("an open ring is refused, and closed by --fix", async () => {
    const text = kml(
      `<Placemark><Polygon><outerBoundaryIs>${ring(SQUARE.slice(0, 4))}</outerBoundaryIs></Polygon></Placemark>`,
    );
    expect(problems(await converted("a.kml", text)).join()).toMatch(
      /^3 ring-open placemark 1: a ring that ends at 11.5,48.11,0/,
    );
    expect(featuresOf(await converted("a.kml", text, { fix: true }))[0]?.geometry.coordinates).toEqual([
      SQUARE,
    ]);
  });

  it("positions that the reader would leave out are refused", async () => {
    const [one, two] = [ring(SQUARE), ring(SQUARE).replace("<LinearRing>", "").replace("</LinearRing>", "")];
    const text = kml(
      `<Placemark><Polygon><outerBoundaryIs>${one.replace("</LinearRing>", `${two}</LinearRing>`)}</outerBoundaryIs></Polygon></Placemark>`,
    );
    expect(problems(await converted("a.kml", text)).join()).toMatch(
      /source-incomplete.*9 positions in rings, of which 5/,
    );
  });

  it("is refused when it is cut off", async () => {
    const text = kml(`<Placemark>${area}</Placemark>`);
    expect((await converted("a.kml", text.slice(0, -30), { datum: null })).outcome).toBe("refused");
  });

  it("KMZ is the same in a zip, with one document", async () => {
    const document = Buffer.from(kml(`<Placemark>${area}</Placemark>`));
    expect(featuresOf(await converted("a.kmz", zipSync({ "doc.kml": document })))).toHaveLength(1);
    for (const bytes of [
      zipSync({ "doc.kml": document, "more.kml": document }),
      zipSync({}),
      Buffer.from("no zip"),
    ])
      expect((await converted("a.kmz", bytes)).outcome).toBe("refused");
  });

  it("in China, asks whether it was drawn on a Chinese map", async () => {
    const text = kml(`<Placemark>${area.replaceAll("11.5", "121.4").replaceAll("48.1", "31.1")}</Placemark>`);
    expect(problems(await converted("a.kml", text, { datum: null })).join()).toMatch(
      /source-datum.*KML says so/,
    );
    expect(problems(await converted("a.kml", text, { datum: "wgs84" }))).toEqual([]);
  });
});

const gpx = (body: string) =>
  `<?xml version="1.0"?>\n<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">\n${body}</gpx>`;
const points = (positions: readonly (readonly number[])[], tag = "trkpt") =>
  positions.map(([lon, lat]) => `<${tag} lat="${lat}" lon="${lon}"/>`).join("");

describe("GPX", () => {
  it("a track or a route that comes back is an area, each segment its own", async () => {
    const twice = `<trkseg>${points(SQUARE)}</trkseg><trkseg>${points(SQUARE.map(([x = 0, y = 0]) => [x + 1, y]))}</trkseg>`;
    const text = gpx(
      `<trk><name>A</name>${twice}</trk>\n<rte><name>B</name>${points(SQUARE, "rtept")}</rte>`,
    );
    const features = featuresOf(await converted("a.gpx", text, { datum: null }));
    expect(features.map(({ properties, geometry }) => [properties["name"], geometry.type])).toEqual([
      ["A", "MultiPolygon"],
      ["B", "Polygon"],
    ]);
  });

  it("one that does not is refused, and closed by --fix", async () => {
    const text = gpx(`<trk><name>A</name><trkseg>${points(SQUARE.slice(0, 4))}</trkseg></trk>`);
    expect(problems(await converted("a.gpx", text)).join()).toMatch(/3 ring-open track 1 "A"/);
    expect(featuresOf(await converted("a.gpx", text, { fix: true }))[0]?.geometry.coordinates).toEqual([
      SQUARE,
    ]);
  });

  it("a waypoint needs a radius", async () => {
    const text = gpx(points([[11.5, 48.1]], "wpt"));
    expect(problems(await converted("a.gpx", text)).join()).toMatch(/3 circle waypoint 1/);
    const rules = {
      version: 1 as const,
      csv: {},
      rules: [{ match: { $geometry: "Point" }, set: { radiusM: 200, category: "other" } }],
    };
    expect(featuresOf(await converted("a.gpx", text, { rules }))[0]?.properties["radiusM"]).toBe(200);
  });

  it("a segment that the reader would leave out is refused", async () => {
    const text = gpx(
      `<trk><trkseg>${points(SQUARE)}</trkseg><trkseg>${points([[11.5, 48.1]])}</trkseg></trk>`,
    );
    expect(problems(await converted("a.gpx", text)).join()).toMatch(/source-incomplete/);
  });
});

describe("CSV of circles", () => {
  it.each([
    ["commas", "id,name,lat,lon,radius_m\na1,Fort,48.1,11.5,200\n"],
    [
      "semicolons, other names, a byte order mark",
      "\ufeffID;Name;Latitude;LNG;radiusM\r\na1;Fort;48.1;11.5;200\r\n",
    ],
    ["quotes and a line break in a field", 'id,name,lat,lon,radius_m\na1,"Fort",48.1,11.5,"200"\n'],
  ])("%s", async (_name, text) => {
    expect(featuresOf(await converted("a.csv", text))[0]).toMatchObject({
      properties: { id: "t/a1", radiusM: 200, category: "military" },
      geometry: { type: "Point", coordinates: [11.5, 48.1] },
    });
  });

  it.each([
    [
      "a decimal comma",
      'id,lat,lon,radius_m\na,48.1,11.5,1\nb,"48,1",11.5,2\n',
      /3 source-incomplete row 2: lat "48,1"/,
    ],
    ["an empty field", "id,lat,lon,radius_m\na,,11.5,200\n", /2 source-incomplete row 1: lat ""/],
    ["a radius of nothing", "id,lat,lon,radius_m\na,48.1,11.5,0\n", /2 value row 1/],
    [
      "a radius that does not say its unit",
      "id,lat,lon,radius\na,48.1,11.5,2\n",
      /1 source-format : the columns id, lat, lon, radius/,
    ],
    ["a row too short", "id,lat,lon,radius_m\na,48.1\n", /2 source-format/],
    ["no row", "id,lat,lon,radius_m\n", /source-format/],
    ["swapped columns", "id,lat,lon,radius_m\na,121.4,31.1,20\n", /2 position row 1/],
  ])("%s is refused with its line", async (_name, text, expected) => {
    const result = await converted("a.csv", text);
    expect(result.outcome).toBe("refused");
    expect(problems(result).join("\n")).toMatch(expected);
  });

  it("takes other names of columns from a rule file", async () => {
    const rules = { version: 1 as const, rules: [], csv: { radiusM: "radius" } };
    expect(
      featuresOf(await converted("a.csv", "id,lat,lon,radius\na,48.1,11.5,2\n", { rules })),
    ).toHaveLength(1);
  });
});
