import * as turf from "@turf/turf";
import * as fc from "fast-check";
import { Geodesic } from "geographiclib-geodesic";
import { describe, expect, test } from "vitest";
import { placeAt, planeAt } from "../../src/core/plane.ts";
import type { Truth, TrueShape, TrueZone, ZoneSetTruth } from "../../simulator/index.ts";
import { createOracle, gapM } from "../../simulator/index.ts";
import { distanceM } from "../../simulator/truth/distance.ts";
import { sectorDistanceM, sectorOf } from "../../simulator/truth/sector.ts";

const HERE = { latDeg: 48.1, lonDeg: 11.5 };
const PLANE = planeAt(HERE);
const RUNS = process.env["SLOW"] === "1" ? 5000 : 400;

const spot = fc.tuple(
  fc.double({ min: -400, max: 400, noNaN: true }),
  fc.double({ min: -400, max: 400, noNaN: true }),
);
/** A polygon that sees its centre. */
const polygon = fc
  .tuple(spot, fc.array(fc.double({ min: 3, max: 150, noNaN: true }), { minLength: 3, maxLength: 9 }))
  .map(([[x, y], radii]): TrueShape => {
    const ring = radii.map((radius, i): readonly [number, number] => {
      const angle = (2 * Math.PI * i) / radii.length;
      const { lonDeg, latDeg } = placeAt(PLANE, x + radius * Math.sin(angle), y + radius * Math.cos(angle));
      return [lonDeg, latDeg];
    });
    return { kind: "polygon", rings: [ring] };
  });
const camera = { id: "c", yawDeg: 0, hfovDeg: 100, rangeM: Number.MAX_VALUE, kind: "exterior" } as const;

function truthAt(changes: Partial<Truth> = {}): Truth {
  return { timeMs: 0, ...HERE, headingDeg: 0, courseDeg: 0, speedMps: 10, drivenM: 0, ...changes };
}

function zone(changes: Partial<TrueZone> = {}): TrueZone {
  const [lonDeg, latDeg] = [HERE.lonDeg, HERE.latDeg + 0.001];
  const shapes: readonly TrueShape[] = [{ kind: "circle", lonDeg, latDeg, radiusM: 20 }];
  return {
    id: "z",
    category: "other",
    action: "drop",
    standoffM: 25,
    viewM: 0,
    cameras: null,
    shapes,
    times: null,
    ...changes,
  };
}

function setOf(...zones: readonly TrueZone[]): ZoneSetTruth {
  return { issuedMs: 0, expiresMs: Infinity, coverage: null, zones, files: [] };
}

describe("the oracle's geometry, by others' code", () => {
  test("a place is in a polygon as Turf has it, and its distance is that to the nearest of many points of the outline", () => {
    fc.assert(
      fc.property(polygon, (shape) => {
        if (shape.kind !== "polygon") return;
        const ring = shape.rings[0] ?? [];
        const closed = [...ring, ring[0] ?? [0, 0]].map(([lon, lat]) => [lon, lat]);
        const isIn = turf.booleanPointInPolygon([HERE.lonDeg, HERE.latDeg], turf.polygon([closed]));
        const got = distanceM(shape, PLANE);
        if (isIn) expect(got).toBe(0);
        if (isIn) return;
        let least = Infinity;
        for (const [i, [lon, lat]] of ring.entries()) {
          const [nextLon, nextLat] = ring[(i + 1) % ring.length] ?? [lon, lat];
          for (let t = 0; t <= 1; t += 1 / 200) {
            const { s12 = NaN } = Geodesic.WGS84.Inverse(
              HERE.latDeg,
              HERE.lonDeg,
              lat + t * (nextLat - lat),
              lon + t * (nextLon - lon),
            );
            least = Math.min(least, s12);
          }
        }
        expect(got).toBeLessThanOrEqual(least + 1e-3);
        expect(got).toBeGreaterThan(least - 0.6);
      }),
      { numRuns: RUNS / 8, seed: 1 },
    );
  });

  test("a camera sees a zone exactly when a ray within its angle and range meets it", () => {
    expect.hasAssertions();
    const degrees = fc.integer({ min: 0, max: 359 });
    fc.assert(
      fc.property(
        polygon,
        degrees,
        fc.integer({ min: 5, max: 350 }),
        fc.integer({ min: 20, max: 300 }),
        (shape, headingDeg, hfovDeg, rangeM) => {
          if (shape.kind !== "polygon") return;
          const sector = sectorOf({ ...camera, hfovDeg }, headingDeg, rangeM);
          const got = sectorDistanceM(sector, shape, PLANE);
          const seen = raysMeet(shape, headingDeg - hfovDeg / 2, hfovDeg, rangeM);
          // Rays are 0.05° apart: they miss what is narrower, and only that.
          if (seen) expect(got).toBe(0);
          else if (got === 0)
            expect(raysMeet(shape, headingDeg - hfovDeg / 2 - 0.1, hfovDeg + 0.2, rangeM + 0.1)).toBe(true);
        },
      ),
      { numRuns: RUNS / 4, seed: 2 },
    );
  });
});

