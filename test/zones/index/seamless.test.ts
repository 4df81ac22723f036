import pointInPolygon from "point-in-polygon-hao";
import { describe, expect, it } from "vitest";
import { placeAt, planeAt } from "../../../src/core/plane.ts";
import type { Position } from "../../../src/core/position.ts";
import type { Random } from "../../../src/core/random.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { lookAround } from "../../../src/gate/surroundings.ts";
import { compiledZoneSet } from "../../../src/zones/compiled/compiled-zone-set.ts";
import { seamless } from "../../../src/zones/index/seamless.ts";
import type { Ring, Shape, ZoneSetContent } from "../../../src/zones/zone.ts";
import { compileZoneSet } from "../../../src/zones/zone-set.ts";
import type { ZoneSet } from "../../../src/zones/zone-set.ts";
import { reachAt, zoneOf } from "../../gate/scene.ts";
import { report } from "../../report.ts";
import { bytesOf } from "../compiled/sets.ts";
import { geodesicM, geodesicTo } from "../geodesic.ts";
import { between, ofAnyOrder, placeAbout, rectangle, star } from "../random-shapes.ts";
import { tiling } from "./tiling.ts";

const MANY = process.env["SLOW"] === "1" ? 20 : 1;

function contentOf(shapes: readonly Shape[]): ZoneSetContent {
  const zones = [zoneOf("far", [rectangle(50, 50, 50.01, 50.01)])];
  const coverage = shapes.map((shape, i) => ({ kind: "coverage" as const, id: `c${i}`, shapes: [shape] }));
  return { zones, coverage, regions: [], issuedMs: 0, expiresMs: 1e13, hash: "00".repeat(32) };
}

const isCovered = (set: ZoneSet, place: Position, radiusM: number): boolean =>
  lookAround(set, reachAt(place, radiusM), 0).covered;

const coveredBy = (shapes: readonly Shape[], place: Position, radiusM = 5): boolean =>
  isCovered(compileZoneSet(contentOf(shapes)), place, radiusM);

/** By another library: whether any shape has the place. */
function isInAny(shapes: readonly Shape[], { latDeg, lonDeg }: Position): boolean {
  return shapes.some((shape) => {
    if (shape.kind === "circle") return geodesicM(shape, { latDeg, lonDeg }) <= shape.radiusM;
    const rings = shape.rings.map((ring) =>
      Array.from({ length: ring.length / 2 }, (_, v): [number, number] => [
        ring[2 * v] ?? 0,
        ring[2 * v + 1] ?? 0,
      ]),
    );
    return [-360, 0, 360].some((turn) => pointInPolygon([lonDeg + turn, latDeg], rings) !== false);
  });
}

/** Metres to the nearest of some lines, to a thousandth within kilometres. */
function metresTo(lines: readonly Ring[], { latDeg, lonDeg }: Position): number {
  const xPerDeg = geodesicM({ latDeg, lonDeg: 0 }, { latDeg, lonDeg: 0.01 }) * 100;
  const yPerDeg =
    geodesicM({ latDeg: latDeg - 0.005, lonDeg: 0 }, { latDeg: latDeg + 0.005, lonDeg: 0 }) * 100;
  let leastM = Infinity;
  for (const line of lines) {
    for (let v = 0; v + 3 < line.length; v += 2) {
      const [ax = 0, ay = 0, bx = 0, by = 0] = [0, 1, 2, 3].map((i) =>
        i % 2 === 0 ? ((line[v + i] ?? 0) - lonDeg) * xPerDeg : ((line[v + i] ?? 0) - latDeg) * yPerDeg,
      );
      const [dx, dy] = [bx - ax, by - ay];
      const t = Math.max(0, Math.min(1, -(ax * dx + ay * dy) / (dx * dx + dy * dy)));
      leastM = Math.min(leastM, Math.hypot(ax + t * dx, ay + t * dy));
    }
  }
  return leastM;
}

const turned = ({ latDeg, lonDeg }: Position): Position => placeAt(planeAt({ latDeg, lonDeg }), 0, 0);

const PLACES = [
  { where: "in the middle of Europe", latDeg: 48, lonDeg: 11, sizeDeg: 0.05, decimals: 7 },
  { where: "south of the equator, all digits", latDeg: -33, lonDeg: -70, sizeDeg: 0.02, decimals: 14 },
  { where: "along the antimeridian", latDeg: 65, lonDeg: 180, sizeDeg: 0.05, decimals: 7 },
  { where: "along the antimeridian, all digits", latDeg: -17, lonDeg: 180, sizeDeg: 0.03, decimals: 14 },
];

