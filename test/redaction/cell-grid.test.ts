import { expect, test } from "vitest";
import { cellGrid, quantise } from "../../src/redaction/cell-grid.ts";

test.each([
  ["black", 0, 8],
  ["just below the second step", 15.999, 8],
  ["at the second step", 16, 24],
  ["white", 255, 248],
  ["below black, as JPEG's coefficients may say", -40, 8],
  ["above white", 300, 248],
])("%s is rounded to the middle of one of sixteen steps", (_, mean, expected) => {
  expect(quantise(mean * 100, 100, 16)).toBe(expected);
});

test("a mean is rounded exactly for pictures of any size", () => {
  const count = 65_535 * 65_535;
  expect(quantise(16 * count - 1, count, 16)).toBe(8);
  expect(quantise(16 * count, count, 16)).toBe(24);
});

test("1280 × 960 has 20 × 15 cells of 64 × 64 by default", () => {
  const grid = cellGrid(1280, 960, 24);
  expect(grid).toMatchObject({ columns: 20, rows: 15, cellWidthPx: 64, cellHeightPx: 64 });
});
