import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import { tempDir, writeTemp } from "../../kit/cli.ts";
import { hasTool } from "../../kit/tools.ts";
import { converted, convertFile, featuresOf, problems, SQUARE } from "./kit.ts";

/** Near Wuhan, so that the Chinese grid is at home. */
const OUTLINE = SQUARE.map(([x = 0, y = 0]) => [x + 102.6, y - 17.6]);
const HOLE = [
  [114.102, 30.502],
  [114.102, 30.504],
  [114.104, 30.504],
  [114.102, 30.502],
];

const feature = (id: string, coordinates: unknown, type = "Polygon") => ({
  type: "Feature",
  properties: { id, name: `Fort ${id} 营`, category: "military", viewM: 120 },
  geometry: { type, coordinates },
});

const geojson = writeTemp(
  "in.geojson",
  JSON.stringify({
    type: "FeatureCollection",
    features: [feature("a", [OUTLINE, HOLE]), feature("b", [[OUTLINE], [SQUARE]], "MultiPolygon")],
  }),
);

function shapefile(...options: readonly string[]): string {
  const path = join(tempDir(), "out.shp");
  execFileSync("ogr2ogr", [...options, "-lco", "ENCODING=UTF-8", "-f", "ESRI Shapefile", path, geojson]);
  return path;
}

const flat = (value: unknown): number[] => (Array.isArray(value) ? value.flatMap(flat) : [Number(value)]);

