import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { run } from "../../../src/cli/zones.ts";
import { inProcess, tempDir, writeTemp } from "../../kit/cli.ts";
import { hasSharedData } from "../../kit/shared-data.ts";
import { hasTool } from "../../kit/tools.ts";
import { loadZones } from "../../../src/zones/load-zones.ts";
import { compileZoneSet } from "../../../src/zones/zone-set.ts";
import { areasWithin } from "../../../src/zones/index/zone-index.ts";
import { planeAt } from "../../../src/core/plane.ts";
import { seededRandom } from "../../../src/core/random.ts";

const OUTLINE = [
  [11.5, 48.1],
  [11.512, 48.1],
  [11.512, 48.108],
  [11.506, 48.104],
  [11.5, 48.108],
  [11.5, 48.1],
];
const HOLE = [
  [11.502, 48.101],
  [11.502, 48.103],
  [11.504, 48.103],
  [11.504, 48.101],
  [11.502, 48.101],
];
const site = {
  type: "FeatureCollection",
  features: [
    {
      type: "Feature",
      properties: { id: "fort", name: "Fort", category: "military" },
      geometry: { type: "Polygon", coordinates: [OUTLINE, HOLE] },
    },
  ],
};
const geojson = writeTemp("site.geojson", JSON.stringify(site));

describe("camfence zones convert", () => {
  it("prints the zone file, and what to do next on stderr", async () => {
    const { code, stdout, stderr } = await inProcess(run, "convert", geojson, "--datum", "wgs84");
    expect([code, JSON.parse(stdout).features[0].properties.id]).toEqual([0, "site/fort"]);
    expect(stderr).toBe("1 feature; next: camfence zones check FILE\n");
  });

  it("writes the file with --out, which then checks as good", async () => {
    const out = join(tempDir(), "zones.geojson");
    expect(
      await inProcess(run, "convert", geojson, "--datum", "gcj02", "--out", out, "--json"),
    ).toMatchObject({ code: 1 });
    expect(existsSync(out)).toBe(false);
    const result = await inProcess(run, "convert", geojson, "--datum", "wgs84", "--out", out, "--json");
    expect(JSON.parse(result.stdout)).toMatchObject({ outcome: "converted", features: 1, mistakes: [] });
    expect((await inProcess(run, "check", out)).code).toBe(0);
  });

  it("keeps the datum that it was told, for the vehicle to convert", async () => {
    const path = writeTemp("c.csv", "id,lat,lon,radius_m\na,31.1,121.4,90\n");
    const { stdout } = await inProcess(run, "convert", path, "--datum", "bd09", "--category", "military");
    expect(JSON.parse(stdout)).toMatchObject({
      camfence: { datum: "bd09" },
      features: [{ geometry: { coordinates: [121.4, 31.1] } }],
    });
  });

  it.each([
    ["no file", []],
    ["no datum for GeoJSON", [geojson]],
    ["no datum for CSV", [writeTemp("c.csv", "lat,lon,radius_m\n1,1,1\n")]],
    ["an unknown datum", [geojson, "--datum", "nad27"]],
    ["an unknown category", [geojson, "--datum", "wgs84", "--category", "fort"]],
    ["an unknown format", [geojson, "--datum", "wgs84", "--from", "dwg"]],
    ["an unknown ending", [writeTemp("site.dwg", "AC1027")]],
    ["a missing file", ["missing.kml"]],
    ["a folder that is not there", [geojson, "--datum", "wgs84", "--out", "missing/zones.geojson"]],
    ["a missing rule file", [geojson, "--datum", "wgs84", "--rules", "missing.yaml"]],
    ["--json without --out", [geojson, "--datum", "wgs84", "--json"]],
  ])("%s is wrong usage, in one line", async (_name, args) => {
    const { code, stderr } = await inProcess(run, "convert", ...args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^camfence: .+\n$/);
  });

  it("takes no other type than the one of its file by --from", async () => {
    const path = writeTemp("site.txt", JSON.stringify(site));
    expect((await inProcess(run, "convert", path, "--from", "geojson", "--datum", "wgs84")).code).toBe(0);
  });

  it("--help has an example", async () => {
    expect((await inProcess(run, "convert", "--help")).stdout).toContain("Example:");
  });
});

