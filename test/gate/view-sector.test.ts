import { describe, expect, it } from "vitest";
import { placeAt, planeAt } from "../../src/core/plane.ts";
import type { Random } from "../../src/core/random.ts";
import { report } from "../report.ts";
import { seededRandom } from "../../src/core/random.ts";
import { hits } from "../../src/gate/judge.ts";
import { lookAround } from "../../src/gate/surroundings.ts";
import { sectorToSegment, viewOf } from "../../src/gate/view-sector.ts";
import type { Shape } from "../../src/zones/zone.ts";
import { TOWER_AT_SEAM, between, ofAnyOrder, star } from "../zones/random-shapes.ts";
import { AHEAD, cameraOf, reachAt, setOf, zoneOf } from "./scene.ts";
import { bearingDeg, distanceToPairs } from "./seen.ts";

const MANY = process.env["SLOW"] === "1" ? 10 : 1;

/** Distance from a sector to a segment, where it is at most `limitM`. */
function distanceOf(
  [yawDeg, hfovDeg, errorDeg]: readonly [number, number, number],
  rangeM: number,
  ends: Ends,
  limitM = 1e6,
): number {
  return sectorToSegment(
    viewOf(cameraOf({ yawDeg, hfovDeg }), { deg: 0, errorDeg }),
    rangeM,
    limitM,
    ...ends,
  );
}

type Ends = readonly [number, number, number, number];

describe("distance from a sector to a segment", () => {
  it.each([
    ["ahead, within", [0, 90, 0], [-10, 50, 10, 50], 0],
    ["ahead, touching the arc", [0, 90, 0], [-10, 100, 10, 100], 0],
    ["ahead, beyond the arc", [0, 90, 0], [-10, 130, 10, 130], 30],
    ["behind", [0, 90, 0], [-10, -50, 10, -50], 50],
    ["to the side of the sides", [0, 90, 0], [50, 0, 50, 1], Math.sqrt(0.5) * 49],
    ["across both sides, its nearest place outside", [0, 20, 0], [-100, 50, 100, 50], 0],
    ["through the apex", [0, 20, 0], [-10, -10, 10, 10], 0],
    ["wholly within", [0, 180, 0], [-5, 20, 5, 20], 0],
    ["behind a sector of over half a turn", [0, 270, 0], [-1, -50, 1, -50], Math.sqrt(0.5) * 49],
    ["behind a full circle", [0, 360, 0], [-1, -50, 1, -50], 0],
    ["a place", [90, 90, 0], [50, 0, 50, 0], 0],
    ["to the rear camera", [180, 90, 0], [0, -50, 1, -50], 0],
    ["with any heading", [0, 90, 180], [0, -50, 1, -50], 0],
    ["with a heading that may be off by 10°", [0, 90, 10], [50, 45, 50, 45], 0],
  ] as const)("%s", (_what, of, [ax, ay, bx, by], wanted) => {
    expect(distanceOf(of, 100, [ax, ay, bx, by])).toBeCloseTo(wanted, 6);
    expect(distanceOf(of, 100, [bx, by, ax, ay])).toBeCloseTo(wanted, 6);
  });

  it("is that of the nearest of many pairs of places", () => {
    const random = seededRandom(1);
    for (let i = 0; i < 1500 * MANY; i++) {
      const of = {
        yawDeg: between(random, -180, 180),
        hfovDeg: ofAnyOrder(random, 1, 360),
        rangeM: ofAnyOrder(random, 1, 100),
      };
      const ends = Array.from({ length: 4 }, () => between(random, -120, 120)) as [
        number,
        number,
        number,
        number,
      ];
      const got = distanceOf([of.yawDeg, of.hfovDeg, 0], of.rangeM, ends);
      const sampledM = distanceToPairs(of, ends);
      expect(got).toBeLessThanOrEqual(sampledM + 1e-9);
      expect(got).toBeGreaterThan(sampledM - 3.5);
      // A limit changes nothing within it.
      const limitM = ofAnyOrder(random, 0.1, 100);
      const limited = distanceOf([of.yawDeg, of.hfovDeg, 0], of.rangeM, ends, limitM);
      expect(got <= limitM ? limited === got : limited > limitM).toBe(true);
    }
  });
});

