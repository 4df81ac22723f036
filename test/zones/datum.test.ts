import { readFileSync } from "node:fs";
import gcoordModule from "gcoord";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { isInChina } from "../../src/zones/china.ts";
import {
  convertShape,
  DATUM_MARGIN_M,
  fromWgs84,
  toWgs84,
  type ChineseDatum,
} from "../../src/zones/datum.ts";
import { contentOf, feature, load, sharedData, zoneFile } from "./fixtures.ts";

// The package is CommonJS whatever its types say.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above
const gcoord = gcoordModule as unknown as typeof gcoordModule.default;

const DATUMS: readonly ChineseDatum[] = ["gcj02", "bd09"];
const NAMES = { gcj02: "GCJ02", bd09: "BD09" } as const;

type LonLat = readonly [number, number];

function distanceM([aLon, aLat]: LonLat, [bLon, bLat]: LonLat): number {
  const mPerDeg = 111_320;
  return Math.hypot((aLon - bLon) * mPerDeg * Math.cos((aLat * Math.PI) / 180), (aLat - bLat) * mPerDeg);
}

interface Place {
  readonly coords: { readonly WGS84: LonLat; readonly GCJ02: LonLat; readonly BD09: LonLat };
}

const citiesFile = sharedData("datum/gcoord/china-cities.json");
const cities: Place[] = citiesFile === null ? [] : JSON.parse(readFileSync(citiesFile, "utf8"));

describe.skipIf(cities.length === 0)("332 places of China (skipped where ../shared/data is absent)", () => {
  it.each(DATUMS)("%s comes back to WGS 84 within 0.73 m", (datum) => {
    const errors = cities.map(({ coords }) =>
      distanceM(toWgs84(datum, ...coords[NAMES[datum]]), coords.WGS84),
    );
    expect(errors).toHaveLength(332);
    expect(Math.max(...errors)).toBeLessThan(0.73);
  });

  it.each(DATUMS)(
    "%s: of which all but 0.15 m is one constant, in which the list differs from the formula",
    (datum) => {
      const [eastDeg, northDeg] = [5.0e-6, 4.2e-6];
      const errors = cities.map(({ coords }) => {
        const [lon, lat] = toWgs84(datum, ...coords[NAMES[datum]]);
        return distanceM([lon - eastDeg, lat - northDeg], coords.WGS84);
      });
      expect(Math.max(...errors)).toBeLessThan(0.15);
    },
  );

  it.each(DATUMS)("%s: the inverse undoes the formula at each of them", (datum) => {
    const errors = cities.map(({ coords }) => {
      const there = coords[NAMES[datum]];
      return distanceM(fromWgs84(datum, ...toWgs84(datum, ...there)), there);
    });
    expect(Math.max(...errors)).toBeLessThan(0.001);
  });

  it("lie in China, in whatever datum", () => {
    const places = cities.flatMap(({ coords }) => [coords.WGS84, coords.GCJ02, coords.BD09]);
    expect(places.filter(([lon, lat]) => !isInChina(lon, lat))).toEqual([]);
  });
});

describe("places that no file in a Chinese datum may have", () => {
  it.each([
    ["Tokyo", 139.69, 35.69],
    ["Seoul", 126.98, 37.57],
    ["Pyongyang", 125.75, 39.03],
    ["Hanoi", 105.85, 21.03],
    ["Delhi", 77.21, 28.61],
    ["Kathmandu", 85.32, 27.71],
    ["Ulaanbaatar", 106.91, 47.92],
    ["Almaty", 76.9, 43.25],
    ["Vladivostok", 131.9, 43.12],
    ["Moscow", 37.6, 55.75],
    ["Berlin", 13.4, 52.5],
    ["the wrong hemisphere", 121.47, -31.23],
    ["latitude and longitude swapped", 31.23, 121.47],
    ["nowhere", Number.NaN, Number.NaN],
  ])("%s", (_name, lonDeg, latDeg) => {
    expect(isInChina(lonDeg, latDeg)).toBe(false);
  });

  it.each([
    ["Shanghai", 121.47, 31.23],
    ["Hong Kong", 114.17, 22.3],
    ["Macao", 113.54, 22.19],
    ["Kashgar", 75.99, 39.47],
    ["Mohe, at the northern border", 122.53, 53.48],
    ["Dandong, at the Yalu", 124.39, 40.13],
  ])("but %s may", (_name, lonDeg, latDeg) => {
    expect(isInChina(lonDeg, latDeg)).toBe(true);
  });
});