/** Whether any of many rays meets the outline, or the vehicle is in it. */
function raysMeet(
  shape: Extract<TrueShape, { kind: "polygon" }>,
  fromDeg: number,
  spanDeg: number,
  rangeM: number,
): boolean {
  const ring = (shape.rings[0] ?? []).map(
    ([lonDeg, latDeg]) =>
      [(lonDeg - HERE.lonDeg) * PLANE.xPerDeg, (latDeg - HERE.latDeg) * PLANE.yPerDeg] as const,
  );
  if (distanceM(shape, PLANE) === 0) return true;
  for (let deg = fromDeg; deg <= fromDeg + spanDeg; deg += 0.05) {
    const [dx, dy] = [Math.sin((deg * Math.PI) / 180), Math.cos((deg * Math.PI) / 180)];
    for (const [i, [ax, ay]] of ring.entries()) {
      const [bx, by] = ring[(i + 1) % ring.length] ?? [0, 0];
      const cross = dx * (by - ay) - dy * (bx - ax);
      const along = (ax * (by - ay) - ay * (bx - ax)) / cross;
      const onEdge = (ax * dy - ay * dx) / cross;
      if (along >= 0 && along <= rangeM && onEdge >= 0 && onEdge <= 1) return true;
    }
  }
  return false;
}

describe("a released frame is a leak", () => {
  const oracle = () => createOracle();
  const near = zone(); // 111 m north, radius 20 m: 91 m away

  test("within the standoff, and not beyond", () => {
    expect(oracle().leak(setOf({ ...near, standoffM: 92 }), truthAt(), camera, "pass")).toMatchObject({
      how: "inside",
    });
    expect(oracle().leak(setOf({ ...near, standoffM: 90 }), truthAt(), camera, "pass")).toBeNull();
  });

  test("where the camera sees a zone whose view is protected, and not where it looks elsewhere", () => {
    const seen = setOf({ ...near, viewM: 100 });
    expect(oracle().leak(seen, truthAt(), camera, "pass")).toMatchObject({ how: "in-view" });
    expect(oracle().leak(seen, truthAt({ headingDeg: 90 }), camera, "pass")).toBeNull();
    expect(
      oracle().leak(seen, truthAt({ headingDeg: 90 }), { ...camera, yawDeg: -90 }, "pass"),
    ).not.toBeNull();
    expect(oracle().leak(seen, truthAt(), { ...camera, rangeM: 80 }, "pass")).toBeNull();
  });

  test("unless it is the blurred copy for a blur zone, or the zone is another camera's", () => {
    const blurred = setOf({ ...near, standoffM: 100, action: "blur" });
    expect(oracle().leak(blurred, truthAt(), camera, "blur")).toBeNull();
    expect(oracle().leak(blurred, truthAt(), camera, "pass")).not.toBeNull();
    expect(oracle().leak(setOf({ ...near, standoffM: 100 }), truthAt(), camera, "blur")).not.toBeNull();
    expect(
      oracle().leak(setOf({ ...near, standoffM: 100, cameras: ["other"] }), truthAt(), camera, "pass"),
    ).toBeNull();
  });

  test("also when the vehicle came near since a frame that was clear", () => {
    const kept = oracle();
    const set = setOf({ ...near, standoffM: 30 });
    const far = placeAt(PLANE, 0, -2000);
    expect(kept.leak(set, truthAt(far), camera, "pass")).toBeNull();
    expect(
      kept.leak(set, truthAt({ ...placeAt(PLANE, 0, 80), drivenM: 2080 }), camera, "pass"),
    ).not.toBeNull();
  });

  test("over the antimeridian as anywhere", () => {
    const ring = [
      [179.9995, -17.0005],
      [180.0005, -17.0005],
      [180.0005, -16.9995],
      [179.9995, -16.9995],
    ] as const;
    const set = setOf(zone({ shapes: [{ kind: "polygon", rings: [ring] }], standoffM: 10 }));
    for (const lonDeg of [179.9999, -179.9999, -179.9996]) {
      expect(oracle().leak(set, truthAt({ latDeg: -17, lonDeg }), camera, "pass")).not.toBeNull();
    }
    expect(oracle().leak(set, truthAt({ latDeg: -17, lonDeg: -179.99 }), camera, "pass")).toBeNull();
  });
});

test("the gap is how far the vehicle would have to be moved to be restricted", () => {
  expect(gapM(zone(), truthAt(), camera)).toBeCloseTo(111.2 - 20 - 25, 0);
  expect(gapM(zone({ standoffM: 92 }), truthAt(), camera)).toBe(0);
  // Looking there from 91 m, with 60 m of view: 31 m to go; looking away, the standoff's 66 m.
  expect(gapM(zone({ viewM: 60 }), truthAt(), camera)).toBeCloseTo(31.2, 0);
  expect(gapM(zone({ viewM: 60 }), truthAt({ headingDeg: 180 }), camera)).toBeCloseTo(66.2, 0);
});