describe("a zone with view protection restricts a camera exactly when the camera may see it", () => {
  /** A scene about a random place, and what a dense sample of it says. */
  function scene(random: Random) {
    const latDeg = between(random, -75, 75);
    const centre = { latDeg, lonDeg: random() < 0.2 ? 179.9999 : between(random, -180, 180) };
    const plane = planeAt(centre);
    const viewM = ofAnyOrder(random, 20, 2000);
    const sizeM = random() < 0.1 ? ofAnyOrder(random, 5_000, 50_000) : ofAnyOrder(random, 5, viewM);
    const awayM = between(random, 0, 1.5 * viewM) + (sizeM > 2000 ? sizeM : 0);
    const towards = between(random, 0, 2 * Math.PI);
    const there = placeAt(plane, awayM * Math.sin(towards), awayM * Math.cos(towards));
    // Longitudes run on beside those of the vehicle.
    const about = {
      latDeg: there.latDeg,
      lonDeg: centre.lonDeg + (((there.lonDeg - centre.lonDeg + 540) % 360) - 180),
    };
    const shape: Shape =
      sizeM > 2000 || random() < 0.3
        ? { kind: "circle", ...there, radiusM: sizeM }
        : star(random, { centre: about, sizeDeg: sizeM / 111_000, vertices: 3 + Math.floor(random() * 20) });
    const camera = cameraOf({
      yawDeg: between(random, -180, 180),
      hfovDeg: random() < 0.1 ? 360 : ofAnyOrder(random, 5, 360),
      ...(random() < 0.3 && { rangeM: ofAnyOrder(random, 20, 2000) }),
    });
    const heading = {
      deg: between(random, -180, 180),
      errorDeg: random() < 0.1 ? 180 : between(random, 0, 20),
    };
    const reach = reachAt(centre, ofAnyOrder(random, 0.5, 100), heading);
    return { shape, camera, reach, viewM, plane };
  }

  it("no sampled place of the zone that is in range and sector of a sampled place of the reach is missed", () => {
    const random = seededRandom(2);
    let [seen, pairs] = [0, 0];
    for (let i = 0; i < 3000 * MANY; i++) {
      const { shape, camera, reach, viewM, plane } = scene(random);
      const set = setOf([zoneOf("z", [shape], { standoffM: 0, viewM })]);
      const around = lookAround(set, reach, 0);
      if (hits(around, reach, camera, 0, 0, () => 0).length > 0) {
        seen++;
        continue;
      }
      const rangeM = Math.min(viewM, camera.rangeM);
      const halfDeg = camera.hfovDeg / 2 + reach.heading.errorDeg;
      for (let n = 0; n < 40; n++) {
        const angle = between(random, 0, 2 * Math.PI);
        const outM = reach.radiusM * Math.sqrt(random());
        const from = placeAt(plane, outM * Math.sin(angle), outM * Math.cos(angle));
        for (const place of placesOf(random, shape)) {
          pairs++;
          const { distanceM, deg } = bearingDeg(from, place);
          const offDeg = Math.abs(((deg - reach.heading.deg - camera.yawDeg + 1260) % 360) - 180);
          if (distanceM <= rangeM && offDeg <= halfDeg)
            expect.fail(`case ${i}: missed at ${distanceM} m, ${offDeg}° of ${halfDeg}°`);
        }
      }
    }
    report("views against samples:", { seen, pairs });
    expect(seen).toBeGreaterThan(500);
  });

  it("and not much more: a reach and a range that are 3 m and 0.5 % larger, and 1° to each side, would see it", () => {
    const random = seededRandom(3);
    let checked = 0;
    for (let i = 0; i < 2000 * MANY; i++) {
      const { shape, camera, reach, viewM, plane } = scene(random);
      const set = setOf([zoneOf("z", [shape], { standoffM: 0, viewM })]);
      // The centre of a circle of many kilometres is seen askew: by more than this, and by as much as is stated.
      if (shape.kind === "circle" && shape.radiusM > 2000) continue;
      const small = { ...reach, radiusM: 0.5 };
      if (hits(lookAround(set, small, 0), small, camera, 0, 0, () => 0)[0]?.reason !== "in-view") continue;
      checked++;
      const rangeM = Math.min(viewM, camera.rangeM) * 1.005 + 3;
      const halfDeg = camera.hfovDeg / 2 + reach.heading.errorDeg + 1;
      const isSeen = (place: { readonly latDeg: number; readonly lonDeg: number }) => {
        const { distanceM, deg } = bearingDeg(plane, place);
        const offDeg = Math.abs(((deg - reach.heading.deg - camera.yawDeg + 1260) % 360) - 180);
        // A metre and a half to the side, at any distance.
        const sideDeg = (Math.atan2(1.5, distanceM) * 180) / Math.PI;
        return distanceM <= rangeM && (offDeg <= halfDeg + sideDeg || distanceM < 3);
      };
      if (!denselyOf(shape).some(isSeen)) expect.fail(`case ${i}: ${JSON.stringify(camera)} sees nothing`);
    }
    expect(checked).toBeGreaterThan(200);
  });

  it("in every direction where the heading is no number", () => {
    const reach = reachAt({ latDeg: 0, lonDeg: 0 }, 5, { deg: Number.NaN, errorDeg: 1 });
    const behind: Shape = { kind: "circle", latDeg: -0.001, lonDeg: 0, radiusM: 10 };
    const around = lookAround(setOf([zoneOf("z", [behind], { viewM: 250 })]), reach, 0);
    expect(hits(around, reach, cameraOf(), 0, 0, () => 0)).toHaveLength(1);
  });

  it("from inside, from a hole, and over the antimeridian", () => {
    const camera = cameraOf({ hfovDeg: 60 });
    const ring = (half: number, lonDeg = 0) =>
      Float64Array.of(
        lonDeg - half,
        -half,
        lonDeg + half,
        -half,
        lonDeg + half,
        half,
        lonDeg - half,
        half,
        lonDeg - half,
        -half,
      );
    const judged = (shape: Shape, reach = reachAt({ latDeg: 0, lonDeg: 0 }, 5), view = 250) => {
      const around = lookAround(setOf([zoneOf("z", [shape], { viewM: view })]), reach, 0);
      return hits(around, reach, camera, 0, 0, () => 0).map(({ reason }) => reason);
    };
    expect(judged({ kind: "polygon", rings: [ring(0.01)] })).toEqual(["inside"]);
    const courtyard: Shape = { kind: "polygon", rings: [ring(0.01), ring(0.001)] };
    expect(judged(courtyard)).toEqual(["in-view"]);
    expect(judged(courtyard, reachAt({ latDeg: 0, lonDeg: 0 }, 5), 50)).toEqual([]);
    // Facing east at 180°, the zone lies past it; facing west it does not.
    const east: Shape = { kind: "polygon", rings: [ring(0.0005, 180.001)] };
    expect(judged(east, reachAt({ latDeg: 0, lonDeg: 180 }, 5, { deg: 90, errorDeg: 0 }))).toEqual([
      "in-view",
    ]);
    expect(judged(east, reachAt({ latDeg: 0, lonDeg: 180 }, 5, { deg: -90, errorDeg: 0 }))).toEqual([]);
    const beforeTower = { latDeg: 60, lonDeg: 179.998 };
    expect(judged(TOWER_AT_SEAM, reachAt(beforeTower, 5, { deg: 90, errorDeg: 0 }))).toEqual(["in-view"]);
    expect(judged(TOWER_AT_SEAM, reachAt(beforeTower, 5, { deg: -90, errorDeg: 0 }))).toEqual([]);
    expect(judged(east, reachAt({ latDeg: 0, lonDeg: 180 }, 5, { ...AHEAD, errorDeg: 180 }))).toEqual([
      "in-view",
    ]);
  });
});

