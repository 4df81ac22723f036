import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { compiledZoneSet } from "../../../src/zones/compiled/compiled-zone-set.ts";
import { compileZoneSet } from "../../../src/zones/zone-set.ts";
import type { Shape, Zone } from "../../../src/zones/zone.ts";
import { setOf, zoneOf } from "../../gate/scene.ts";
import { FAR_AWAY } from "../../kit/place.ts";
import { aligned, bytesOf, judgedAt, placesNear, randomContent } from "./sets.ts";

const RUNS = process.env["SLOW"] === undefined ? 25 : 3000;
const loaded = (seed: number) => compiledZoneSet(bytesOf(randomContent(seed)));

const lonOf = (zones: readonly Zone[]): number => {
  const [shape] = zones[0]?.shapes ?? [];
  return shape?.kind === "polygon" ? (shape.rings[0]?.[0] ?? 0) : (shape?.lonDeg ?? 0);
};

test("a compiled set judges as its zone files do, everywhere and at any time", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const content = randomContent(seed);
      const places = placesNear(seed + 1, 60, lonOf(content.zones));
      expect(judgedAt(compiledZoneSet(bytesOf(content)), places)).toEqual(
        judgedAt(compileZoneSet(content), places),
      );
    }),
    { numRuns: RUNS },
  );
});

test("a compiled set says of its zones what their files say", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const content = randomContent(seed);
      const set = loaded(seed);
      const plain = (zone: object) => ({ ...zone, shapes: null });
      const byId = content.zones.toSorted((a, b) => (a.id < b.id ? -1 : 1));
      expect(set.zones.map(plain)).toEqual(byId.map(plain));
      expect(set.ids).toEqual(byId.map(({ id }) => id));
      expect([...set.regions].map(plain)).toEqual(content.regions.map(plain));
      expect(set.coverage.length).toBe(content.coverage.length);
      expect([set.issuedMs, set.expiresMs, set.hash]).toEqual([
        content.issuedMs,
        content.expiresMs,
        content.hash,
      ]);
    }),
    { numRuns: RUNS },
  );
});

test("the shapes of a compiled set, compiled again, judge alike", () => {
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const set = loaded(seed);
      const { issuedMs, expiresMs, hash } = set;
      const again = compileZoneSet({
        zones: set.zones.map((zone) => ({ ...zone })),
        coverage: set.coverage.map((each) => ({ ...each })),
        regions: set.regions.map((each) => ({ ...each })),
        issuedMs,
        expiresMs,
        hash,
      });
      const places = placesNear(seed + 1, 30, lonOf(set.zones));
      expect(judgedAt(again, places)).toEqual(judgedAt(set, places));
    }),
    { numRuns: RUNS },
  );
});

test("a zone's outline comes out as it went in", () => {
  const shell = Float64Array.of(10, 48, 11, 48, 11, 49, 10, 49, 10, 48);
  const hole = Float64Array.of(10.2, 48.2, 10.2, 48.8, 10.8, 48.8, 10.8, 48.2, 10.2, 48.2);
  const shapes: readonly Shape[] = [
    { kind: "polygon", rings: [shell, hole] },
    { kind: "circle", lonDeg: 12, latDeg: 48, radiusM: 70 },
  ];
  const { issuedMs, hash } = randomContent(0);
  const content = {
    zones: [zoneOf("a", shapes)],
    coverage: [],
    regions: [],
    issuedMs,
    expiresMs: issuedMs + 1,
    hash,
  };
  const found = compiledZoneSet(bytesOf(content)).zones[0]?.shapes ?? [];
  expect(found.toSorted((a, b) => (a.kind < b.kind ? 1 : -1))).toEqual(shapes);
});

test("equal sets give equal bytes, in whatever order their areas came", () => {
  const contents = [7, 8, 9, 10].map((seed) => randomContent(seed));
  expect(contents.some(({ coverage }) => coverage.length > 1)).toBe(true);
  for (const content of contents) {
    const [zones, coverage] = [content.zones.toReversed(), content.coverage.toReversed()];
    const turned = { ...content, zones, coverage, regions: content.regions.toReversed() };
    expect(bytesOf(turned).equals(bytesOf(content))).toBe(true);
  }
});

describe("a set that is loaded", () => {
  test("need not be compiled again", () => {
    const set = loaded(3);
    expect(compileZoneSet(set)).toBe(set);
  });

  test("is a list of zones to all who read it, and to nobody who writes", () => {
    const { zones } = loaded(3);
    expect(Array.isArray(zones)).toBe(true);
    expect(zones.at(-1)?.id).toBe([...zones].pop()?.id);
    expect(zones[zones.length]).toBeUndefined();
    expect(zones[0]).toBe(zones[0]);
    expect(Object.keys(zones)).toHaveLength(zones.length);
    expect(JSON.parse(JSON.stringify(zones.map(({ id }) => id)))).toEqual(zones.map(({ id }) => id));
    expect(() => Object.assign(zones, { 0: FAR_AWAY })).toThrow(TypeError);
    expect(() => (zones as Zone[]).push(FAR_AWAY)).toThrow(TypeError);
  });
});

test("a set without coverage covers everywhere, and one without regions has none", () => {
  const [judged] = judgedAt(
    compiledZoneSet(aligned(bytesOf({ ...randomContent(1), coverage: [], regions: [] }))),
    [{ latDeg: -40, lonDeg: -70 }],
  ) as readonly { readonly action: string; readonly region: string | null }[];
  expect(judged).toMatchObject({ action: "pass", region: null });
});

test("a compiled set of one far zone passes where its source does", () => {
  const { issuedMs, expiresMs, hash } = randomContent(0);
  const content = { zones: [FAR_AWAY], coverage: [], regions: [], issuedMs, expiresMs, hash };
  const places = [{ latDeg: 48, lonDeg: 11 }];
  expect(judgedAt(compiledZoneSet(bytesOf(content)), places)).toMatchObject([
    { action: "pass" },
    { action: "pass" },
  ]);
  expect(judgedAt(setOf([FAR_AWAY]), places)).toMatchObject([{ action: "pass" }, { action: "pass" }]);
});
