import { booleanPointInPolygon, point, pointToPolygonDistance, polygon } from "@turf/turf";
import { describe, expect, it } from "vitest";
import { excessM, planeAt } from "../../../src/core/plane.ts";
import type { Position } from "../../../src/core/position.ts";
import type { Random } from "../../../src/core/random.ts";
import { report } from "../../report.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { PART } from "../../../src/zones/index/packed-shapes.ts";
import {
  depthOrDistance,
  distanceTo,
  findCores,
  leastDistance,
} from "../../../src/zones/index/shape-distance.ts";
import type { Shape } from "../../../src/zones/zone.ts";
import { exactSide, offLinesDeg } from "../exact.ts";
import { geodesicM, geodesicToShape } from "../geodesic.ts";
import {
  TOWER_AT_SEAM,
  between,
  ofAnyOrder,
  packed,
  placeAbout,
  placeByEdge,
  rectangle,
  star,
} from "../random-shapes.ts";
import type { StarOptions } from "../random-shapes.ts";

const MANY = process.env["SLOW"] === "1" ? 10 : 1;
const FAR_M = 2e7;

/** Two units in the last place of a longitude, and what interpolation adds. */
const ROUNDING_DEG = 1e-13;

const isNegative = (value: number) => value < 0 || Object.is(value, -0);

type Polygon = Shape & { readonly kind: "polygon" };

function signedM(shape: Shape, place: Position, limitM = FAR_M): number {
  return depthOrDistance(packed(shape), 0, planeAt(place), limitM);
}

function starOptions(random: Random, maxLatDeg = 85): StarOptions {
  const sizeDeg = ofAnyOrder(random, 1e-4, 0.3);
  return {
    centre: { latDeg: between(random, -maxLatDeg, maxLatDeg), lonDeg: between(random, -179, 179) },
    sizeDeg,
    vertices: 3 + Math.floor(random() ** 3 * 70),
    holes: random() < 0.3 ? 1 : 0,
    ...(random() < 0.3 && { gridDeg: sizeDeg / 4 }),
  };
}

/** Every vertex up to three times. */
function stuttering(random: Random, { rings }: Polygon): Polygon {
  const repeat = (lon: number, lat: number) =>
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => [lon, lat]).flat();
  return {
    kind: "polygon",
    rings: rings.map((ring) =>
      Float64Array.from({ length: ring.length / 2 }, (_, v) => v).reduce(
        (all, v) => Float64Array.of(...all, ...repeat(ring[2 * v] ?? 0, ring[2 * v + 1] ?? 0)),
        new Float64Array(),
      ),
    ),
  };
}

