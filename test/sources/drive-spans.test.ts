import { expect, test } from "vitest";
import { driveSpans } from "../../src/sources/drive-spans.ts";

const at = (...times: readonly number[]) => times.map((timeMs) => ({ timeMs, quality: "none" }) as const);

test.each<[string, readonly number[], readonly (readonly [number, number])[]]>([
  ["nothing", [], []],
  ["one report", [5], [[5, 5]]],
  ["a silence as long as the bound", [0, 100], [[0, 100]]],
  [
    "a silence over the bound",
    [0, 101, 150],
    [
      [0, 0],
      [101, 150],
    ],
  ],
  [
    "reports out of order",
    [150, 0, 101],
    [
      [0, 0],
      [101, 150],
    ],
  ],
])("%s", (_, times, spans) => {
  expect(driveSpans(at(...times), 100).map(({ startMs, endMs }) => [startMs, endMs])).toEqual(spans);
});
