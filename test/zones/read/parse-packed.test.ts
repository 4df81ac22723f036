import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packCoordinates } from "../../../src/zones/read/pack-coordinates.ts";
import { parsePacked } from "../../../src/zones/read/parse-packed.ts";

const runs = { numRuns: process.env["SLOW"] ? 20_000 : 1000 };

const packedOf = (coordinates: string) =>
  packCoordinates(Buffer.from(`{"coordinates":${coordinates}}`), '"#"')?.lists ?? null;

/** Rings as lists of positions again, without altitudes, for comparison with `JSON.parse`. */
function unpacked(value: unknown): unknown {
  if (value instanceof Float64Array)
    return Array.from({ length: value.length / 2 }, (_, at) => [value[2 * at], value[2 * at + 1]]);
  return Array.isArray(value) ? value.map(unpacked) : value;
}

const numberText = fc.oneof(
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: -200, max: 200 })
    .map((value) => (/e/.test(`${value}`) ? value.toFixed(20) : JSON.stringify(value))),
  fc
    .tuple(fc.integer({ min: -180, max: 180 }), fc.integer({ min: 0, max: 9_999_999 }))
    .map((parts) => parts.join(".")),
  fc.constantFrom(
    "0",
    "-0",
    "0.0",
    "-0.000001",
    "179.999999999999",
    "123456789012345",
    "1234567890123456789",
  ),
);
const blank = fc.constantFrom("", "", "", " ", "\n\t", "\r\n  ");
const listOf = (item: fc.Arbitrary<string>, minLength: number, maxLength: number) =>
  fc
    .tuple(fc.array(fc.tuple(blank, item, blank), { minLength, maxLength }), blank)
    .map(([items, inside]) => `[${items.map((parts) => parts.join("")).join(",") || inside}]`);
const position = listOf(numberText, 2, 2);
const ring = listOf(position, 1, 6);
const polygon = listOf(ring, 1, 3);
const coordinates = fc.oneof(position, ring, polygon, listOf(polygon, 1, 3));

describe("packed coordinates", () => {
  it("are what JSON.parse reads, to the last bit", () => {
    fc.assert(
      fc.property(coordinates, (text) => {
        expect(unpacked(packedOf(text)?.[0])).toEqual(JSON.parse(text));
      }),
      runs,
    );
  });

  it("never are what JSON.parse does not read", () => {
    const noise = fc.string({ unit: fc.constantFrom(...'[],.-0129eE+ \nN"{}:'.split("")), maxLength: 30 });
    const damaged = fc.tuple(coordinates, fc.nat(), fc.nat(3), noise).map(([text, at, cut, put]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + put + text.slice(start + cut);
    });
    fc.assert(
      fc.property(fc.oneof(damaged, noise), (text) => {
        const bytes = file(`"geometry":{"coordinates":${text}}`);
        const packed = parsePacked(bytes);
        fc.pre(packed !== undefined);
        const [feature] = Object(packed).features;
        const [plain] = Object(JSON.parse(bytes.toString())).features;
        expect(unpacked(feature.geometry.coordinates)).toEqual(withoutAltitudes(plain.geometry.coordinates));
      }),
      runs,
    );
  });

  it.each([
    ["[]"],
    ["[[]]"],
    ["[[1]]"],
    ["[[1,2,3,4]]"],
    ["[[1,2],[3]]"],
    ["[[1,2],3]"],
    ["[[1,null]]"],
    ['[["1",2]]'],
    ["[[1e3,2]]"],
    ["[[1,2],]"],
    ["[[1,,2]]"],
    ["[[01,2]]"],
    ["[[1.,2]]"],
    ["[[.5,2]]"],
    ["[[+1,2]]"],
    ["[[-,2]]"],
    ["[[NaN,2]]"],
    ["[[[[[1,2]]]]]"],
    ["[[1,2]"],
    ["5"],
    ["{}"],
  ])("%s is left to JSON.parse", (text) => {
    expect(packedOf(text)).toBeNull();
  });
});

/** Only rings lose theirs; a single position keeps it. */
function withoutAltitudes(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  const isRing =
    value.length > 0 && value.every((item) => Array.isArray(item) && typeof item[0] === "number");
  return isRing ? value.map(([lon, lat]) => [lon, lat]) : value.map(withoutAltitudes);
}

const file = (feature: string) => Buffer.from(`{"features":[{${feature}}]}`);

describe("a text that could be read in two ways is left to JSON.parse", () => {
  const geometry = '"geometry":{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}';

  it("but an ordinary one is not", () => {
    expect(parsePacked(file(geometry))).toEqual({
      features: [{ geometry: { type: "Polygon", coordinates: [Float64Array.of(1, 2, 3, 4)] } }],
    });
  });

  it.each([
    ["coordinates elsewhere", `"x-old":{"coordinates":[[1,2]]},${geometry}`],
    ["coordinates twice", geometry.replace("{", '{"coordinates":[[[9,9]]],')],
    ["a geometry twice", `${geometry},${geometry}`],
    ["a name twice", `"id":1,"id":2,${geometry}`],
    ["a name twice, once escaped", `"id":1,"i\\u0064":2,${geometry}`],
    ["a name twice, ending in a backslash", `"a\\\\":1,"a\\\\":2,${geometry}`],
    ["a syntax error", `${geometry},`],
  ])("%s", (_name, feature) => {
    expect(parsePacked(file(feature))).toBeUndefined();
  });

  it.each([
    ["a name with an escaped quote", String.raw`"x-a":"\"coordinates\":[[1,2]]",` + geometry],
    ["a name at the end of a string", String.raw`"x-a":"\"coordinates","x-b":1,` + geometry],
    ["a value", `"x-a":"coordinates",${geometry}`],
    ["a name with a blank before its colon", geometry.replace('"coordinates":', '"coordinates" \n : ')],
  ])("the name of the member may stand in %s", (_name, feature) => {
    const parsed = parsePacked(file(feature));
    const [read] = Object(parsed ?? JSON.parse(file(feature).toString())).features;
    expect(unpacked(read.geometry.coordinates)).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
    ]);
  });
});
