import { describe, expect, it } from "vitest";
import { converted, featuresOf, problems, SQUARE } from "./kit.ts";

const kml = (body: string, head = '<?xml version="1.0"?>') =>
  `${head}\n<kml xmlns="http://www.opengis.net/kml/2.2">\n${body}\n</kml>`;
const ring = (positions: readonly (readonly number[])[]) =>
  `<LinearRing><coordinates>${positions.map((each) => each.join(",")).join(" ")}</coordinates></LinearRing>`;
const INNER = [
  [11.503, 48.103],
  [11.506, 48.103],
  [11.506, 48.106],
  [11.503, 48.103],
];
const outer = (rings: string) => `<outerBoundaryIs>${rings}</outerBoundaryIs>`;
const placemark = (rings: string) => kml(`<Placemark><Polygon>${rings}</Polygon></Placemark>`);

describe("a KML polygon has one outline: a second one never becomes a hole", () => {
  it.each([
    ["two outer boundaries", outer(ring(SQUARE)) + outer(ring(INNER))],
    ["two rings in one", outer(ring(SQUARE) + ring(INNER))],
    ["two rings in none", ring(SQUARE) + ring(INNER)],
    ["the hole first", `<innerBoundaryIs>${ring(INNER)}</innerBoundaryIs>${outer(ring(SQUARE))}`],
  ])("%s", async (_name, rings) => {
    expect(problems(await converted("a.kml", placemark(rings))).join()).toMatch(/3 source-incomplete/);
  });
});

it("a KML feature with a time restricts always, and says so", async () => {
  const time = "<TimeSpan><begin>2020</begin><end>2021</end></TimeSpan>";
  const text = kml(`<Placemark>${time}<Polygon>${outer(ring(SQUARE))}</Polygon></Placemark>`);
  const result = await converted("a.kml", text);
  expect(featuresOf(result)[0]?.properties).not.toHaveProperty("validUntil");
  expect(problems(result)).toEqual(["3 source-widened TimeSpan: a TimeSpan, which is ignored"]);
});

describe("a GPX point is read whole or refused by its line", () => {
  it.each(["48,1", "48.1N", "", "x", "4 8.1"])("lat %j", async (lat) => {
    const point = ([lon = 0, latDeg = 0]: readonly number[]) => `<trkpt lat="${latDeg}" lon="${lon}"/>`;
    const points = SQUARE.map(point).join("\n").replace('lat="48.1"', `lat="${lat}"`);
    const text = `<gpx version="1.1">\n<trk><trkseg>\n${points}</trkseg></trk></gpx>`;
    expect(problems(await converted("a.gpx", text))).toEqual([
      expect.stringMatching(/^3 source-incomplete trkpt: a point with lat/),
    ]);
  });
});

describe("a coordinate system is seen wherever GeoJSON may name it", () => {
  const crs = { type: "name", properties: { name: "EPSG:4277" } };
  const polygon = { type: "Polygon", coordinates: [SQUARE] };
  const feature = { type: "Feature", properties: {}, geometry: polygon };
  const file = (each: object, more: object = {}) => ({
    type: "FeatureCollection",
    ...more,
    features: [each],
  });
  it.each<[string, object, string]>([
    ["the file", file(feature, { crs }), "crs"],
    ["a feature", file({ ...feature, crs }), "features[0].crs"],
    ["a geometry", file({ ...feature, geometry: { ...polygon, crs } }), "features[0].geometry.crs"],
    [
      "a part of a collection",
      file({ ...feature, geometry: { type: "GeometryCollection", geometries: [{ ...polygon, crs }] } }),
      "features[0].geometry.geometries[0].crs",
    ],
    ["a bare geometry", { ...polygon, crs }, "crs"],
  ])("%s", async (_name, value, path) => {
    expect(problems(await converted("a.geojson", JSON.stringify(value)))).toEqual([
      `1 source-crs ${path}: coordinates in "EPSG:4277"`,
    ]);
  });
});

it("a collection that is no area says which part is none", async () => {
  const geometries = [
    { type: "Polygon", coordinates: [SQUARE] },
    { type: "LineString", coordinates: SQUARE },
  ];
  const text = JSON.stringify({ type: "GeometryCollection", geometries });
  expect(problems(await converted("a.geojson", text))).toEqual([
    "1 source-no-area feature 1: a collection with a LineString, which is no area",
  ]);
});

describe("a CSV cell is read as it stands or refused", () => {
  it.each([
    ["a decimal comma", 'lat,lon,radius_m\n"48,1",11.5,100\n', '2 source-incomplete row 1: lat "48,1"'],
    ["semicolons and decimal commas", "lat;lon;radius_m\n48,1;11,5;100\n", 'row 1: lat "48,1"'],
    ["an empty radius", "lat,lon,radius_m\n48.1,11.5,\n", 'row 1: radius_m ""'],
    ["degrees and minutes", "lat,lon,radius_m\n48°06'N,11.5,100\n", "row 1: lat"],
    ["two columns of one name", "lat,lat,lon,radius_m\n1,48.1,11.5,100\n", "two columns lat"],
    ["Latin 1", Buffer.from("name,lat,lon,radius_m\nM\xfcll,48.1,11.5,9\n", "latin1"), "no UTF-8 text"],
  ])("%s", async (_name, content, expected) => {
    expect(problems(await converted("a.csv", content)).join()).toContain(expected);
  });

  it("UTF-16 with its mark, semicolons and quotes are read", async () => {
    const text = '\ufeffname;lat;lon;radius_m\r\n"Fort; ""one""";48.1;11.5;100\r\n';
    const [feature] = featuresOf(await converted("a.csv", Buffer.from(text, "utf16le")));
    expect(feature).toMatchObject({
      properties: { name: 'Fort; "one"', radiusM: 100 },
      geometry: { coordinates: [11.5, 48.1] },
    });
  });
});

