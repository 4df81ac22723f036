import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { converted, featuresOf, problems, SQUARE } from "./kit.ts";

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

  it("folders within folders without end are refused, and break nothing", async () => {
    const xml = kml(
      `${"<Folder>".repeat(20_000)}${"</Folder>".repeat(20_000)}<Placemark><name>x</name></Placemark>`,
    );
    expect((await converted("a.kml", xml)).outcome).toBe("refused");
  });
});
