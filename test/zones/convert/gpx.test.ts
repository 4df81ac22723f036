import { describe, expect, it } from "vitest";
import { converted, featuresOf, problems, SQUARE } from "./kit.ts";

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