describe("a place is inside exactly when exact arithmetic says so", () => {
  /** Compares one place; returns what the oracle said. */
  function compare(shape: Polygon, place: Position): string {
    const side = exactSide(shape.rings, place);
    const got = signedM(shape, place);
    if (side === "edge") expect(Math.abs(got)).toBe(0);
    // Within the micrometre that distances are told nearer by, the side shows in the sign of 0, down to rounding.
    else if (isNegative(got) !== (side === "inside") && offLinesDeg(shape.rings, place) > ROUNDING_DEG)
      expect.fail(`${side} at ${JSON.stringify(place)}, got ${got}`);
    return side;
  }

  it("in, about and on random polygons with holes, shared latitudes and repeated vertices", () => {
    const random = seededRandom(11);
    const sides = new Map<string, number>();
    for (let i = 0; i < 3_000 * MANY; i++) {
      const options = starOptions(random);
      const shape = random() < 0.2 ? stuttering(random, star(random, options)) : star(random, options);
      const ring = shape.rings[0] ?? new Float64Array();
      const places = [
        ...Array.from({ length: 6 }, () => placeAbout(random, options, 1)),
        // At the latitude, and at the longitude, of a vertex.
        { ...placeAbout(random, options), latDeg: ring[3] ?? 0 },
        { ...placeAbout(random, options), lonDeg: ring[2] ?? 0 },
        { latDeg: ring[1] ?? 0, lonDeg: ring[0] ?? 0 },
      ];
      for (const place of places) {
        const side = compare(shape, place);
        sides.set(side, 1 + (sides.get(side) ?? 0));
      }
    }
    report("containment against exact arithmetic:", Object.fromEntries(sides));
    expect(sides.get("inside")).toBeGreaterThan(5_000);
    expect(sides.get("edge")).toBeGreaterThan(3_000);
  });

  it("a trillionth to a millionth of a degree off an edge", () => {
    const random = seededRandom(12);
    for (let i = 0; i < 4_000 * MANY; i++) {
      const shape = star(random, starOptions(random));
      for (let n = 0; n < 6; n++) {
        const offDeg = ofAnyOrder(random, 1e-12, 1e-6) * (random() < 0.5 ? 1 : -1);
        expect(compare(shape, placeByEdge(random, shape.rings, offDeg))).not.toBe("");
      }
    }
  });

  it("over the antimeridian, from both of its sides", () => {
    const random = seededRandom(13);
    for (let i = 0; i < 2_000 * MANY; i++) {
      const options = { ...starOptions(random), gridDeg: 2 ** -20 };
      const lonDeg = (random() < 0.5 ? 180 : -180) + options.sizeDeg * between(random, -1, 1);
      const shape = star(random, { ...options, centre: { ...options.centre, lonDeg } });
      for (let n = 0; n < 5; n++) {
        // On a grid of 2⁻²⁰ degrees a turn is exact.
        const place = placeAbout(random, { ...options, centre: { ...options.centre, lonDeg } });
        const lon = Math.round(place.lonDeg * 2 ** 20) / 2 ** 20;
        const wrapped = { ...place, lonDeg: lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon };
        expect(compare(shape, wrapped)).not.toBe("");
      }
    }
  });

  it("in shapes of more than half the earth, and of all of it", () => {
    const random = seededRandom(14);
    const world = rectangle(-180, -90, 180, 90);
    const wide = rectangle(-170, -60, 175, 70);
    const shifted = rectangle(100, -10, 290, 10);
    for (let i = 0; i < 2_000 * MANY; i++) {
      const place = { latDeg: between(random, -89, 89), lonDeg: between(random, -180, 180) };
      for (const shape of [world, wide, shifted]) compare(shape, place);
    }
    expect(signedM(world, { latDeg: 0, lonDeg: 179.99 })).toBeCloseTo(-1113.2, 1);
    expect(signedM(wide, { latDeg: 0, lonDeg: -178 })).toBeCloseTo(779_236 - 2_300, -3);
    expect(signedM(TOWER_AT_SEAM, { latDeg: 60, lonDeg: 179.9 })).toBeCloseTo(5_580, -1);
    expect(signedM(TOWER_AT_SEAM, { latDeg: 60, lonDeg: -179.9 })).toBeCloseTo(-5_580, -1);
    expect(signedM(shifted, { latDeg: 0, lonDeg: -71 })).toBeCloseTo(-111_313, -1);
  });
});