/** Places of a shape: most on its edge, where it is seen first. */
function placesOf(random: Random, shape: Shape) {
  return Array.from({ length: 25 }, () => {
    if (shape.kind === "circle") {
      const angle = between(random, 0, 2 * Math.PI);
      const rim = shape.radiusM * 0.999_999;
      return placeAt(planeAt(shape), rim * Math.sin(angle), rim * Math.cos(angle));
    }
    const ring = shape.rings[0] ?? new Float64Array();
    const v = 2 * Math.floor(random() * (ring.length / 2 - 1));
    const t = random();
    return {
      lonDeg: (ring[v] ?? 0) * (1 - t) + (ring[v + 2] ?? 0) * t,
      latDeg: (ring[v + 1] ?? 0) * (1 - t) + (ring[v + 3] ?? 0) * t,
    };
  });
}

/** The edge of a shape, by steps of a few thousandths. */
function denselyOf(shape: Shape) {
  const steps = 2000;
  if (shape.kind === "circle") {
    return Array.from({ length: steps * 2 }, (_, i) => {
      const angle = (Math.PI * i) / steps;
      const rim = shape.radiusM * (i % 2 === 0 ? 1 : 0.9);
      return placeAt(planeAt(shape), rim * Math.sin(angle), rim * Math.cos(angle));
    });
  }
  const ring = shape.rings[0] ?? new Float64Array();
  return Array.from({ length: ring.length / 2 - 1 }, (_, v) =>
    Array.from({ length: steps / 4 }, (_unused, i) => {
      const t = (4 * i) / steps;
      const [aLon = 0, aLat = 0, bLon = 0, bLat = 0] = ring.subarray(2 * v, 2 * v + 4);
      return { lonDeg: aLon + t * (bLon - aLon), latDeg: aLat + t * (bLat - aLat) };
    }),
  ).flat();
}
