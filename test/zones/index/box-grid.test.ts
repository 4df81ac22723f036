import { expect, it } from "vitest";
import type { Random } from "../../../src/core/random.ts";
import { seededRandom } from "../../../src/core/random.ts";
import { ASK_TREE, boxGrid, searchGrid } from "../../../src/zones/index/box-grid.ts";
import type { Box } from "../../../src/zones/index/box-tree.ts";
import { boxTree, searchTree, unitBox } from "../../../src/zones/index/box-tree.ts";
import { between, ofAnyOrder } from "../random-shapes.ts";

function randomBox(random: Random, around: Box, sizeDeg: number): Box {
  const [west, south] = [
    between(random, around.west, around.east),
    between(random, around.south, around.north),
  ];
  return { west, south, east: west + random() * sizeDeg, north: south + random() * sizeDeg };
}

const indexOf = (boxes: readonly Box[]) => {
  const tree = boxTree(boxes);
  return { tree, grid: boxGrid(tree, Int32Array.from(boxes.keys())), found: new Int32Array(boxes.length) };
};

it("answers as the tree does, or leaves the answer to it", () => {
  const random = seededRandom(1);
  const told = { cell: 0, tree: 0 };
  for (let i = 0; i < 400; i++) {
    const world = {
      west: -180 + 10 * random(),
      south: -60,
      east: -180 + ofAnyOrder(random, 11, 360),
      north: 70,
    };
    const sizeDeg = ofAnyOrder(random, 1e-4, 20);
    const boxes = Array.from({ length: 1 + Math.floor(300 * random()) }, () =>
      randomBox(random, world, random() < 0.02 ? 60 : sizeDeg),
    );
    const { tree, grid, found } = indexOf(boxes);
    if (grid === null) continue;
    for (let n = 0; n < 50; n++) {
      const wanted = unitBox(randomBox(random, world, ofAnyOrder(random, 1e-5, 30)));
      const expected = [...found.subarray(0, searchTree(tree, wanted, found))].toSorted((a, b) => a - b);
      const count = searchGrid(grid, wanted, found);
      told[count === ASK_TREE ? "tree" : "cell"]++;
      if (count !== ASK_TREE)
        expect([...found.subarray(0, count)].toSorted((a, b) => a - b)).toEqual(expected);
    }
  }
  expect(told.cell).toBeGreaterThan(5000);
  expect(told.tree).toBeGreaterThan(1000);
});

it("answers at the cells' very edges as the tree does", () => {
  const cellUnits = 2 ** 12;
  const at = (units: number) => units / 2 ** 20;
  const boxes = Array.from({ length: 256 }, (_, i) => {
    const [west, south] = [at((i % 16) * cellUnits), at(Math.floor(i / 16) * cellUnits)];
    return { west, south, east: west, north: south };
  });
  const { tree, grid, found } = indexOf(boxes);
  if (grid === null) throw new Error("no grid over even boxes");
  const half = 2 ** (grid.cellBits - 1);
  let answered = 0;
  for (const [west, width] of [-1, 0, 1, half - 1, half, half + 1, 2 * half].flatMap((start) =>
    [0, 1, half - 1, half, half + 1, 2 * half].map((span) => [start + 5 * cellUnits, span] as const),
  )) {
    const wanted = { west, south: west, east: west + width, north: west + width };
    const expected = new Set(found.slice(0, searchTree(tree, wanted, found)));
    const count = searchGrid(grid, wanted, found);
    if (count === ASK_TREE) continue;
    answered++;
    expect(new Set(found.slice(0, count))).toEqual(expected);
  }
  expect(answered).toBeGreaterThan(20);
});

it("leaves it to the tree where boxes crowd, beyond its cells, and for a place that is no number", () => {
  const crowd = Array.from({ length: 100 }, () => ({ west: 1, south: 1, east: 1.001, north: 1.001 }));
  const { grid, found } = indexOf([...crowd, { west: 8, south: 8, east: 8, north: 8 }]);
  if (grid === null) throw new Error("no grid over few boxes");
  const search = (lon: number, lat: number) =>
    searchGrid(grid, unitBox({ west: lon, south: lat, east: lon, north: lat }), found);
  expect(search(1, 1)).toBe(ASK_TREE);
  expect(search(5, 5)).toBe(0);
  expect(search(-30, 5)).toBe(ASK_TREE);
  expect(search(5, 60)).toBe(ASK_TREE);
  expect(search(Number.NaN, 5)).toBe(ASK_TREE);
  expect(search(5, Number.NaN)).toBe(ASK_TREE);
});

it("leaves boxes that lie over one another to the tree, and is not laid where there are none or one thin row", () => {
  const nested = Array.from({ length: 200 }, () => ({ west: 0, south: 0, east: 9, north: 9 }));
  const { grid, found } = indexOf(nested);
  expect(grid && searchGrid(grid, unitBox({ west: 1, south: 1, east: 1, north: 1 }), found)).toBe(ASK_TREE);
  expect(indexOf([]).grid).toBeNull();
  const row = [0, 50, 100].map((lon) => ({ west: lon, south: 1, east: lon, north: 1 }));
  expect(indexOf(row).grid).toBeNull();
});
