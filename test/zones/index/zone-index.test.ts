import { describe, expect, it } from "vitest";
import { planeAt } from "../../../src/core/plane.ts";
import type { Position } from "../../../src/core/position.ts";
import type { Random } from "../../../src/core/random.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { depthOrDistance } from "../../../src/zones/index/shape-distance.ts";
import { NO_RULE } from "../../../src/zones/index/zone-rules.ts";
import { areaOf, areasWithin, indexAreas, partsNear } from "../../../src/zones/index/zone-index.ts";
import type { Shape } from "../../../src/zones/zone.ts";
import { geodesicTo, geodesicToShape } from "../geodesic.ts";
import { between, ofAnyOrder, placeAbout, rectangle, star } from "../random-shapes.ts";

const MANY = process.env["SLOW"] === "1" ? 10 : 1;

const reachingBeyond = (standoffM: number) => ({ ...NO_RULE, standoffM });

interface Place extends Position {
  readonly spreadDeg: number;
}

function randomArea(random: Random, about: Place) {
  const shapes = Array.from({ length: random() < 0.2 ? 3 : 1 }, (): Shape => {
    const sizeDeg = ofAnyOrder(random, 1e-4, about.spreadDeg / 2);
    const centre = placeAbout(random, { centre: about, sizeDeg: about.spreadDeg, vertices: 0 }, 1);
    if (random() < 0.2)
      return { kind: "circle", ...centre, lonDeg: turned(centre.lonDeg), radiusM: sizeDeg * 1e5 };
    return star(random, {
      centre,
      sizeDeg,
      vertices: 3 + Math.floor(random() * 30),
      holes: random() < 0.2 ? 1 : 0,
    });
  });
  return { shapes };
}

/** Brings a longitude into [−180, 180]. */
function turned(lonDeg: number): number {
  return lonDeg > 180 ? lonDeg - 360 : lonDeg < -180 ? lonDeg + 360 : lonDeg;
}

describe("nothing is missed: a search gives what a look at every area gives", () => {
  it.each([
    { where: "the equator", latDeg: 0, lonDeg: 20, spreadDeg: 0.5, count: 3000 },
    { where: "60° south", latDeg: -60, lonDeg: -70, spreadDeg: 0.5, count: 3000 },
    { where: "the antimeridian", latDeg: 52, lonDeg: 180, spreadDeg: 0.5, count: 2000 },
    { where: "85° north over the antimeridian", latDeg: 85, lonDeg: -180, spreadDeg: 0.5, count: 500 },
    { where: "88.5° south", latDeg: -88.5, lonDeg: 0, spreadDeg: 0.4, count: 500 },
    { where: "one yard", latDeg: 48, lonDeg: 11, spreadDeg: 0.002, count: 2000 },
  ])("at $where, from 0 to 50 km", ({ count, ...about }) => {
    const random = seededRandom(count + about.latDeg);
    const areas = Array.from({ length: count }, () => randomArea(random, about));
    const index = indexAreas(areas, []);
    const { shapes } = index;
    for (let i = 0; i < 40 * MANY; i++) {
      const place = placeAbout(random, { centre: about, sizeDeg: about.spreadDeg, vertices: 0 }, 1.2);
      const plane = planeAt({ ...place, lonDeg: turned(place.lonDeg) });
      const radiusM = i % 4 === 0 ? 0 : ofAnyOrder(random, 1, 50_000);
      const nearest = new Map<number, number>();
      for (let part = 0; part < shapes.partCount; part++) {
        const distanceM = depthOrDistance(shapes, part, plane, 2e7);
        const area = areaOf(shapes, part);
        nearest.set(area, Math.min(distanceM, nearest.get(area) ?? Infinity));
      }
      const expected = [...nearest].filter(([, distanceM]) => distanceM <= radiusM);
      expect(
        new Map(areasWithin(index, plane, radiusM).map(({ area, distanceM }) => [area, distanceM])),
      ).toEqual(new Map(expected));
    }
  });

  it("with margins: a search from the vehicle alone finds every area whose margin reaches it", () => {
    const random = seededRandom(5);
    for (let i = 0; i < 50 * MANY; i++) {
      const about = {
        latDeg: between(random, -88, 88),
        lonDeg: random() < 0.3 ? 180 : between(random, -180, 180),
        spreadDeg: ofAnyOrder(random, 0.001, 0.3),
      };
      const areas = Array.from({ length: 40 }, () => randomArea(random, about));
      const margins = areas.map(() => ofAnyOrder(random, 1, 10_000));
      const index = indexAreas(areas, margins.map(reachingBeyond));
      const place = placeAbout(random, { centre: about, sizeDeg: about.spreadDeg, vertices: 0 }, 1.5);
      const position = { ...place, lonDeg: turned(place.lonDeg) };
      const radiusM = random() < 0.3 ? 0 : ofAnyOrder(random, 1, 10_000);
      const found = index.found.slice(0, partsNear(index, planeAt(position), radiusM));
      const areasFound = new Set([...found].map((part) => areaOf(index.shapes, part)));
      for (const [area, { shapes }] of areas.entries()) {
        if (areasFound.has(area)) continue;
        for (const shape of shapes)
          expect(geodesicToShape(shape, position)).toBeGreaterThan((margins[area] ?? 0) + radiusM);
      }
    }
  });
});

it("the world, and what is near a pole, is found from anywhere", () => {
  const areas = [
    rectangle(-180, -90, 180, 90),
    rectangle(-180, 89.5, 180, 90),
    rectangle(170, -1, 190, 1),
    rectangle(0, 88, 90, 89.2),
  ];
  const index = indexAreas(
    areas.map((shape) => ({ shapes: [shape] })),
    [0, 60_000, 0, 0].map(reachingBeyond),
  );
  const foundFrom = (latDeg: number, lonDeg: number, radiusM: number) =>
    areasWithin(index, planeAt({ latDeg, lonDeg }), radiusM).map(({ area }) => area);
  for (const lonDeg of [-180, -175, 0, 100, 180]) expect(foundFrom(45, lonDeg, 0)).toContain(0);
  for (const lonDeg of [-180, -90, 0, 179]) expect(foundFrom(89, lonDeg, 60_000)).toContain(1);
  for (const lonDeg of [-60, 0, 150]) expect(foundFrom(89, lonDeg, 120_000)).toContain(3);
  for (const lonDeg of [-180, -171, 171, 180]) expect(foundFrom(0, lonDeg, 0)).toContain(2);
  expect(foundFrom(0, -169, 0)).not.toContain(2);
});

it("a disc's easternmost place lies nearer to the pole than its centre: it is found there", () => {
  const plane = planeAt({ latDeg: 85, lonDeg: 10 });
  for (let bearingDeg = 60; bearingDeg <= 100; bearingDeg += 0.5) {
    const circle = { kind: "circle", ...geodesicTo(plane, bearingDeg, 50_010), radiusM: 20 } as const;
    expect(partsNear(indexAreas([{ shapes: [circle] }], []), plane, 50_000)).toBe(1);
  }
});

it("many areas over one place, and a circle of the whole horizon, leave no room short", () => {
  const areas = Array.from({ length: 500 }, () => ({ shapes: [rectangle(-180, -90, 180, 90)] }));
  const index = indexAreas(areas, []);
  for (const lonDeg of [-180, 0, 180])
    expect(areasWithin(index, planeAt({ latDeg: 10, lonDeg }), 2e7)).toHaveLength(500);
});

it("no areas are near nothing", () => {
  expect(areasWithin(indexAreas([], []), planeAt({ latDeg: 0, lonDeg: 0 }), 1e6)).toEqual([]);
});