describe.skipIf(!hasTool("ogr2ogr"))("one site through several formats (skipped without gdal-bin)", () => {
  const category = ["--category", "military"];
  const ogr = (format: string, name: string, ...options: readonly string[]) => {
    const path = join(tempDir(), name);
    execFileSync("ogr2ogr", ["-f", format, ...options, path, geojson]);
    return [path, ...category];
  };
  const osm = writeTemp(
    "site.osm",
    `<osm version="0.6">${[...OUTLINE, ...HOLE].map(([lon, lat], i) => `<node id="${i + 1}" lat="${lat}" lon="${lon}"/>`).join("")}
<way id="1">${[1, 2, 3, 4, 5, 1].map((n) => `<nd ref="${n}"/>`).join("")}</way><way id="2">${[7, 8, 9, 10, 7].map((n) => `<nd ref="${n}"/>`).join("")}</way>
<relation id="1"><member type="way" ref="1" role="outer"/><member type="way" ref="2" role="inner"/><tag k="type" v="multipolygon"/><tag k="landuse" v="military"/></relation></osm>`,
  );
  const sources = {
    geojson: () => [geojson, "--datum", "wgs84"],
    kml: () => ogr("LIBKML", "site.kml"),
    "kml of the older driver": () => ogr("KML", "site.kml"),
    shapefile: () => ogr("ESRI Shapefile", "site.shp"),
    "shapefile in metres": () => ogr("ESRI Shapefile", "site.shp", "-t_srs", "EPSG:25832"),
    "ED-318": () => [writeTemp("site.json", ed318()), ...category],
    osm: () => [osm],
  };
  const ed318 = () => {
    const properties = {
      identifier: "F1",
      country: "DEU",
      type: "PROHIBITED",
      variant: "COMMON",
      zoneAuthority: [{}],
    };
    return JSON.stringify({ type: "Feature", properties, geometry: site.features[0]?.geometry });
  };

  it("gives equal verdicts: the same distances at 2,000 places, to a micrometre", async () => {
    const distances = new Map<string, readonly number[]>();
    for (const [name, source] of Object.entries(sources)) {
      const out = join(tempDir(), "zones.geojson");
      const { code, stderr } = await inProcess(run, "convert", ...source(), "--out", out);
      expect([name, code, stderr]).toEqual([name, 0, expect.stringContaining("1 feature written")]);
      distances.set(name, await distancesIn(out));
    }
    const [wanted = [], ...others] = distances.values();
    expect(Math.min(...wanted)).toBeLessThan(0);
    for (const given of others)
      expect(Math.max(...given.map((m, i) => Math.abs(m - (wanted[i] ?? 0))))).toBeLessThan(1e-6);
  });

  async function distancesIn(path: string): Promise<readonly number[]> {
    const load = await loadZones([path], { nowMs: Date.now() });
    if (load.outcome === "refused") throw new Error("refused");
    const { zoneIndex } = compileZoneSet(load.content);
    const random = seededRandom(5);
    return Array.from({ length: 2000 }, () => {
      const at = { lonDeg: 11.495 + 0.022 * random(), latDeg: 48.096 + 0.016 * random() };
      return areasWithin(zoneIndex, planeAt(at), 5000)[0]?.distanceM ?? Number.NaN;
    });
  }
});

describe.skipIf(!hasSharedData)("Europe (skipped where ../shared/data is absent)", () => {
  it("20,532 military areas become zones that a vehicle loads, none lost", async () => {
    const source = "../shared/data/zones/eur_military.geojson";
    const out = join(tempDir(), "europe.geojson");
    const { code, stdout } = await inProcess(
      run,
      "convert",
      source,
      "--datum",
      "wgs84",
      "--category",
      "military",
      "--out",
      out,
      "--json",
    );
    const { features, mistakes } = JSON.parse(stdout);
    expect([code, mistakes.length, mistakes[0].rule]).toEqual([0, 1, "source-duplicate"]);
    const given = JSON.parse(readFileSync(source, "utf8")).features;
    const distinct = new Set(
      given.map((each: { geometry: unknown; properties: { name?: string } }) =>
        JSON.stringify([each.geometry, each.properties.name ?? ""]),
      ),
    );
    expect([given.length, features]).toEqual([20_532, distinct.size]);
    expect((await inProcess(run, "check", out)).stdout).toMatch(/^ok: 19384 zones/);
  });
});
