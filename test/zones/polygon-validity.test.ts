import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { checkPolygon } from "../../src/zones/check/check-polygon.ts";
import { sharedData } from "./fixtures.ts";

type Ring = number[][];

const rulesOf = (rings: readonly Ring[]) => checkPolygon(rings.map(toRing)).map(({ rule }) => rule.id);

/** As `readRing` hands it over: without consecutive repetitions. */
function toRing(ring: Ring): Float64Array {
  const kept = ring.filter(([x, y], at) => at === 0 || x !== ring[at - 1]?.[0] || y !== ring[at - 1]?.[1]);
  return Float64Array.from(kept.flat());
}

interface Case {
  readonly name: string;
  /** The polygons of a polygon or multipolygon; one that is EMPTY has no ring. */
  readonly polygons: readonly (readonly Ring[])[];
  readonly valid: boolean;
}

function jtsCases(file: string): readonly Case[] {
  const path = sharedData(`suites/jts/${file}`);
  if (path === null) return [];
  const cases: Case[] = [];
  for (const [, body = ""] of readFileSync(path, "utf8").matchAll(/<case>(.*?)<\/case>/gs)) {
    const wkt = /<a>\s*((?:MULTI)?POLYGON.*?)<\/a>/s.exec(body)?.[1];
    const valid = /name="isValid"[^>]*>\s*(true|false)/.exec(body)?.[1];
    const name = /<desc>(.*?)<\/desc>/s.exec(body)?.[1] ?? "";
    // NaN is refused with the position, before there is a ring.
    if (wkt !== undefined && valid !== undefined && !wkt.includes("NaN"))
      cases.push({ name: `${file} ${name.trim()}`, polygons: polygonsOf(wkt), valid: valid === "true" });
  }
  return cases;
}

function polygonsOf(wkt: string): Ring[][] {
  const json = wkt
    .replace(/^(MULTI)?POLYGON/, "")
    .replaceAll(/(-?[\d.]+(?:e-?\d+)?)\s+(-?[\d.]+(?:e-?\d+)?)/gi, "[$1,$2]")
    .replaceAll("(", "[")
    .replaceAll(")", "]")
    .replaceAll("EMPTY", "[]");
  const polygons: Ring[][] = JSON.parse(wkt.startsWith("MULTI") ? json : `[${json}]`);
  return polygons.map((rings) => rings.filter((ring) => ring.length > 0));
}

const cases = [...jtsCases("TestValid.xml"), ...jtsCases("TestValid2.xml")];

/** Zones are joined, so parts that overlap, touch along a line or lie in each other are normal input. */
const isAboutParts = ({ polygons, valid }: Case) =>
  !valid && polygons.length > 1 && polygons.every((rings) => rulesOf(rings).length === 0);

describe.skipIf(cases.length === 0)(
  "what JTS calls valid and invalid (skipped where ../shared/data is absent)",
  () => {
    it("a case for each kind of mistake is there", () => {
      expect(cases.length).toBeGreaterThan(100);
      expect(cases.filter(({ valid }) => !valid).length).toBeGreaterThan(30);
    });

    it.each(cases.filter((each) => !isAboutParts(each)))("$name", ({ polygons, valid }) => {
      expect(polygons.every((rings) => rulesOf(rings).length === 0)).toBe(valid);
    });

    it("only multipolygons whose parts meet are accepted against JTS", () => {
      expect(cases.filter(isAboutParts).map(({ name }) => name)).toEqual([
        "TestValid.xml mA - shells adjacent, same vertices (self-intersection)",
        "TestValid.xml mA - shells adjacent, different vertices (self-intersection)",
        "TestValid.xml mA - duplicate shells (self-intersection)",
        "TestValid.xml mA - shell inside shell, disjoint (nested shells)",
        "TestValid.xml mA - shell inside shell, all vertices touch (nested shells)",
        "TestValid.xml mA - shell inside shell, hole overlapped, all vertices touch hole (self-intersection)",
        "TestValid.xml mA - shell inside shell, all vertices touch hole (nested shells)",
        "TestValid2.xml Test 226",
        "TestValid2.xml Test 227",
      ]);
    });
  },
);