describe("XML is read in the encoding that it has", () => {
  const named = kml(`<Placemark><name>站 Fort</name><Polygon>${outer(ring(SQUARE))}</Polygon></Placemark>`);
  const utf16 = named.replace("?>", ' encoding="UTF-16"?>');
  it.each([
    ["UTF-8", Buffer.from(named)],
    ["UTF-16, little end first", Buffer.from(`\ufeff${utf16}`, "utf16le")],
    ["UTF-16, big end first", Buffer.from(`\ufeff${utf16}`, "utf16le").swap16()],
  ])("%s", async (_name, bytes) => {
    expect(featuresOf(await converted("a.kml", bytes))[0]?.properties["name"]).toBe("站 Fort");
  });

  it("a gzip archive is called one", async () => {
    const bytes = Buffer.from("1f8b0800", "hex");
    expect(problems(await converted("a.kml", bytes)).join()).toContain("a gzip archive");
  });
});

describe("an OpenStreetMap area is whole, or refused", () => {
  const node = (id: number, [lon = 0, lat = 0]: readonly number[]) =>
    `<node id="${id}" lat="${lat}" lon="${lon}"/>`;
  const nodes = [...SQUARE.slice(0, 4), [11.6, 48.1], [11.61, 48.1], [11.61, 48.11]];
  const way = (id: number, ...refs: number[]) =>
    `<way id="${id}">${refs.map((ref) => `<nd ref="${ref}"/>`).join("")}</way>`;
  const osm = (members: string, tag = '<tag k="landuse" v="military"/>') =>
    `<osm version="0.6">${nodes.map((each, i) => node(i + 1, each)).join("")}${way(1, 1, 2, 3, 4, 1)}${way(2, 5, 6, 7)}
<relation id="5">${members}<tag k="type" v="multipolygon"/>${tag}</relation></osm>`;
  const member = (ref: number, role: string) => `<member type="way" ref="${ref}" role="${role}"/>`;

  it.each([
    ["an outer way that does not close", member(1, "outer") + member(2, "outer"), "6 edges, of which 4"],
    ["a way of another role", member(1, "outer") + member(2, "exclave"), 'a way with the role "exclave"'],
    ["a relation in it", `${member(1, "outer")}<member type="relation" ref="9" role="outer"/>`, "a relation"],
  ])("%s", async (_name, members, expected) => {
    const found = problems(await converted("a.osm", osm(members), { category: null }));
    expect(found).toEqual([expect.stringMatching(/^2 source-incomplete relation\/5/)]);
    expect(found.join()).toContain(expected);
  });

  it("the same of an Overpass answer", async () => {
    const geometry = (positions: readonly (readonly number[])[]) =>
      positions.map(([lon, lat]) => ({ lat, lon }));
    const members = [
      { type: "way", ref: 1, role: "outer", geometry: geometry(SQUARE) },
      { type: "way", ref: 2, role: "outer", geometry: geometry(nodes.slice(4)) },
    ];
    const relation = { type: "relation", id: 5, members, tags: { type: "multipolygon", military: "base" } };
    const text = JSON.stringify({ version: 0.6, elements: [relation] });
    expect(problems(await converted("a.json", text, { category: null })).join()).toContain(
      "6 edges, of which 4",
    );
  });

  it("land that is military among other uses is no less so", async () => {
    const text = osm(member(1, "outer"), '<tag k="landuse" v="forest; military"/>');
    expect(featuresOf(await converted("a.osm", text, { category: null }))).toHaveLength(1);
  });
});

describe("ED-269 and ED-318: what would change the area or its times is refused or kept", () => {
  const period = (day: string) => [{ day: [day], startTime: "08:00Z", endTime: "10:00Z" }];
  const projection = { type: "Circle", center: [11.5, 48.1], radius: 300 };
  const zone = (more: object, volume: object = {}) =>
    JSON.stringify({
      UASZoneList: [
        {
          identifier: "A1",
          country: "DEU",
          type: "COMMON",
          restriction: "PROHIBITED",
          geometry: [{ horizontalProjection: projection, ...volume }],
          ...more,
        },
      ],
    });

  it("both names of a schedule count", async () => {
    const applicability = [{ permanent: "NO", schedule: period("TUE"), dailyPeriod: period("MON") }];
    const [feature] = featuresOf(await converted("a.json", zone({ applicability })));
    expect(JSON.stringify(feature?.properties)).toMatch(/"tue".*"mon"/);
  });

  it("an unknown member of a volume is refused", async () => {
    const found = problems(await converted("a.json", zone({}, { horizontalBuffer: 500 })));
    expect(found.join()).toMatch(/unknown-property .*horizontalBuffer/);
  });

  it.each([
    [
      "a unit",
      { type: "Point", coordinates: [11.5, 48.1], extent: { subType: "Circle", radius: 5, uom: "km" } },
    ],
    ["a polygon's", { type: "Polygon", coordinates: [SQUARE], extent: { subType: "Circle", radius: 50 } }],
  ])("an extent that ED-318 does not know: %s", async (_name, geometry) => {
    const zoneAuthority = [{ purpose: "INFORMATION" }];
    const properties = {
      identifier: "A1",
      country: "DEU",
      type: "PROHIBITED",
      variant: "COMMON",
      zoneAuthority,
    };
    const text = JSON.stringify({
      type: "FeatureCollection",
      features: [{ type: "Feature", geometry, properties }],
    });
    expect(problems(await converted("a.json", text)).join()).toMatch(/geometry-type .* with the extent/);
  });
});
