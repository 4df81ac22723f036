import { describe, expect, it } from "vitest";
import { distanceFrom, placeAt, planeAt } from "../../src/core/plane.ts";
import type { Position } from "../../src/core/position.ts";
import type { Random } from "../../src/core/random.ts";
import { report } from "../report.ts";
import { seededRandom } from "../../src/core/random.ts";
import { hits } from "../../src/gate/judge.ts";
import { extentM, lookAround } from "../../src/gate/surroundings.ts";
import type { ZoneSet } from "../../src/zones/zone-set.ts";
import type { Shape } from "../../src/zones/zone.ts";
import { geodesicM, geodesicToShape } from "../zones/geodesic.ts";
import { tiling } from "../zones/index/tiling.ts";
import { between, ofAnyOrder, placeAbout, rectangle, star } from "../zones/random-shapes.ts";
import { cameraOf, coverageOf, reachAt, regionOf, setOf, zoneOf } from "./scene.ts";

const MANY = process.env["SLOW"] === "1" ? 10 : 1;
const CAMERA = cameraOf({ hfovDeg: 360 });

/** A town of some kilometres: zones, coverage with a hole or of many areas that touch, two regions. */
function town(random: Random, centre: Position): ZoneSet {
  const inTown = (spreadDeg: number) => placeAbout(random, { centre, sizeDeg: spreadDeg, vertices: 0 }, 1);
  const shape = (): Shape => {
    const sizeDeg = ofAnyOrder(random, 1e-4, 5e-3);
    if (random() < 0.3) return { kind: "circle", ...inTown(0.02), radiusM: sizeDeg * 1e5 };
    const holes = random() < 0.3 ? 1 : 0;
    return star(random, { centre: inTown(0.02), sizeDeg, vertices: 3 + Math.floor(random() * 20), holes });
  };
  const zones = Array.from({ length: 12 }, (_, i) =>
    zoneOf(`z${i}`, [shape()], { standoffM: between(random, 0, 100), viewM: between(random, 0, 300) }),
  );
  const wide = star(random, { centre, sizeDeg: 0.04, vertices: 9, holes: random() < 0.3 ? 1 : 0 });
  const tiles = random() < 0.3 ? tiling(random, { centre, sizeDeg: 0.04, decimals: 7 }).shapes : [];
  const coverage =
    tiles.length > 0
      ? tiles.map((tile) => coverageOf(tile))
      : random() < 0.7
        ? [coverageOf(wide, star(random, { centre: inTown(0.02), sizeDeg: 0.01, vertices: 5 }))]
        : [];
  const region = (name: string) =>
    regionOf(name, star(random, { centre: inTown(0.03), sizeDeg: 0.04, vertices: 8 }));
  return setOf(zones, coverage, [region("a"), region("a"), region("b")]);
}

/** A reach that lies less than `withinM` out from a place. */
function reachWithin(random: Random, place: Position, withinM: number) {
  const plane = planeAt(place);
  const outM = withinM * random() ** 0.3;
  const angle = between(random, 0, 2 * Math.PI);
  const radiusM = (withinM - outM) * random() ** 0.3;
  return reachAt(placeAt(plane, outM * Math.sin(angle), outM * Math.cos(angle)), radiusM);
}

function shapesOf({ zones }: ZoneSet, id: string): readonly Shape[] {
  return zones.find((zone) => zone.id === id)?.shapes ?? [];
}

