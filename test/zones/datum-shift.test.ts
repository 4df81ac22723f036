import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { seededRandom } from "../../src/core/random.ts";
import { placeAt, planeAt } from "../../src/core/plane.ts";
import { convertShape, fromWgs84 } from "../../src/zones/datum.ts";
import { middleOf } from "../../src/zones/outline.ts";
import { findDatumShift, SHIFT_TOLERANCE_M } from "../../src/zones/datum-shift.ts";
import type { Shape } from "../../src/zones/zone.ts";
import type { Datum } from "../../src/zones/zone-file.ts";
import { sharedData } from "./fixtures.ts";

const citiesFile = sharedData("datum/gcoord/china-cities.json");
const cities: readonly { readonly coords: { readonly WGS84: readonly [number, number] } }[] =
  citiesFile === null ? [] : JSON.parse(readFileSync(citiesFile, "utf8"));

/** Moves in each city. */
const TURNS = process.env["SLOW"] === undefined ? 6 : 100;

type Random = () => number;

/** An irregular site of 150 to 1,500 m around a place, or a circle. */
function siteAt([lonDeg, latDeg]: readonly [number, number], random: Random): Shape {
  if (random() < 0.15) return { kind: "circle", lonDeg, latDeg, radiusM: 100 + 400 * random() };
  const plane = planeAt({ lonDeg, latDeg });
  const [count, sizeM] = [4 + Math.floor(12 * random()), 150 + 1350 * random()];
  const corners = Array.from({ length: count }, (_, i) => {
    const [angle, reachM] = [(2 * Math.PI * i) / count, sizeM * (0.4 + 0.6 * random())];
    return placeAt(plane, reachM * Math.cos(angle), reachM * Math.sin(angle));
  });
  return polygonOf(corners.map((at) => [at.lonDeg, at.latDeg]));
}

const polygonOf = (corners: readonly (readonly [number, number])[]): Shape => ({
  kind: "polygon",
  rings: [Float64Array.from([...corners, ...corners.slice(0, 1)].flat())],
});

/** Each vertex moved by a function of its place. */
function moved(shape: Shape, move: (lon: number, lat: number) => readonly [number, number]): Shape {
  if (shape.kind === "circle") {
    const [lonDeg, latDeg] = move(shape.lonDeg, shape.latDeg);
    return { ...shape, lonDeg, latDeg };
  }
  const [ring = new Float64Array()] = shape.rings;
  return polygonOf(
    Array.from({ length: ring.length / 2 - 1 }, (_, i) => move(ring[2 * i] ?? 0, ring[2 * i + 1] ?? 0)),
  );
}

const metresMoved = (shape: Shape, eastM: () => number, northM: () => number) =>
  moved(shape, (lonDeg, latDeg) => {
    const at = placeAt(planeAt({ lonDeg, latDeg }), eastM(), northM());
    return [at.lonDeg, at.latDeg];
  });

/** Written in one datum, read as another. */
function misread(shape: Shape, actual: Datum, declared: Datum): Shape {
  const written = actual === "wgs84" ? shape : moved(shape, (lon, lat) => fromWgs84(actual, lon, lat));
  return declared === "wgs84" ? written : convertShape(written, declared);
}

const PAIRS: readonly (readonly [Datum, Datum])[] = [
  ["gcj02", "wgs84"],
  ["bd09", "wgs84"],
  ["wgs84", "gcj02"],
  ["wgs84", "bd09"],
  ["gcj02", "bd09"],
  ["bd09", "gcj02"],
];

