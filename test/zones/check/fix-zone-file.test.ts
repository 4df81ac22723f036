import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { fixZoneFile } from "../../../src/zones/check/fix-zone-file.ts";
import { contentOf, feature, fixture, load, SQUARE, zoneFile } from "../fixtures.ts";

const ring = (SQUARE[0] ?? []).map(([x = 0, y = 0]) => [x, y]);
const withRing = (outline: readonly unknown[], ...holes: readonly unknown[]) =>
  JSON.stringify(zoneFile([feature({}, { type: "Polygon", coordinates: [outline, ...holes] })]), null, 2);

describe("repairs leave the area as it was meant", () => {
  it.each([
    ["closes an open ring", ring.slice(0, 4), { closed: 1, repeated: 0, rewound: 0 }],
    [
      "leaves repetitions out",
      [...ring.slice(0, 2), ...ring.slice(1)],
      { closed: 0, repeated: 1, rewound: 0 },
    ],
    [
      "closes a ring that rounding opened, without a spike",
      [...ring.slice(0, 4), [10.00000004, 50]],
      { closed: 1, repeated: 0, rewound: 0 },
    ],
    ["turns a clockwise shell", ring.toReversed(), { closed: 0, repeated: 0, rewound: 1 }],
    ["leaves a good one alone", ring, { closed: 0, repeated: 0, rewound: 0 }],
  ])("%s", async (_name, outline, repairs) => {
    const fixed = fixZoneFile(withRing(outline));
    expect(fixed?.repairs).toEqual(repairs);
    const [shape] = contentOf(await load(fixed?.text ?? "")).zones[0]?.shapes ?? [];
    expect(new Set(shape?.kind === "polygon" ? pairs(shape.rings[0] ?? []) : [])).toEqual(
      new Set(ring.map(String)),
    );
  });

  it("holes run clockwise", () => {
    const hole = [
      [10.002, 50.002],
      [10.004, 50.002],
      [10.004, 50.004],
      [10.002, 50.002],
    ];
    expect(fixZoneFile(withRing(ring, hole))?.repairs.rewound).toBe(1);
    expect(fixZoneFile(withRing(ring, hole.toReversed()))?.repairs.rewound).toBe(0);
  });

  it("changes nothing else: not a digit, not a blank outside of the ring", () => {
    const text = withRing(ring.slice(0, 4)).replaceAll("10.01", "10.0100").replace("50.01\n", "50.01e0 \n");
    const fixed = fixZoneFile(text)?.text ?? "";
    expect(fixed).toContain("10.0100");
    expect(fixed).toContain("50.01e0 ");
    const lines = new Set(fixed.split("\n"));
    expect(text.split("\n").filter((line) => !lines.has(line))).toEqual([]);
  });

  it("a second run has nothing to do", () => {
    const once = fixZoneFile(withRing(ring.slice(0, 4).toReversed()))?.text ?? "";
    expect(fixZoneFile(once)).toEqual({ text: once, repairs: { closed: 0, repeated: 0, rewound: 0 } });
  });

  it.each([
    "ring-open",
    "ring-crosses-itself",
    "hole-outside",
    "geometry-type--line",
    "position--text",
    "structure--flat-ring",
    "empty",
  ])("%s: what is in doubt stays for a person", async (name) => {
    const text = readFileSync(fixture(`bad/${name}.geojson`), "utf8");
    const { outcome } = await load(fixZoneFile(text)?.text ?? "");
    expect(outcome).toBe(name === "ring-open" ? "loaded" : "refused");
  });

  it("over the antimeridian a ring keeps its direction", () => {
    const outline = [
      [179.9, 0],
      [-179.9, 0],
      [-179.9, 1],
      [179.9, 1],
      [179.9, 0],
    ];
    for (const either of [outline, outline.toReversed()])
      expect(fixZoneFile(withRing(either))?.repairs.rewound).toBe(0);
  });

  it("what is no JSON is left alone", () => {
    expect(fixZoneFile("{")).toBeNull();
  });
});

const pairs = (numbers: ArrayLike<number>) =>
  Array.from({ length: numbers.length / 2 }, (_, i) => `${numbers[2 * i]},${numbers[2 * i + 1]}`);
