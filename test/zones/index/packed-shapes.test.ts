import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/core/random.ts";
import type { Random } from "../../../src/core/random.ts";
import { UNITS_PER_DEG, unitBox } from "../../../src/zones/index/box-tree.ts";
import { chainsMeeting } from "../../../src/zones/index/find-chains.ts";
import { PART, packShapes, radiusOf, shapesOf } from "../../../src/zones/index/packed-shapes.ts";
import { boxCount, chainsOf, firstBoxOf } from "../../../src/zones/index/ring-chains.ts";
import { CHAIN_EDGES, edgesOf, isDecimal, ringAt } from "../../../src/zones/index/rings.ts";
import type { Shape } from "../../../src/zones/zone.ts";
import { between, packed, rectangle, star } from "../random-shapes.ts";

describe("the chains of a ring", () => {
  it("hold every edge once, in boxes that hold all its places", () => {
    const random = seededRandom(1);
    for (const vertices of [3, 7, 8, 9, 127, 128, 129, 130, 2047, 2048, 2049, 5000]) {
      const shapes = packed(spiky(random, vertices));
      const { rings, boxes, degrees } = shapes;
      expect(firstBoxOf(shapes, 0)).toBe(0);
      expect(boxes).toHaveLength(4 * boxCount(vertices));
      expect(degrees).toHaveLength(2 * (vertices + 1));
      for (let v = 0; v <= vertices; v++) {
        for (const chain of new Set([v / CHAIN_EDGES, (v - 1) / CHAIN_EDGES].map(Math.floor))) {
          if (chain < 0 || chain >= chainsOf(edgesOf(rings, 0))) continue;
          const [lon = 0, lat = 0] = degrees.subarray(2 * v, 2 * v + 2).map((deg) => deg * UNITS_PER_DEG);
          const [west = 0, south = 0, east = 0, north = 0] = boxes.subarray(4 * chain, 4 * chain + 4);
          expect([west <= lon, lon <= east, south <= lat, lat <= north]).toEqual([true, true, true, true]);
        }
      }
    }
  });

  it("are found where their boxes meet another, and nowhere else", () => {
    const random = seededRandom(2);
    for (const vertices of [3, 8, 9, 129, 2049, 5000, 40_000]) {
      const shapes = packed(spiky(random, vertices), spiky(random, 50));
      const chains = chainsOf(vertices);
      firstBoxOf(shapes, 0);
      for (let n = 0; n < 200; n++) {
        const [lon, lat, size] = [
          between(random, -0.1, 0.1),
          between(random, 47.9, 48.1),
          0.1 * random() ** 4,
        ];
        const window = unitBox({ west: lon - size, south: lat - size, east: lon + size, north: lat + size });
        const meets = (chain: number) => {
          const [west = 0, south = 0, east = 0, north = 0] = shapes.boxes.subarray(4 * chain, 4 * chain + 4);
          return west <= window.east && east >= window.west && south <= window.north && north >= window.south;
        };
        const expected = Array.from({ length: chains }, (_, chain) => chain).filter(meets);
        expect([...shapes.found.subarray(0, chainsMeeting(shapes, 0, window))]).toEqual(expected);
      }
    }
  });
});

/** A star about 48° north on the prime meridian. */
function spiky(random: Random, vertices: number) {
  return star(random, { centre: { latDeg: 48, lonDeg: 0 }, sizeDeg: 0.1, vertices });
}

describe("a ring of numbers with at most seven decimals", () => {
  const decimal = (random: Random) =>
    Number(between(random, -180, 180).toFixed(Math.floor(8 * random()))) + 0;

  it("takes half the memory, and comes out to the bit", () => {
    const random = seededRandom(3);
    for (let n = 0; n < 500; n++) {
      const own = Float64Array.from({ length: 40 }, () => decimal(random));
      const ring = Float64Array.of(...own, ...own.subarray(0, 2));
      const shapes = packed({ kind: "polygon", rings: [ring] });
      expect([shapes.degrees.length, shapes.decimals.length]).toEqual([0, 42]);
      expect(ringAt(shapes, 0)).toEqual(ring);
    }
  });

  it.each([1e-8, 0.12345678, 214.7483648, -214.7483649, -0, Number.NaN, Infinity])(
    "is none with %d in it",
    (deg) => {
      expect(isDecimal(Float64Array.of(1, 2))).toBe(true);
      expect(isDecimal(Float64Array.of(1, deg))).toBe(false);
    },
  );

  it("stands beside those that have more", () => {
    const random = seededRandom(4);
    const shapes = packed(
      rectangle(1, 2, 3, 4),
      spiky(random, 30),
      rectangle(5.5, 6, 7, 8),
      spiky(random, 9),
    );
    const again = [0, 1, 2, 3].map((ring) => [...ringAt(shapes, ring)]);
    const [first, third] = [rectangle(1, 2, 3, 4), rectangle(5.5, 6, 7, 8)].map(({ rings }) => [
      ...(rings[0] ?? []),
    ]);
    expect([again[0], again[2]]).toEqual([first, third]);
    expect(again.map((ring) => ring.length)).toEqual([10, 62, 10, 20]);
  });
});

it("parts keep their area's number, in order of the areas", () => {
  const circle: Shape = { kind: "circle", lonDeg: 1, latDeg: 2, radiusM: 3 };
  const three = packShapes(
    shapesOf([
      { shapes: [rectangle(0, 0, 1, 1), circle] },
      { shapes: [] },
      { shapes: [rectangle(2, 2, 3, 3)] },
    ]),
  );
  const { partCount, parts } = three;
  expect(partCount).toBe(3);
  const column = (field: number) => [0, 1, 2].map((part) => parts[PART.size * part + field]);
  expect(column(PART.area)).toEqual([0, 0, 2]);
  expect(column(PART.coreM)).toEqual([0, -3, 0]);
  expect([0, 1, 2].map((part) => radiusOf(three, part))).toEqual([0, 3, 0]);
  expect(column(PART.west)).toEqual([0, 1, 2]);
});

it("nothing packs to nothing", () => {
  expect(packShapes([])).toMatchObject({
    partCount: 0,
    parts: new Float64Array(),
    degrees: new Float64Array(),
    decimals: new Int32Array(),
  });
});