describe.skipIf(cities.length === 0)(
  "in 332 cities of China (skipped where ../shared/data is absent)",
  () => {
    it.each(PAIRS)("a site in %s read as %s is found, and the mistake named", (actual, declared) => {
      const random = seededRandom(3);
      for (const { coords } of cities) {
        const site = siteAt(coords.WGS84, random);
        expect(findDatumShift([site], [misread(site, actual, declared)])).toMatchObject({ actual, declared });
      }
    });

    it.each(PAIRS)(
      "also when it was drawn again by hand, to within 8 m (%s read as %s)",
      (actual, declared) => {
        const random = seededRandom(4);
        const byHand = () => 16 * (random() - 0.5);
        const found = cities.filter(({ coords }) => {
          const site = siteAt(coords.WGS84, random);
          return (
            findDatumShift([site], [metresMoved(misread(site, actual, declared), byHand, byHand)]) !== null
          );
        });
        expect(found).toHaveLength(332);
      },
    );

    it("also when the earlier version was the wrong one, which the vehicle cannot know", () => {
      const random = seededRandom(5);
      for (const { coords } of cities) {
        const site = siteAt(coords.WGS84, random);
        expect(findDatumShift([misread(site, "gcj02", "wgs84")], [site])).toMatchObject({
          actual: "wgs84",
          declared: "gcj02",
        });
      }
    });

    it("also when it was enlarged at the same time", () => {
      const random = seededRandom(8);
      const found = cities.filter(({ coords }) => {
        const site = siteAt(coords.WGS84, random);
        const wing = siteAt([coords.WGS84[0] + 0.03, coords.WGS84[1]], random);
        return findDatumShift([site], [misread(site, "gcj02", "wgs84"), wing]) !== null;
      });
      expect(found).toHaveLength(332);
    });

    it("also when it was edited at the same time: a third of its corners moved, or all of it a tenth wider", () => {
      const random = seededRandom(9);
      let [tried, found] = [0, 0];
      for (const { coords } of cities) {
        const site = siteAt(coords.WGS84, random);
        if (site.kind === "circle") continue;
        let corner = 0;
        const cornersMoved = moved(site, (lon, lat) =>
          corner++ % 3 === 1 ? [lon + 0.004 * (random() - 0.5), lat + 0.004 * (random() - 0.5)] : [lon, lat],
        );
        const { lonDeg, latDeg } = middleOf([site]);
        const wider = moved(site, (lon, lat) => [
          lonDeg + 1.1 * (lon - lonDeg),
          latDeg + 1.1 * (lat - latDeg),
        ]);
        for (const edited of [cornersMoved, wider]) {
          tried += 1;
          if (findDatumShift([site], [misread(edited, "gcj02", "wgs84")])) found += 1;
        }
      }
      expect(found / tried).toBeGreaterThan(0.98);
    });

    it("also when it is only one part of many", () => {
      const random = seededRandom(10);
      for (const { coords } of cities) {
        const parts = [0, 0.03, 0.06, 0.09].map((east) =>
          siteAt([coords.WGS84[0] + east, coords.WGS84[1]], random),
        );
        for (const [actual, declared] of PAIRS) {
          const after = parts.map((part, i) => (i === 2 ? misread(part, actual, declared) : part));
          expect(findDatumShift(parts, after)).toMatchObject({ actual, declared });
        }
        expect(findDatumShift(parts, parts.slice(1))).toBeNull();
        expect(findDatumShift(parts.slice(1), parts)).toBeNull();
      }
    });

    it("a corridor made longer in the direction of the offset is honest", () => {
      for (const { coords } of cities) {
        const [lon, lat] = coords.WGS84;
        const [lonTo, latTo] = fromWgs84("gcj02", lon, lat);
        const along = (steps: number, side: number): readonly [number, number] => [
          lon + steps * (lonTo - lon) + side * (latTo - lat),
          lat + steps * (latTo - lat) - side * (lonTo - lon),
        ];
        const corridor = (length: number) => {
          const steps = Array.from({ length: 2 * length + 1 }, (_, i) => i / 2);
          return polygonOf([
            ...steps.map((i) => along(i, 0.02)),
            ...steps.toReversed().map((i) => along(i, -0.02)),
          ]);
        };
        expect(findDatumShift([corridor(10)], [corridor(12)])).toBeNull();
      }
    });

    it("honest changes are none: rounding, drawing again, growing, a corner more or less", () => {
      const random = seededRandom(6);
      for (const { coords } of cities) {
        const site = siteAt(coords.WGS84, random);
        const wobble = () => 40 * (random() - 0.5);
        const [lon0, lat0] = coords.WGS84;
        const changed = [
          site,
          moved(site, (lon, lat) => [Number(lon.toFixed(5)), Number(lat.toFixed(5))]),
          metresMoved(site, wobble, wobble),
          moved(site, (lon, lat) => [lon0 + 1.5 * (lon - lon0), lat0 + 1.5 * (lat - lat0)]),
          moved(site, (lon, lat) => (lon > lon0 ? [lon + 0.006, lat] : [lon, lat])),
        ];
        for (const after of changed) expect(findDatumShift([site], [after])).toBeNull();
      }
    });

    it("of thousands of honest moves by 5 to 2,000 m, those within the tolerance of an offset are taken for one, and no others", () => {
      const random = seededRandom(7);
      let alarms = 0;
      for (const { coords } of cities) {
        for (let turn = 0; turn < TURNS; turn++) {
          const [byM, angle] = [5 + 1995 * random(), 2 * Math.PI * random()];
          const [eastM, northM] = [byM * Math.cos(angle), byM * Math.sin(angle)];
          const site = siteAt(coords.WGS84, random);
          const shift = findDatumShift(
            [site],
            [
              metresMoved(
                site,
                () => eastM,
                () => northM,
              ),
            ],
          );
          if (shift === null) continue;
          alarms += 1;
          const [lon, lat] = coords.WGS84;
          const meant = misread(
            { kind: "circle", lonDeg: lon, latDeg: lat, radiusM: 1 },
            shift.actual,
            shift.declared,
          );
          const offM = meant.kind === "circle" ? apartM(lon, lat, meant, eastM, northM) : Infinity;
          expect(offM).toBeLessThan(2 * SHIFT_TOLERANCE_M);
        }
      }
      // A fifth of a percent: six discs of 20 m in one of 2,000 m, and more of them near the middle.
      expect(alarms / (TURNS * cities.length)).toBeLessThan(0.004);
    });

    /** Metres between where a move led and where a wrong datum would have. */
    function apartM(
      lon: number,
      lat: number,
      to: { lonDeg: number; latDeg: number },
      eastM: number,
      northM: number,
    ) {
      const plane = planeAt({ lonDeg: lon, latDeg: lat });
      return Math.hypot(
        (to.lonDeg - lon) * plane.xPerDeg - eastM,
        (to.latDeg - lat) * plane.yPerDeg - northM,
      );
    }
  },
);

describe("where no Chinese datum is at home, no move is one", () => {
  it.each([
    ["Munich", 11.5, 48.1],
    ["Tokyo", 139.7, 35.7],
    ["Mountain View", -122.08, 37.42],
  ])("%s", (_name, lon, lat) => {
    const site = siteAt([lon, lat], seededRandom(1));
    expect(findDatumShift([site], [moved(site, (x, y) => [x + 0.005, y - 0.002])])).toBeNull();
  });
});
