import { expect, it } from "vitest";
import type { Random } from "../../../src/core/random.ts";
import { seededRandom } from "../../../src/core/random.ts";
import type { Box } from "../../../src/zones/index/box-tree.ts";
import { boxTree, searchTree, unitBox } from "../../../src/zones/index/box-tree.ts";

function randomBox(random: Random, sizeDeg: number): Box {
  const [west, south] = [random() * 10, random() * 10];
  return { west, south, east: west + random() * sizeDeg, north: south + random() * sizeDeg };
}

const meets = (a: Box, b: Box) =>
  a.west <= b.east && a.east >= b.west && a.south <= b.north && a.north >= b.south;

function search(boxes: readonly Box[], wanted: Box): number[] {
  const found = new Int32Array(boxes.length);
  return [...found.subarray(0, searchTree(boxTree(boxes), unitBox(wanted), found))].toSorted((a, b) => a - b);
}

it.each([0, 1, 2, 3, 4, 5, 15, 16, 17, 63, 64, 65, 1000, 16_383, 40_000])(
  "a search in %d boxes finds those that meet the wanted one, and none that is metres away",
  (size) => {
    const random = seededRandom(size);
    const boxes = Array.from({ length: size }, () => randomBox(random, random() < 0.1 ? 5 : 0.1));
    for (let i = 0; i < 10; i++) {
      const wanted = randomBox(random, i);
      const expected = [...boxes.keys()].filter((item) => meets(boxes[item] ?? wanted, wanted));
      expect(search(boxes, wanted)).toEqual(expected);
    }
  },
);

it("boxes that only touch meet", () => {
  const box = { west: 1, south: 1, east: 2, north: 2 };
  expect(search([box], { west: 2, south: 2, east: 3, north: 3 })).toEqual([0]);
  expect(search([box], { west: 0, south: 0, east: 1, north: 1 })).toEqual([0]);
});

it("a box without size is found at its place, at any longitude", () => {
  const random = seededRandom(9);
  for (let i = 0; i < 1000; i++) {
    const [lon, lat] = [random() * 720 - 360, random() * 180 - 90];
    const place = { west: lon, south: lat, east: lon, north: lat };
    expect(search([place], place)).toEqual([0]);
  }
});

it("more boxes than there is room for are never a part of them", () => {
  const box = { west: 1, south: 1, east: 2, north: 2 };
  const tree = boxTree(Array.from({ length: 100 }, () => box));
  expect(searchTree(tree, unitBox(box), new Int32Array(100))).toBe(100);
  expect(() => searchTree(tree, unitBox(box), new Int32Array(99))).toThrow(/room/);
});
