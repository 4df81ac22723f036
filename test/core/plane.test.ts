import { describe, expect, it } from "vitest";
import { distanceFrom, excessM, placeAt, planeAt, wrapDeg } from "../../src/core/plane.ts";
import { report } from "../report.ts";
import { seededRandom } from "../../src/core/random.ts";
import { geodesicM } from "../zones/geodesic.ts";
import { between, ofAnyOrder } from "../zones/random-shapes.ts";

describe("distance from a plane's origin", () => {
  it.each([
    { maxLatDeg: 70, farM: 1_000, errorM: 1e-5 },
    { maxLatDeg: 70, farM: 10_000, errorM: 0.01 },
    { maxLatDeg: 70, farM: 100_000, errorM: 10 },
    { maxLatDeg: 89, farM: 1_000, errorM: 0.005 },
  ])(
    "is within $errorM m of the geodesic up to $farM m away and $maxLatDeg°",
    ({ maxLatDeg, farM, errorM }) => {
      const random = seededRandom(farM + maxLatDeg);
      let [tooLongM, tooShortM] = [0, 0];
      for (let i = 0; i < 10_000; i++) {
        const from = { latDeg: between(random, -maxLatDeg, maxLatDeg), lonDeg: between(random, -180, 180) };
        const plane = planeAt(from);
        const angle = between(random, 0, 2 * Math.PI);
        const awayM = ofAnyOrder(random, 1, farM);
        const to = placeAt(plane, awayM * Math.sin(angle), awayM * Math.cos(angle));
        const deviationM = distanceFrom(plane, to) - geodesicM(from, to);
        tooLongM = Math.max(tooLongM, deviationM);
        tooShortM = Math.max(tooShortM, -deviationM);
        // The excess allows for an edge, too: a place alone takes less than a third of it.
        expect(deviationM).toBeLessThan(excessM(plane, awayM) / 3 + 1e-8);
        expect(-deviationM).toBeLessThan(excessM(plane, awayM) / 10 + 1e-8);
      }
      report(`plane against geodesics, ${farM} m, ${maxLatDeg}°:`, { tooLongM, tooShortM });
      expect(Math.max(tooLongM, tooShortM)).toBeLessThan(errorM);
    },
  );

  it("goes the shorter way over the antimeridian", () => {
    const plane = planeAt({ latDeg: 52, lonDeg: 179.999 });
    expect(distanceFrom(plane, { latDeg: 52, lonDeg: -179.999 })).toBeCloseTo(137.3, 0);
  });

  it("is no number for what is no number", () => {
    const plane = planeAt({ latDeg: 52, lonDeg: 0 });
    expect(distanceFrom(plane, { latDeg: 52, lonDeg: Number.NaN })).toBeNaN();
    expect(distanceFrom(planeAt({ latDeg: Number.NaN, lonDeg: 0 }), { latDeg: 52, lonDeg: 0 })).toBeNaN();
  });
});

it.each([
  [0, 0],
  [179.5, 179.5],
  [180, -180],
  [-180, -180],
  [-180.5, 179.5],
  [540, -180],
  [-900, -180],
  [721, 1],
])("an angle of %d° is one of %d°", (deg, wrapped) => {
  expect(wrapDeg(deg)).toBe(wrapped);
});

it("a place east of the antimeridian is written west of it", () => {
  const plane = planeAt({ latDeg: 0, lonDeg: 179.9995 });
  const { latDeg, lonDeg } = placeAt(plane, 111.3195, 0);
  expect(lonDeg).toBeCloseTo(-179.9995, 9);
  expect(latDeg).toBe(0);
});
