import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { planeAt } from "../../src/core/plane.ts";
import type { Position } from "../../src/core/position.ts";
import { report } from "../report.ts";
import { seededRandom } from "../../src/core/random.ts";
import { depthOrDistance } from "../../src/zones/index/shape-distance.ts";
import type { Shape } from "../../src/zones/zone.ts";
import { exactSideOfAll } from "./exact.ts";
import { sharedData } from "./fixtures.ts";
import { ofAnyOrder, packed, placeByEdge } from "./random-shapes.ts";
import { areaOf, jtsCases } from "./jts.ts";

/** Test suites of other projects, beside this one: skipped, and said so, where they are absent. */

function suite(path: string): string | null {
  const found = sharedData(`suites/${path}`);
  if (found === null) report("skipped, as it is absent:", `../shared/data/suites/${path}`);
  return found === null ? null : readFileSync(found, "utf8");
}

/** The sides that JTS tells: +1 interior, 0 boundary, −1 exterior; in metres the plane's rounding is a boundary. */
function sideOf(shapes: readonly Shape[], place: Position): "inside" | "edge" | "outside" {
  const all = packed(...shapes);
  const signed = shapes.map((_, part) => depthOrDistance(all, part, planeAt(place), 2e7));
  if (signed.some((distanceM) => distanceM < 0)) return "inside";
  return signed.some((distanceM) => Math.abs(distanceM) < 1e-5) ? "edge" : "outside";
}

/** The predicates of a set of points and an area, from the sides of the points. */
const PREDICATES: Readonly<Record<string, (sides: readonly string[]) => boolean>> = {
  intersects: (sides) => sides.some((side) => side !== "outside"),
  disjoint: (sides) => sides.every((side) => side === "outside"),
  coveredBy: (sides) => sides.every((side) => side !== "outside"),
  within: (sides) => sides.every((side) => side !== "outside") && sides.includes("inside"),
  touches: (sides) => sides.includes("edge") && !sides.includes("inside"),
  crosses: (sides) => sides.includes("inside") && sides.includes("outside"),
};
const MIRRORED: Readonly<Record<string, string>> = { contains: "within", covers: "coveredBy" };

describe("JTS: points and areas", () => {
  const files = ["TestRelatePA", "TestPreparedPointPredicate", "TestDistance", "TestWithinDistance"];
  const cases = files.flatMap((file) => jtsCases(suite(`jts/${file}.xml`) ?? "<run></run>", file));

  it.skipIf(cases.length === 0)("the suites hold the cases that we know of", () => {
    expect(cases.length).toBe(17);
    expect(cases.flatMap(({ checks }) => checks).length).toBeGreaterThan(100);
  });

  it.each(cases)("$name", ({ points, polygons, checks, pointsFirst }) => {
    const sides = points.map((place) => sideOf(polygons, place));
    for (const { name, swapped, argument, expected } of checks) {
      const own = swapped === pointsFirst ? MIRRORED[name] : name;
      if (name === "relate" && pointsFirst) {
        const matrix = ["inside", "edge", "outside"].map((side) =>
          sides.some((each) => each === side) ? "0" : "F",
        );
        expect(matrix.join("")).toBe(argument.slice(0, 3));
      } else if (name === "distance" || name === "isWithinDistance") {
        const leastM = Math.min(...points.map((place) => areaOf(polygons, place)));
        if (name === "distance") expect(leastM).toBeCloseTo(Number(expected), 4);
        else expect(leastM <= Number(argument)).toBe(expected === "true");
      } else if (own !== undefined && PREDICATES[own] !== undefined) {
        expect({ [own]: PREDICATES[own](sides) }).toEqual({ [own]: expected === "true" });
      }
    }
  });
});

interface Feature {
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
}

function shapesOf(text: string): Shape[] {
  const { geometry } = JSON.parse(text) as Feature;
  const polygons = (
    geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates
  ) as number[][][][];
  return polygons.map((rings) => ({
    kind: "polygon",
    rings: rings.map((ring) => Float64Array.from(ring.flat())),
  }));
}

describe("Turf: its own test's points", () => {
  const inHole = [-86.69208526611328, 36.20373274711739] as const;
  const inPolygon = [-86.72229766845702, 36.20258997094334] as const;
  const outside = [-86.75079345703125, 36.18527313913089] as const;
  it.each([
    { file: "poly-with-hole", place: inHole, inside: false },
    { file: "poly-with-hole", place: inPolygon, inside: true },
    { file: "poly-with-hole", place: outside, inside: false },
    { file: "multipoly-with-hole", place: inHole, inside: false },
    { file: "multipoly-with-hole", place: inPolygon, inside: true },
    { file: "multipoly-with-hole", place: [-86.75079345703125, 36.18527313913089] as const, inside: true },
    { file: "multipoly-with-hole", place: [-86.75302505493164, 36.23015046460186] as const, inside: false },
  ])("$place in $file: $inside", ({ file, place: [lonDeg, latDeg], inside }) => {
    const text = suite(`turf/turf-boolean-point-in-polygon/in/${file}.geojson`);
    if (text === null) return;
    expect(sideOf(shapesOf(text), { lonDeg, latDeg })).toBe(inside ? "inside" : "outside");
  });
});

it.each(["simple/switzerland", "notSimple/switzerlandKinked"])(
  "point-in-polygon-hao's %s: exact arithmetic agrees on 500 places, most of them at an edge",
  (file) => {
    const text = suite(`pip-hao/fixtures/${file}.geojson`);
    if (text === null) return;
    const random = seededRandom(7);
    const shapes = shapesOf(text);
    const rings = shapes.flatMap((shape) => (shape.kind === "polygon" ? shape.rings : []));
    const seen = new Set<string>();
    for (let i = 0; i < 500; i++) {
      const place = placeByEdge(random, rings, ofAnyOrder(random, 1e-10, 1) * (random() < 0.5 ? 1 : -1));
      const side = exactSideOfAll(shapes, place);
      seen.add(side);
      const got = sideOf(shapes, place);
      if (got !== "edge") expect(got).toBe(side);
    }
    expect(seen).toEqual(new Set(["inside", "outside"]));
  },
);