describe("clearance", () => {
  it("is sound: a fresh look-up from any reach within it finds the same, and no zone", () => {
    const random = seededRandom(1);
    let [used, tight] = [0, 0];
    for (let i = 0; i < 2500 * MANY; i++) {
      const centre = {
        latDeg: between(random, -70, 70),
        lonDeg: random() < 0.2 ? 180 : between(random, -180, 180),
      };
      const set = town(random, centre);
      const place = placeAbout(random, { centre, sizeDeg: 0.03, vertices: 0 }, 1);
      const seen = lookAround(
        set,
        reachAt(wrapped(place), between(random, 0, 50)),
        30,
        ofAnyOrder(random, 50, 3000),
      );
      for (let n = 0; n < 6; n++) {
        const reach = reachWithin(random, seen.plane, Math.max(seen.freeM, seen.clearM));
        const extent = extentM(seen, reach);
        if (!(extent < seen.clearM || extent < seen.freeM)) continue;
        const fresh = lookAround(set, reach, 30);
        expect(hits(fresh, reach, CAMERA, 0, 0, () => 0)).toEqual([]);
        expect(fresh.covered).toBe(true);
        tight += extent > 0.95 * seen.clearM ? 1 : 0;
        if (!(extent < seen.freeM)) continue;
        expect(fresh.region).toBe(seen.region);
        used++;
      }
    }
    report("reaches within a clearance:", { used, tight });
    expect(used).toBeGreaterThan(2000);
    expect(tight).toBeGreaterThan(300);
  });

  it("is of use: it ends where a zone's standoff or view begins, at the horizon, or at the edge of the coverage", () => {
    const at = { latDeg: 50, lonDeg: 10 };
    const plane = planeAt(at);
    const circle = (eastM: number, radiusM: number): Shape => ({
      kind: "circle",
      ...placeAt(plane, eastM, 0),
      radiusM,
    });
    const zone = (standoffM: number, viewM: number) => zoneOf("z", [circle(1000, 100)], { standoffM, viewM });
    const clearM = (set: ZoneSet, horizonM = 5000) => lookAround(set, reachAt(at, 10), 0, horizonM).clearM;
    expect(clearM(setOf([zone(25, 0)]))).toBeCloseTo(875, 2);
    expect(clearM(setOf([zone(25, 250)]))).toBeCloseTo(650, 2);
    expect(clearM(setOf([zone(25, 0)]), 300)).toBeCloseTo(310, 2);
    expect(clearM(setOf([zone(25, 0)], [coverageOf(circle(0, 400))]))).toBeCloseTo(400, 2);
  });

  it("is nothing where nothing is covered, however small the reach", () => {
    const set = setOf([zoneOf("z", [rectangle(0, 0, 1, 1)])], [coverageOf(rectangle(0, 0, 2, 2))]);
    const seen = lookAround(set, reachAt({ latDeg: 1, lonDeg: 3 }, 0), 0);
    expect(seen).toMatchObject({ covered: false, clearM: 0, freeM: 0 });
    expect(extentM(seen, reachAt({ latDeg: 1, lonDeg: 3 }, 0)) < seen.freeM).toBe(false);
  });
});

it("every zone that reaches into the reach is found: geodesics agree", () => {
  const random = seededRandom(2);
  let [found, clear] = [0, 0];
  for (let i = 0; i < 250 * MANY; i++) {
    const centre = {
      latDeg: between(random, -80, 80),
      lonDeg: random() < 0.2 ? 180 : between(random, -180, 180),
    };
    const set = town(random, centre);
    const place = wrapped(placeAbout(random, { centre, sizeDeg: 0.02, vertices: 0 }, 0.5));
    const reach = reachAt(place, ofAnyOrder(random, 1, 300));
    const ids = new Set(hits(lookAround(set, reach, 0), reach, CAMERA, 0, 0, () => 0).map(({ id }) => id));
    for (const { id, standoffM, viewM } of set.zones) {
      const distanceM = Math.min(...shapesOf(set, id).map((shape) => geodesicToShape(shape, place)));
      const overM = distanceM - reach.radiusM - Math.max(standoffM, viewM);
      // Nearer is hit, farther is not; distances may be told nearer by centimetres.
      if (overM <= 0) expect(ids).toContain(id);
      if (overM > 0.5) expect(ids).not.toContain(id);
      if (overM <= 0) found++;
      else clear++;
    }
  }
  expect(found).toBeGreaterThan(30);
  expect(clear).toBeGreaterThan(1000);
});