describe.skipIf(!hasTool("ogr2ogr"))("a Shapefile that ogr2ogr wrote (skipped without gdal-bin)", () => {
  it("keeps polygons, holes, names and numbers", async () => {
    const features = featuresOf(await convertFile(shapefile(), { datum: null, category: null }));
    expect(features[0]).toMatchObject({
      properties: { id: "t/a", name: "Fort a 营", category: "military", viewM: 120 },
      geometry: { type: "Polygon", coordinates: [{ length: 5 }, { length: 4 }] },
    });
    expect(features[1]?.geometry).toMatchObject({ type: "MultiPolygon", coordinates: { length: 2 } });
  });

  it.each(["EPSG:3857", "EPSG:32650", "EPSG:25832", "EPSG:4547", "EPSG:2154"])(
    "in metres of %s comes back to degrees within a centimetre",
    async (system) => {
      const path = shapefile("-t_srs", system, "-where", "id = 'a'");
      const [zone] = featuresOf(await convertFile(path, { datum: null, category: null }));
      const [theirs] = featuresOf(await convertFile(shapefile("-where", "id = 'a'"), { category: null }));
      const [ours, wanted] = [flat(zone?.geometry.coordinates), flat(theirs?.geometry.coordinates)];
      expect(ours).toHaveLength(wanted.length);
      expect(Math.max(...ours.map((deg, i) => Math.abs(deg - (wanted[i] ?? 0))))).toBeLessThan(1e-7);
    },
  );

  it.each(["EPSG:31468", "EPSG:4214", "EPSG:27700"])(
    "on the datum of %s, which no formula of the .prj shifts, is refused",
    async (system) => {
      const result = await convertFile(shapefile("-t_srs", system, "-where", "id = 'a'"), { datum: null });
      expect(result.outcome).toBe("refused");
      expect(problems(result).join()).toMatch(/source-crs .prj: the datum/);
    },
  );

  it.each(["UTF-8", "CP936", "CP1252", "ISO-8859-1"])(
    "in %s keeps the text that the encoding has",
    async (name) => {
      const path = join(tempDir(), "out.shp");
      const text = readFileSync(geojson, "utf8").replaceAll("营", /UTF|936/.test(name) ? "营" : "ü");
      const source = writeTemp("in.geojson", text);
      execFileSync("ogr2ogr", ["-lco", `ENCODING=${name}`, "-f", "ESRI Shapefile", path, source]);
      const [zone] = featuresOf(await convertFile(path, { datum: null, category: null }));
      expect(zone?.properties["name"]).toMatch(/^Fort a [营ü]$/);
    },
  );

  it.each([
    ["that its text is not in", "UTF-8", /source-format record 1: text that is not in utf-8/],
    ["that nobody knows", "EBCDIC", /source-format .cpg: the encoding "EBCDIC"/],
  ])("with a .cpg %s is refused: a rule would miss its zones", async (_name, cpg, expected) => {
    const path = join(tempDir(), "out.shp");
    const source = writeTemp("in.geojson", readFileSync(geojson, "utf8").replaceAll("营", "军事禁区"));
    execFileSync("ogr2ogr", ["-lco", "ENCODING=CP936", "-f", "ESRI Shapefile", path, source]);
    const parts = { ...siblings(path), cpg: Buffer.from(cpg) };
    expect(problems(await converted("a.shp", readFileSync(path), {}, parts)).join()).toMatch(expected);
  });

  it("that counts longitude from Paris is refused", async () => {
    const path = shapefile();
    const prj = Buffer.from(
      readFileSync(path.replace(/shp$/, "prj"), "utf8").replace('"Greenwich",0.0', '"Paris",2.33722917'),
    );
    const result = await converted("a.shp", readFileSync(path), {}, { ...siblings(path), prj });
    expect(problems(result).join()).toMatch(/source-crs .prj/);
  });

  it.each([
    ["cut off", (shp: Buffer) => shp.subarray(0, shp.length - 40), /source-incomplete/],
    [
      "with another type of shape",
      (shp: Buffer) => (shp.writeInt32LE(31, 32), shp),
      /source-incomplete : a MultiPatch/,
    ],
    ["that is none", () => Buffer.from("not a shapefile"), /source-incomplete : no Shapefile header/],
  ])("%s is refused", async (_name, spoil, expected) => {
    const path = shapefile();
    const result = await converted("a.shp", spoil(readFileSync(path)), {}, siblings(path));
    expect(problems(result).join()).toMatch(expected);
  });

  it("cut off is refused, also without the .shx that counts its records", async () => {
    const path = shapefile();
    const { shx: _none, ...others } = siblings(path);
    const shp = readFileSync(path);
    const result = await converted("a.shp", shp.subarray(0, shp.length - 40), {}, others);
    expect(problems(result).join()).toMatch(/source-incomplete : \d+ bytes/);
  });

  it("with a ring that is neither an outline nor in one is refused, since the reader would leave it out", async () => {
    const path = shapefile("-where", "id = 'b'");
    const shp = turnedSecondRing(readFileSync(path));
    expect(problems(await converted("a.shp", shp, {}, siblings(path))).join()).toMatch(
      /2 rings, of which 1 have a place/,
    );
  });

  it("without a row for each shape is refused, since names would move to other sites", async () => {
    const path = shapefile();
    const { dbf = Buffer.alloc(0), ...others } = siblings(path);
    dbf.writeUInt32LE(1, 4);
    expect(problems(await converted("a.shp", readFileSync(path), {}, { ...others, dbf })).join()).toMatch(
      /1 rows for 2/,
    );
  });

  it("in a zip archive", async () => {
    const path = shapefile();
    const parts = Object.entries(siblings(path)).map(
      ([ending, bytes]) => [`x/out.${ending}`, bytes] as const,
    );
    const zip = zipSync({ ...Object.fromEntries(parts), "x/out.shp": readFileSync(path) });
    expect(featuresOf(await converted("a.zip", zip, { datum: null, category: null }))).toHaveLength(2);
    const two = zipSync({ "a.shp": readFileSync(path), "b.shp": readFileSync(path) });
    expect((await converted("a.zip", two)).outcome).toBe("refused");
  });
});

/** A file of one polygon with two parts: the points of the second in the opposite order, which makes a hole of it. */
function turnedSecondRing(shp: Buffer): Buffer {
  const record = 100 + 8;
  const [count, second] = [shp.readInt32LE(record + 40), shp.readInt32LE(record + 48)];
  const points = record + 52;
  const given = Buffer.from(shp);
  for (let i = second; i < count; i++)
    given.copy(
      shp,
      points + 16 * i,
      points + 16 * (count - 1 - (i - second)),
      points + 16 * (count - (i - second)),
    );
  return shp;
}

function siblings(path: string): Record<string, Buffer> {
  const read = (ending: string) => [ending, readFileSync(path.replace(/shp$/, ending))] as const;
  return Object.fromEntries(["dbf", "prj", "cpg", "shx"].map(read));
}