describe("areas that touch have no seam, wherever they are", () => {
  it.each(PLACES)("$where: a reach is covered where its centre is and no open border comes near", (about) => {
    const random = seededRandom(about.latDeg + about.decimals);
    let [covered, acrossSeams, open] = [0, 0, 0];
    for (let n = 0; n < 40 * MANY; n++) {
      const { shapes, borders } = tiling(random, { centre: about, ...about });
      const content = contentOf(shapes);
      const set = n % 3 === 0 ? compiledZoneSet(bytesOf(content)) : compileZoneSet(content);
      const alone = shapes.map((shape) => compileZoneSet(contentOf([shape])));
      for (let i = 0; i < 40; i++) {
        const place = placeAbout(random, { centre: about, sizeDeg: about.sizeDeg, vertices: 0 }, 1.1);
        const radiusM = ofAnyOrder(random, 1, 1500);
        const openM = metresTo(borders, place);
        if (Math.abs(openM - radiusM) < 0.002 * radiusM) continue;
        const expected = openM > radiusM && isInAny(shapes, place);
        const reach = turned(place);
        expect(isCovered(set, reach, radiusM), JSON.stringify({ n, place, radiusM, openM })).toBe(expected);
        if (!expected) open++;
        else if (alone.some((each) => isCovered(each, reach, radiusM))) covered++;
        else acrossSeams++;
      }
    }
    report(`reaches ${about.where}:`, { covered, acrossSeams, open });
    expect(Math.min(covered, acrossSeams, open)).toBeGreaterThan(100);
  });
});

/** Drawn areas that touch, overlap, are there twice, or lie about. */
function jumble(random: Random, about: (typeof PLACES)[number]): readonly Shape[] {
  const drawn = [about, about].flatMap((centre) => tiling(random, { centre, ...about }).shapes);
  const twice = drawn.filter(() => random() < 0.1);
  const stars = Array.from({ length: 4 }, (): Shape => {
    const centre = placeAbout(random, { centre: about, sizeDeg: about.sizeDeg, vertices: 0 }, 1);
    const figure = { centre, sizeDeg: about.sizeDeg * random(), vertices: 9 };
    return random() < 0.3
      ? { kind: "circle", ...turned(centre), radiusM: 2000 * random() }
      : star(random, figure);
  });
  return [...drawn.filter(() => random() < 0.7), ...twice, ...stars];
}

it.each(PLACES)(
  "$where: nothing is covered of which any place is in no area, however they overlap",
  (about) => {
    const random = seededRandom(about.latDeg);
    let [covered, across] = [0, 0];
    for (let n = 0; n < 40 * MANY; n++) {
      const shapes = jumble(random, about);
      const set = compileZoneSet(contentOf(shapes));
      for (let i = 0; i < 40; i++) {
        const place = turned(placeAbout(random, { centre: about, sizeDeg: about.sizeDeg, vertices: 0 }, 1.2));
        const radiusM = ofAnyOrder(random, 1, 1500);
        if (!isCovered(set, place, radiusM)) continue;
        covered++;
        const samples = Array.from({ length: 40 }, (_, s) =>
          geodesicTo(place, between(random, 0, 360), 0.999 * radiusM * (s % 2 === 0 ? 1 : random() ** 0.5)),
        );
        expect(samples.find((sample) => !isInAny(shapes, sample))).toBeUndefined();
        if (!shapes.some((shape) => samples.every((sample) => isInAny([shape], sample)))) across++;
      }
    }
    report(`covered reaches ${about.where}:`, { covered, across });
    expect(across).toBeGreaterThan(20);
  },
);

