import * as fc from "fast-check";
import { expect, test } from "vitest";
import { PackedCells, packCells, unpackCells } from "../../../src/cli/impact/packed-cells.ts";
import type { Cell } from "../../../src/cli/impact/place-grid.ts";
import { createPlaceGrid, placeOf } from "../../../src/cli/impact/place-grid.ts";
import { distanceFrom, planeAt } from "../../../src/core/plane.ts";

const place = fc.record({
  latDeg: fc.oneof(fc.double({ min: -85, max: 85, noNaN: true }), fc.constantFrom(-90, 90)),
  lonDeg: fc.oneof(fc.double({ min: -180, max: 180, noNaN: true }), fc.constantFrom(-180, 180)),
});
const near = fc.record({
  latDeg: fc.double({ min: 50, max: 50.01, noNaN: true }),
  lonDeg: fc.double({ min: 11, max: 11.01, noNaN: true }),
});
const frames = fc.array(fc.record({ at: fc.oneof(place, near), more: fc.nat(5), less: fc.nat(5) }), {
  maxLength: 200,
});
const sum = (cells: readonly Pick<Cell, "more" | "less">[]) => ({
  more: cells.reduce((all, { more }) => all + more, 0),
  less: cells.reduce((all, { less }) => all + less, 0),
});

test("no frame is lost and none counts twice, however few cells there may be", () => {
  fc.assert(
    fc.property(frames, fc.integer({ min: 1, max: 20 }), (all, maxCells) => {
      const grid = createPlaceGrid(maxCells);
      for (const { at, more, less } of all) grid.add(at, more, less);
      expect(grid.cells().length).toBeLessThanOrEqual(maxCells);
      expect(sum(grid.cells())).toEqual(sum(all));
    }),
  );
});

test("cells of several grids in one: none is lost, and no place of them is another", () => {
  fc.assert(
    fc.property(frames, frames, fc.integer({ min: 1, max: 40 }), (some, others, maxCells) => {
      const grids = [some, others].map((all, i) => {
        const grid = createPlaceGrid(i === 0 ? 5 : 100);
        for (const { at, more, less } of all) grid.add(at, more, less);
        return grid;
      });
      const joined = createPlaceGrid(maxCells);
      const packed = grids.map((grid) =>
        PackedCells.parse(JSON.parse(JSON.stringify(packCells(grid.cells())))),
      );
      for (const cells of packed) for (const cell of unpackCells(cells)) joined.addCell(cell);
      expect(joined.cells().length).toBeLessThanOrEqual(maxCells);
      expect(sum(joined.cells())).toEqual(sum([...some, ...others]));
      const known = new Set(grids.flatMap((grid) => grid.cells().map(({ x, y }) => `${x} ${y}`)));
      expect(joined.cells().filter(({ x, y }) => !known.has(`${x} ${y}`))).toEqual([]);
    }),
  );
});

test("a place is told to within 3 m", () => {
  fc.assert(
    fc.property(place, ({ latDeg, lonDeg }) => {
      fc.pre(Math.abs(latDeg) < 86);
      const grid = createPlaceGrid(1);
      grid.add({ latDeg, lonDeg }, 1, 0);
      const [cell] = grid.cells();
      expect(cell && distanceFrom(planeAt({ latDeg, lonDeg }), placeOf(cell))).toBeLessThan(3);
    }),
  );
});

test("a cell that others wrote beyond the world is left out", () => {
  expect([...unpackCells({ level: 21, steps: [-1, 0, 1, 1, 1, 2 ** 24, 1, 1, 0, -1, 3, 0] })]).toEqual([
    { level: 21, x: 0, y: 2 ** 24 - 1, more: 3, less: 0 },
  ]);
});
