import { describe, expect, it } from "vitest";
import { seededRandom } from "../../../src/core/random.ts";
import {
  EDGE,
  PART,
  packShapes,
  radiusOf,
  shapesOf,
  slabOf,
} from "../../../src/zones/index/packed-shapes.ts";
import type { Shape } from "../../../src/zones/zone.ts";
import { between, packed, rectangle, star } from "../random-shapes.ts";

describe("a polygon's slabs", () => {
  it("hold every edge that meets them, at every latitude", () => {
    const random = seededRandom(1);
    for (let i = 0; i < 100; i++) {
      const shape = star(random, {
        centre: { latDeg: between(random, -80, 80), lonDeg: 0 },
        sizeDeg: 0.01,
        vertices: 3 + Math.floor(random() * 200),
        holes: random() < 0.3 ? 1 : 0,
        ...(random() < 0.5 && { gridDeg: 0.001 }),
      });
      const { parts, slabs, edges } = packed(shape);
      for (let n = 0; n < 20; n++) {
        const lat =
          n === 0
            ? (shape.rings[0]?.[1] ?? 0)
            : between(random, parts[PART.south] ?? 0, parts[PART.north] ?? 0);
        const slab = (parts[PART.firstSlab] ?? 0) + slabOf(parts, 0, lat);
        const held = edges.subarray(EDGE.size * (slabs[slab] ?? 0), EDGE.size * (slabs[slab + 1] ?? 0));
        for (const edge of edgesAt(shape, lat)) expect(keysOf(held)).toContain(edge);
      }
    }
  });

  it("do not multiply the edges, however tall they are", () => {
    // A comb: 500 teeth over its whole height.
    const teeth = Array.from({ length: 500 }, (_, i) => [i / 1000, 0, i / 1000 + 1 / 2000, 1]).flat();
    const ring = Float64Array.of(...teeth, 0.5, -0.1, 0, -0.1, 0, 0);
    const { edges } = packed({ kind: "polygon", rings: [ring] });
    expect(edges.length / EDGE.size).toBeLessThanOrEqual(3 * (ring.length / 2 - 1));
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
    edges: new Float64Array(),
  });
});

/** The edges of a shape that meet a latitude. */
function edgesAt({ rings }: Shape & { readonly kind: "polygon" }, lat: number): string[] {
  return rings.flatMap((ring) =>
    Array.from({ length: ring.length / 2 - 1 }, (_, v) => ring.slice(2 * v, 2 * v + 4))
      .filter(([, a = 0, , b = 0]) => Math.min(a, b) <= lat && lat <= Math.max(a, b))
      .map((edge) => edge.join(" ")),
  );
}

function keysOf(edges: Float64Array): string[] {
  return Array.from({ length: edges.length / EDGE.size }, (_, e) =>
    edges.slice(EDGE.size * e, EDGE.size * (e + 1)).join(" "),
  );
}