describe("a seam is closed", () => {
  const west = rectangle(0, 0, 1, 1);
  const onSeam = { latDeg: 0.5, lonDeg: 1 };

  it("where two areas have an edge in common, and the way on counts as clear", () => {
    const set = compileZoneSet(contentOf([west, rectangle(1, 0, 2, 1)]));
    expect(isCovered(set, onSeam, 5)).toBe(true);
    expect(lookAround(set, reachAt(onSeam, 5), 0, 500).clearM).toBe(505);
    expect(isCovered(set, { latDeg: 0.00004, lonDeg: 1 }, 5)).toBe(false);
    expect(isCovered(set, { latDeg: 1.00004, lonDeg: 1 }, 1)).toBe(false);
  });

  it("where three and four areas meet", () => {
    const quarters = [rectangle(1, 1, 2, 2), rectangle(0, 1, 1, 2), rectangle(1, 0, 2, 1), west];
    expect(coveredBy(quarters, { latDeg: 1, lonDeg: 1 })).toBe(true);
    expect(coveredBy(quarters.slice(1), { latDeg: 1, lonDeg: 1 })).toBe(false);
    expect(coveredBy(quarters.slice(1), { latDeg: 0.9, lonDeg: 1 })).toBe(true);
  });

  it("at longitude and latitude 0, whatever their sign", () => {
    const areas = [
      rectangle(-1, 0, -0, 1),
      rectangle(0, 0, 1, 1),
      rectangle(-1, -1, 0, -0),
      rectangle(-0, -1, 1, -0),
    ];
    expect(coveredBy(areas, { latDeg: 0, lonDeg: 0 })).toBe(true);
  });

  it("around an area in the hole of another", () => {
    const shell = rectangle(-1, -1, 2, 2).rings;
    const around: Shape = { kind: "polygon", rings: [...shell, ...west.rings] };
    expect(coveredBy([around], onSeam)).toBe(false);
    expect(coveredBy([around, west], onSeam)).toBe(true);
  });

  it("on the antimeridian, on whichever side areas were drawn, and all around the earth", () => {
    const at = (lonDeg: number) => ({ latDeg: 0.5, lonDeg });
    const cut = [rectangle(170, 0, 180, 1), rectangle(-180, 0, -170, 1)];
    expect([180, -180, 179.9999].map((lonDeg) => coveredBy(cut, at(lonDeg), 50))).toEqual([true, true, true]);
    const over = [rectangle(170, 0, 190, 1), rectangle(-170, 0, -160, 1), rectangle(160, 0, 170, 1)];
    expect([170, 180, -170].map((lonDeg) => coveredBy(over, at(lonDeg)))).toEqual([true, true, true]);
    const narrow = [
      rectangle(179, 0, 179.9999, 1),
      rectangle(179.9999, 0, 180.0001, 1),
      rectangle(-179.9999, 0, -179, 1),
    ];
    expect([179.9999, 180, -179.9999].map((lonDeg) => coveredBy(narrow, at(lonDeg), 100))).toEqual([
      true,
      true,
      true,
    ]);
    const earth = [rectangle(-180, -80, 0, 80), rectangle(0, -80, 180, 80)];
    expect([0, 180, -180].map((lonDeg) => coveredBy(earth, at(lonDeg)))).toEqual([true, true, true]);
    expect([0, 180].map((lonDeg) => coveredBy([rectangle(-180, -80, 180, 80)], at(lonDeg)))).toEqual([
      true,
      true,
    ]);
  });
});

describe("a seam stays", () => {
  const west = rectangle(0, 0, 1, 1);

  it("where only one side has a vertex, until the other has it, too", () => {
    const east = [rectangle(1, 0, 2, 0.5), rectangle(1, 0.5, 2, 1)];
    expect(coveredBy([west, ...east], { latDeg: 0.25, lonDeg: 1 })).toBe(false);
    expect(coveredBy([west, ...east], { latDeg: 0.5, lonDeg: 1.5 })).toBe(true);
    const withVertex = Float64Array.of(0, 0, 1, 0, 1, 0.5, 1, 1, 0, 1, 0, 0);
    const both: readonly Shape[] = [{ kind: "polygon", rings: [withVertex] }, ...east];
    expect(coveredBy(both, { latDeg: 0.25, lonDeg: 1 })).toBe(true);
    expect(coveredBy(both, { latDeg: 0.5, lonDeg: 1 })).toBe(true);
  });

  it("where a vertex differs in its last digit", () => {
    expect(coveredBy([west, rectangle(1.0000001, 0, 2, 1)], { latDeg: 0.5, lonDeg: 1 })).toBe(false);
  });

  it("where the edge is drawn a third time, but not where one area holds the reach", () => {
    const [state, country] = [
      rectangle(0, 0, 1, 1),
      Float64Array.of(0, 0, 1, 0, 1, 1, 0, 1, -1, 1, -1, 0, 0, 0),
    ];
    const areas: readonly Shape[] = [state, { kind: "polygon", rings: [country] }, rectangle(1, 0, 2, 1)];
    expect(coveredBy(areas, { latDeg: 0.5, lonDeg: 1 })).toBe(false);
    expect(coveredBy(areas, { latDeg: 0.5, lonDeg: 0 })).toBe(true);
  });

  it("where areas meet at a corner only", () => {
    expect(coveredBy([west, rectangle(1, 1, 2, 2)], { latDeg: 1, lonDeg: 1 })).toBe(false);
  });
});

it("areas without a common edge are left alone: there is nothing more to look at", () => {
  const west = rectangle(0, 0, 1, 1);
  const circle: Shape = { kind: "circle", latDeg: 0.5, lonDeg: 1, radiusM: 1000 };
  for (const shapes of [
    [],
    [west],
    [west, west],
    [west, rectangle(1, 1, 2, 2)],
    [west, rectangle(0.5, 0, 2, 1)],
    [west, circle],
  ])
    expect(seamless(shapes)).toEqual([]);
  expect(seamless([west, rectangle(1, 0, 2, 1), rectangle(5, 5, 6, 6)])).toHaveLength(1);
});