describe("the distance is never more than the geodesic one, and less by no more than twice the stated excess", () => {
  /** Deviations of `cases` random shapes and places, in metres and in shares of the excess that is allowed. */
  function deviations(seed: number, cases: number, make: (random: Random) => readonly [Shape, Position]) {
    const random = seededRandom(seed);
    let [tooFarM, tooNearM, share] = [0, 0, 0];
    for (let i = 0; i < cases * MANY; i++) {
      const [shape, place] = make(random);
      const plane = planeAt(place);
      const wantedM = geodesicToShape(shape, place);
      const gotM = signedM(shape, place);
      if (Math.abs(wantedM) > 1e-5 && wantedM > 0 !== gotM > 0 && gotM !== 0)
        expect.fail(`${gotM} for ${wantedM}`);
      const deviationM = Math.abs(gotM) - Math.abs(wantedM);
      tooFarM = Math.max(tooFarM, deviationM);
      tooNearM = Math.max(tooNearM, -deviationM);
      const fromM = shape.kind === "circle" ? geodesicM(place, shape) : Math.abs(wantedM);
      share = Math.max(share, -deviationM / excessM(plane, fromM));
    }
    return { tooFarM, tooNearM, share };
  }

  it.each([
    { what: "up to 300 m across", minDeg: 1e-4, maxDeg: 1.5e-3, nearM: 5e-6 },
    { what: "up to 3 km across", minDeg: 1e-3, maxDeg: 1.5e-2, nearM: 5e-3 },
    { what: "up to 30 km across", minDeg: 1e-2, maxDeg: 0.15, nearM: 10 },
  ])("polygons $what, up to 85° of latitude", ({ minDeg, maxDeg, nearM }) => {
    const result = deviations(21, 700, (random) => {
      const sizeDeg = ofAnyOrder(random, minDeg, maxDeg);
      const options = {
        ...starOptions(random),
        vertices: 3 + Math.floor(random() * 6),
        sizeDeg,
        gridDeg: sizeDeg / 9,
      };
      return [star(random, options), placeAbout(random, options, 1.3)];
    });
    report(`distance against geodesics, polygons of ${maxDeg}°:`, result);
    expect(result.tooFarM).toBeLessThan(1e-8);
    expect(result.tooNearM).toBeLessThan(nearM);
    expect(result.share).toBeLessThan(1.1);
  });

  it("edges of tens to hundreds of kilometres, straight in longitude and latitude, from up to 10 km away", () => {
    const result = deviations(22, 1_500, (random) => {
      const [latDeg, lonDeg] = [between(random, -70, 70), between(random, -170, 170)];
      const [dLon, dLat] = [between(random, 0.2, 4), between(random, -2, 2)];
      const ring = Float64Array.of(
        lonDeg,
        latDeg,
        lonDeg + dLon,
        latDeg + dLat,
        lonDeg + dLon / 2,
        88,
        lonDeg,
        latDeg,
      );
      const place = placeByEdge(random, [ring.subarray(0, 4)], ofAnyOrder(random, 1e-5, 0.03));
      return [{ kind: "polygon", rings: [ring] }, place];
    });
    report("distance against geodesics, long edges", result);
    expect(result.tooFarM).toBeLessThan(1e-6);
    expect(result.tooNearM).toBeLessThan(1);
    expect(result.share).toBeLessThan(1.1);
  });

  it("circles from 1 m to 100 km, also over the antimeridian", () => {
    const result = deviations(23, 15_000, (random) => {
      const latDeg = between(random, -80, 80);
      const circle = {
        kind: "circle",
        latDeg,
        lonDeg: between(random, -180, 180),
        radiusM: ofAnyOrder(random, 1, 1e5),
      } as const;
      const options = { centre: circle, sizeDeg: circle.radiusM / 111_000, vertices: 0 };
      const place = placeAbout(random, options, 1.2);
      return [circle, { ...place, lonDeg: ((place.lonDeg + 540) % 360) - 180 }];
    });
    report("distance against geodesics, circles", result);
    // Inside, the depth may be short by the excess, never long.
    expect(result.tooFarM).toBeLessThan(1e-6);
    expect(result.share).toBeLessThan(1.3);
  });
});

it("Turf agrees: on containment always, on distance within what its sphere is wrong by", () => {
  const random = seededRandom(31);
  let worst = 0;
  for (let i = 0; i < 5_000 * MANY; i++) {
    const options = { ...starOptions(random, 70), vertices: 3 + Math.floor(random() * 20) };
    const shape = star(random, options);
    const figure = polygon(
      shape.rings.map((ring) =>
        Array.from({ length: ring.length / 2 }, (_, v) => [ring[2 * v] ?? 0, ring[2 * v + 1] ?? 0]),
      ),
    );
    for (let n = 0; n < 10; n++) {
      const place = placeAbout(random, options);
      const gotM = signedM(shape, place);
      const at = point([place.lonDeg, place.latDeg]);
      if (Math.abs(gotM) > 1e-4) expect(booleanPointInPolygon(at, figure)).toBe(gotM < 0);
      if (n > 0 || options.sizeDeg > 0.05) continue;
      const turfM = pointToPolygonDistance(at, figure, { units: "meters", method: "geodesic" });
      if (Math.abs(gotM) > 1) worst = Math.max(worst, Math.abs(turfM / gotM - 1));
    }
  }
  report("distance against Turf, largest relative deviation:", worst);
  // Its sphere has 6,371,009 m; along the meridian at the equator the ellipsoid has 6,335,439 m: 0.56 %.
  expect(worst).toBeLessThan(0.0065);
});