describe("coverage", () => {
  const at = { latDeg: 0.001, lonDeg: 0.5 };
  const depthM = geodesicM(at, { ...at, latDeg: 0 });
  const covered = (shapes: readonly Shape[], radiusM: number, place: Position = at) =>
    lookAround(
      setOf([zoneOf("z", [rectangle(50, 50, 51, 51)])], [coverageOf(...shapes)]),
      reachAt(place, radiusM),
      0,
    ).covered;

  it("must hold the whole reach", () => {
    expect(covered([rectangle(0, 0, 1, 1)], depthM - 0.001)).toBe(true);
    expect(covered([rectangle(0, 0, 1, 1)], depthM)).toBe(false);
    expect(covered([rectangle(0, 0, 1, 1)], depthM + 0.001)).toBe(false);
    expect(covered([rectangle(1, 0, 2, 1)], 1)).toBe(false);
  });

  it("ends at a hole, and at a seam of which only one side has a vertex; an area over the seam closes it", () => {
    const ring = (half: number) =>
      rectangle(0.5 - half, -half, 0.5 + half, half).rings[0] ?? new Float64Array();
    expect(covered([{ kind: "polygon", rings: [ring(0.4), ring(0.0009)] }], 5)).toBe(true);
    expect(covered([{ kind: "polygon", rings: [ring(0.4), ring(0.0009)] }], 15)).toBe(false);
    expect(covered([{ kind: "polygon", rings: [ring(0.4), ring(0.0011)] }], 1)).toBe(false);
    expect(covered([rectangle(0, 0, 1, 0.001), rectangle(0, 0.001, 1, 1)], 1)).toBe(true);
    const seam = [rectangle(0, 0, 1, 0.001), rectangle(0, 0.001, 1.1, 1)];
    expect(covered(seam, 1)).toBe(false);
    expect(covered([...seam, { kind: "circle", ...at, radiusM: 100 }], 1)).toBe(true);
  });

  it("is everywhere without a coverage, but not beyond 89° and not where there is no place", () => {
    const set = setOf([zoneOf("z", [rectangle(50, 50, 51, 51)])]);
    const coveredAt = (latDeg: number, lonDeg: number, radiusM = 1) =>
      lookAround(set, reachAt({ latDeg, lonDeg }, radiusM), 0).covered;
    expect(coveredAt(89, 180)).toBe(true);
    expect(coveredAt(-89.001, 0)).toBe(false);
    expect(coveredAt(89.001, 0)).toBe(false);
    expect(coveredAt(Number.NaN, 0)).toBe(false);
    expect(coveredAt(0, Number.NaN)).toBe(false);
    expect(coveredAt(0, Infinity)).toBe(false);
    expect(coveredAt(0, 181)).toBe(false);
    expect(coveredAt(0, 0, Number.NaN)).toBe(false);
    expect(coveredAt(0, 0, -1)).toBe(false);
  });

  it("beyond a reach without bounds there is a zone", () => {
    const set = setOf([zoneOf("z", [rectangle(50, 50, 51, 51)])]);
    const reach = reachAt({ latDeg: 0, lonDeg: 0 }, Infinity);
    expect(hits(lookAround(set, reach, 0), reach, CAMERA, 0, 0, () => 0)).toHaveLength(1);
  });
});

describe("the region (rule 6)", () => {
  const zone = zoneOf("z", [rectangle(50, 50, 51, 51)]);
  const near = (metres: number) => ({ latDeg: 0.5, lonDeg: 1 + metres / 111_319.49 });
  const west = regionOf("west", rectangle(0, 0, 1, 1));
  const east = regionOf("east", rectangle(1, 0, 2, 1));
  const at = (place: Position, ...regions: ReturnType<typeof regionOf>[]) =>
    lookAround(setOf([zone], [], regions), reachAt(place, 10), 0);

  it("is the one that holds the whole reach", () => {
    expect(at(near(-11), west, east).region).toBe("west");
    expect(at(near(11), west, east).region).toBe("east");
    expect(at(near(-11), west).region).toBe("west");
  });

  it("is none where the reach straddles a border, where two overlap, and where there is none", () => {
    expect(at(near(-9), west, east).region).toBeNull();
    expect(at(near(9), west, east).region).toBeNull();
    expect(at(near(-9), west).region).toBeNull();
    expect(at(near(9), west).region).toBeNull();
    expect(at(near(500), west).region).toBeNull();
    expect(at(near(500), east, regionOf("also", rectangle(0, 0, 3, 3))).region).toBeNull();
  });

  it("may have several features: any of them that holds the reach will do", () => {
    const inner = regionOf("west", rectangle(0.4, 0.4, 0.6, 0.6));
    expect(at({ latDeg: 0.5, lonDeg: 0.6 }, west, inner).region).toBe("west");
    expect(at({ latDeg: 0.5, lonDeg: 1.5 }, west, regionOf("west", rectangle(1, 0, 2, 1))).region).toBe(
      "west",
    );
  });

  it("at its border every reach is looked up again", () => {
    expect(at(near(-9), west, east).freeM).toBeLessThanOrEqual(0);
    expect(at(near(-100), west, east).freeM).toBeCloseTo(100, 1);
    expect(at(near(-100), west, east).clearM).toBeCloseTo(110, 1);
  });

  it("is none where there is no place", () => {
    expect(at({ latDeg: 89.5, lonDeg: 0 }, regionOf("pole", rectangle(-180, 80, 180, 90))).region).toBeNull();
  });
});

function wrapped({ latDeg, lonDeg }: Position): Position {
  return placeAt(planeAt({ latDeg, lonDeg }), 0, 0);
}

it("an extent is measured from the look-up's centre, over the antimeridian, too", () => {
  const set = setOf([zoneOf("z", [rectangle(50, 50, 51, 51)])]);
  const seen = lookAround(set, reachAt({ latDeg: 0, lonDeg: 179.9999 }, 5), 0);
  expect(extentM(seen, reachAt({ latDeg: 0, lonDeg: -179.9999 }, 7))).toBeCloseTo(29.26, 1);
  expect(distanceFrom(seen.plane, seen.plane)).toBe(0);
});