const placesInChina = (count: number): readonly LonLat[] => {
  const random = seededRandom(7);
  const places: LonLat[] = [];
  while (places.length < count) {
    const [lon, lat] = [73 + 63 * random(), 16 + 38 * random()];
    if (isInChina(lon, lat)) places.push([lon, lat]);
  }
  return places;
};

it.each(DATUMS)("there and back: %s is undone within a millimetre", (datum) => {
  const errors = placesInChina(100_000).map(([lon, lat]) => {
    const there = gcoord.transform<[number, number]>([lon, lat], gcoord.WGS84, gcoord[NAMES[datum]]);
    return distanceM(toWgs84(datum, ...there), [lon, lat]);
  });
  expect(Math.max(...errors)).toBeLessThan(0.001);
});

describe.each(DATUMS)("a long edge in %s", (datum) => {
  it("is converted along its whole length, within 0.15 m", () => {
    const random = seededRandom(11);
    const errors = placesInChina(300).map(([lon, lat]) => {
      const [toLon, toLat] = [lon + 0.1 * (random() - 0.5), lat + 0.1 * (random() - 0.5)];
      const shape = { kind: "polygon", rings: [Float64Array.of(lon, lat, toLon, toLat)] } as const;
      const converted = convertShape(shape, datum);
      const line = converted.kind === "polygon" ? (converted.rings[0] ?? []) : [];
      const pieces = line.length / 2 - 1;
      return Math.max(
        ...Array.from({ length: pieces }, (_, at) => {
          const share = (at + 0.5) / pieces;
          const middle = toWgs84(datum, lon + share * (toLon - lon), lat + share * (toLat - lat));
          const [ax = 0, ay = 0, bx = 0, by = 0] = line.slice(2 * at, 2 * at + 4);
          return distanceM(middle, [(ax + bx) / 2, (ay + by) / 2]);
        }),
      );
    });
    expect(Math.max(...errors)).toBeLessThan(0.15);
  });

  it("is divided at the same places whichever way it is drawn, to the bit", () => {
    const random = seededRandom(12);
    const divided = (...edge: readonly number[]): readonly string[] => {
      const converted = convertShape({ kind: "polygon", rings: [Float64Array.from(edge)] }, datum);
      const ring = converted.kind === "polygon" ? [...(converted.rings[0] ?? [])] : [];
      return Array.from({ length: ring.length / 2 }, (_, v) => `${ring[2 * v]} ${ring[2 * v + 1]}`);
    };
    for (const [lon, lat] of placesInChina(100)) {
      const [toLon, toLat] = [lon + 0.1 * (random() - 0.5), lat + 0.1 * (random() - 0.5)];
      expect(divided(toLon, toLat, lon, lat).toReversed()).toEqual(divided(lon, lat, toLon, toLat));
    }
  });
});

it("the margin covers all of these errors together", () => {
  expect(DATUM_MARGIN_M).toBeGreaterThanOrEqual(0.73 + 0.001 + 0.15);
});

describe("a zone that was converted", () => {
  const inShanghai = { type: "Point", coordinates: [121.4, 31.1] };
  const zoneOf = async (datum: string, properties: Record<string, unknown>) => {
    const file = zoneFile([feature({ radiusM: 50, ...properties }, inShanghai)], { datum });
    return contentOf(await load(file)).zones[0];
  };

  it.each(DATUMS)("%s: is moved by hundreds of metres, and keeps a margin", async (datum) => {
    const zone = await zoneOf(datum, { standoffM: 25, viewM: 100 });
    const [shape] = zone?.shapes ?? [];
    expect(zone).toMatchObject({ standoffM: 25 + DATUM_MARGIN_M, viewM: 100 + DATUM_MARGIN_M });
    if (shape?.kind !== "circle") throw new Error("expected a circle");
    expect(distanceM([shape.lonDeg, shape.latDeg], [121.4, 31.1])).toBeGreaterThan(300);
    expect(shape.radiusM).toBe(50);
  });

  it("without view protection gets none by the margin", async () => {
    expect(await zoneOf("gcj02", { viewM: 0 })).toMatchObject({ viewM: 0 });
  });

  it("wgs84 stays where it is, without a margin", async () => {
    const zone = await zoneOf("wgs84", { standoffM: 25 });
    expect(zone).toMatchObject({ standoffM: 25, shapes: [{ lonDeg: 121.4, latDeg: 31.1 }] });
  });
});
