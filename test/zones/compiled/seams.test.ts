import { describe, expect, test } from "vitest";
import { tableOf } from "../../../src/zones/compiled/area-table.ts";
import { checkSense } from "../../../src/zones/compiled/check-sense.ts";
import { compiledZoneSet } from "../../../src/zones/compiled/compiled-zone-set.ts";
import { AT, ENTRY_BYTES } from "../../../src/zones/compiled/layout.ts";
import { seamless } from "../../../src/zones/index/seamless.ts";
import { indexAreas } from "../../../src/zones/index/zone-index.ts";
import type { Coverage, Shape, ZoneSetContent } from "../../../src/zones/zone.ts";
import { zoneOf } from "../../gate/scene.ts";
import { rectangle } from "../random-shapes.ts";
import { aligned, bytesOf, resealed } from "./sets.ts";

const drawn = (...shapes: readonly Shape[]): readonly Coverage[] =>
  shapes.map((shape, i) => ({ kind: "coverage", id: `c${i}`, shapes: [shape] }));

const WEST = rectangle(0, 0, 1, 1);
const EAST = rectangle(1, 0, 2, 1);
const APART = [rectangle(10, 0, 11, 1), rectangle(11, 0, 12, 1)];

/** Whether a set makes sense in which the area that nobody drew is this one. */
function makesSense(coverage: readonly Coverage[], undrawn: readonly Shape[]): boolean {
  const zones = [zoneOf("z", [rectangle(5, 5, 5.01, 5.01)])];
  const rules = [{ standoffM: 25, viewM: 0, isPlain: true, isDrop: true }];
  const index = indexAreas([...coverage, { shapes: undrawn }], []);
  try {
    checkSense(
      { table: tableOf(zones), index: indexAreas(zones, rules) },
      { table: tableOf(coverage), index },
      { table: tableOf([]), index: indexAreas([], []) },
    );
    return true;
  } catch (error) {
    expect(String(error)).toMatch(/contradict/);
    return false;
  }
}

describe("what a compiled set has as covered across seams", () => {
  const countries = drawn(WEST, EAST, ...APART);
  const [one, other] = seamless(countries.flatMap(({ shapes }) => shapes)) as readonly [Shape, Shape];
  const around = (shape: Shape) => (shape.kind === "polygon" ? shape.rings : []);

  test("is what its areas are without these, in any order, wherever its rings begin", () => {
    expect(makesSense(countries, [one, other])).toBe(true);
    expect(makesSense(countries, [other, one])).toBe(true);
    const begun: Shape = {
      kind: "polygon",
      rings: [Float64Array.of(1, 0, 2, 0, 2, 1, 1, 1, 0, 1, 0, 0, 1, 0)],
    };
    expect(makesSense(drawn(WEST, EAST), [begun])).toBe(true);
    expect(makesSense(drawn(WEST, APART[0] as Shape), [])).toBe(true);
  });

  test.each<[string, readonly Shape[]]>([
    ["missing", []],
    ["missing in part", [one]],
    ["there twice", [one, other, one]],
    ["there in one piece", [{ kind: "polygon", rings: [...around(one), ...around(other)] }]],
    ["another area's", [one, WEST]],
    ["larger", [one, rectangle(10, 0, 12, 1.1)]],
    ["all the world's", [one, other, rectangle(-180, -80, 180, 80)]],
    ["a circle", [one, other, { kind: "circle", latDeg: 30, lonDeg: 30, radiusM: 1000 }]],
  ])("makes no sense where it is %s", (_, undrawn) => {
    expect(makesSense(countries, undrawn)).toBe(false);
  });

  test("makes no sense where no area is drawn", () => {
    expect(makesSense([], [WEST])).toBe(false);
  });

  test("makes no sense in a file of which any vertex was moved", () => {
    const zones = [zoneOf("z", [rectangle(5, 5, 5.01, 5.01)])];
    const times = { issuedMs: 0, expiresMs: 1e13, hash: "00".repeat(32) };
    const content: ZoneSetContent = { zones, coverage: countries, regions: [], ...times };
    const whole = bytesOf(content);
    const entry = AT.table + ENTRY_BYTES * DECIMALS_OF_COVERAGE;
    const [offset, length] = [whole.readDoubleLE(entry), whole.readDoubleLE(entry + 8)];
    expect(compiledZoneSet(whole).coverage.map(({ id }) => id)).toEqual(["c0", "c1", "c2", "c3"]);
    expect(length).toBe(8 * (4 * 5 + 2 * 7));
    for (let at = offset; at < offset + length; at += 4) {
      for (const by of [-1, 1]) {
        const bytes = aligned(whole);
        bytes.writeInt32LE(bytes.readInt32LE(at) + by, at);
        expect(() => compiledZoneSet(resealed(bytes))).toThrow(/contradict/);
      }
    }
  });
});

/** Behind three sections of a table and eight of an index of the zones, three of a table, and three of the index. */
const DECIMALS_OF_COVERAGE = 3 + 8 + 3 + 3;