describe("a limit", () => {
  it("changes nothing within it, and gives an infinity beyond it", () => {
    const random = seededRandom(41);
    for (let i = 0; i < 5_000 * MANY; i++) {
      const options = starOptions(random);
      const shape: Shape =
        random() < 0.2
          ? { kind: "circle", ...options.centre, radiusM: options.sizeDeg * 1e5 }
          : star(random, options);
      const place = placeAbout(random, options, 3);
      const exactM = signedM(shape, place);
      for (const limitM of [0, Math.abs(exactM) * between(random, 0.5, 2), Math.abs(exactM), 1e5]) {
        const beyond = exactM < 0 ? -Infinity : Infinity;
        expect(signedM(shape, place, limitM)).toBe(Math.abs(exactM) <= limitM ? exactM : beyond);
      }
    }
  });

  it("may be judged by the box first: that is never farther", () => {
    const random = seededRandom(42);
    for (let i = 0; i < 20_000 * MANY; i++) {
      const options = starOptions(random);
      const circle: Shape = { kind: "circle", ...options.centre, radiusM: options.sizeDeg * 1e5 };
      const shapes = packed(random() < 0.2 ? circle : star(random, options));
      const plane = planeAt(placeAbout(random, options, ofAnyOrder(random, 1, 30)));
      expect(leastDistance(shapes, 0, plane)).toBeLessThanOrEqual(distanceTo(shapes, 0, plane, FAR_M));
    }
  });
});

it("what is near enough may be told to be any number up to that; all else is the same, with cores or without", () => {
  const random = seededRandom(51);
  let [enough, cored] = [0, 0];
  for (let i = 0; i < 4_000 * MANY; i++) {
    const options = starOptions(random);
    const shapes = packed(star(random, options));
    const places = Array.from({ length: 5 }, () => planeAt(placeAbout(random, options)));
    const exact = places.map((plane) => distanceTo(shapes, 0, plane, FAR_M));
    findCores(shapes);
    for (const [n, plane] of places.entries()) {
      const wantedM = exact[n] ?? Number.NaN;
      const enoughM =
        n === 0 ? 0 : Math.abs(depthOrDistance(shapes, 0, plane, FAR_M)) * between(random, 0, 2);
      const gotM = distanceTo(shapes, 0, plane, FAR_M, enoughM);
      if (wantedM <= enoughM) expect(gotM).toBeLessThanOrEqual(enoughM);
      else expect(gotM).toBe(wantedM);
      expect(gotM).toBeGreaterThanOrEqual(wantedM - 1e-6 * (1 + wantedM));
      if (wantedM > 0 && wantedM <= enoughM) enough++;
      if ((shapes.parts[PART.coreM] ?? 0) > 0) cored++;
    }
  }
  expect(Math.min(enough, cored)).toBeGreaterThan(3_000);
});

it("a position that is not a number is near nothing: callers refuse it first", () => {
  for (const shape of [
    rectangle(0, 0, 1, 1),
    { kind: "circle", lonDeg: 0, latDeg: 0, radiusM: 1000 } as const,
  ])
    for (const place of [
      { latDeg: Number.NaN, lonDeg: 0 },
      { latDeg: 0, lonDeg: Number.NaN },
    ])
      for (const limitM of [FAR_M, Infinity])
        expect(distanceTo(packed(shape), 0, planeAt(place), limitM)).toBe(Infinity);
});