type Geometry =
  | { readonly type: "Polygon"; readonly coordinates: readonly Ring[] }
  | { readonly type: "MultiPolygon"; readonly coordinates: readonly (readonly Ring[])[] };

const NONE: Geometry = { type: "MultiPolygon", coordinates: [] };

interface TurfFile {
  readonly features?: readonly { readonly geometry: Geometry }[];
  readonly geometry?: Geometry;
}

function turfCases(folder: string): readonly Case[] {
  const path = sharedData(`suites/turf/${folder}`);
  if (path === null) return [];
  return readdirSync(path).map((name) => {
    const file: TurfFile = JSON.parse(readFileSync(join(path, name), "utf8"));
    const geometry = file.geometry ?? file.features?.[0]?.geometry ?? NONE;
    const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    return { name: `${folder}/${name}`, polygons, valid: folder.includes("/true/") };
  });
}

/** Open and short rings never come so far; parts of a multipolygon may meet. */
const REFUSED_BEFORE = /not-closing-ring|not-enough-coords/;
const ABOUT_PARTS = /multipolygons-overlap/;

const turf = ["true/Polygon", "true/MultiPolygon", "false/Polygon", "false/MultiPolygon"]
  .flatMap((folder) => turfCases(`turf-boolean-valid/${folder}`))
  .filter(({ name }) => !REFUSED_BEFORE.test(name));

describe.skipIf(turf.length === 0)("what Turf calls valid and invalid", () => {
  it.each(turf)("$name", ({ name, polygons, valid }) => {
    expect(polygons.every((rings) => rulesOf(rings).length === 0)).toBe(valid || ABOUT_PARTS.test(name));
  });
});

describe.skipIf(turf.length === 0)("a ring in which Turf finds kinks crosses or touches itself", () => {
  const kinkCases = turfCases("turf-kinks/in");

  it.each(["hourglass", "triple", "switzerlandKinked"])("%s", (name) => {
    const found = kinkCases.find((each) => each.name.endsWith(`/${name}.geojson`));
    expect(found?.polygons.flatMap(rulesOf)).toContain("ring-crosses-itself");
  });

  it("but not where parts of a multipolygon overlap", () => {
    const found = kinkCases.find((each) => each.name.endsWith("/multi-polygon.geojson"));
    expect(found?.polygons.flatMap(rulesOf)).toEqual([]);
  });
});

const circle = (count: number, radius: number): Ring =>
  Array.from({ length: count + 1 }, (_, at) => {
    const angle = (2 * Math.PI * (at % count)) / count;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });

const square = (x: number, y: number, side: number): Ring => [
  [x, y],
  [x + side, y],
  [x + side, y + side],
  [x, y + side],
  [x, y],
];

describe("large polygons follow the same rules", () => {
  it.each([399, 400, 401, 402, 100_000])("a ring of %d vertices is valid until two are swapped", (count) => {
    const ring = circle(count, 50);
    expect(rulesOf([ring])).toEqual([]);
    const at = count >> 1;
    const [one, two] = [ring[at] ?? [], ring[at + 1] ?? []];
    expect(rulesOf([ring.with(at, two).with(at + 1, one)])).toContain("ring-crosses-itself");
  });

  it("holes are told inside from outside and from each other", () => {
    const grid = Array.from({ length: 400 }, (_, at) =>
      square((at % 20) - 10, Math.floor(at / 20) - 10, 0.5),
    );
    expect(rulesOf([circle(1000, 50), ...grid])).toEqual([]);
    expect(rulesOf([circle(1000, 50), ...grid, square(60, 0, 1)])).toEqual(["hole-outside"]);
    expect(rulesOf([circle(1000, 50), ...grid, square(0.1, 0.1, 0.1)])).toEqual(["hole-in-hole"]);
  });

  it("edges that no index can tell apart are refused, not looked at for minutes", () => {
    // Teeth along the diagonal: nothing crosses, but all boxes meet.
    const teeth = Array.from({ length: 9000 }, (_, at) => {
      const along = at % 2 === 0 ? 0 : 50;
      return [along - at * 1e-5, along + at * 1e-5];
    });
    expect(rulesOf([[...teeth, [-50, 0], [0, 0]]])).toEqual(["too-tangled"]);
  });
});
